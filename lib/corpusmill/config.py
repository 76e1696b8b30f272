"""TOML files and `section.key=value` overrides become one Config; what is wrong is one line that names the nearest right word."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from corpusmill.errors import ConfigError
from corpusmill.nearest import nearest
from corpusmill.settings import Config


def load_config(files: Sequence[str], overrides: Sequence[str]) -> Config:
    """Merge `files` in order, later ones winning key by key, then apply `overrides`.

    Raises ConfigError naming file or override, the key and what it must be.
    """
    merged: dict[str, Any] = {}
    for name in files:
        _merge(merged, _read_toml(Path(name)))
    for override in overrides:
        _merge(merged, _parse_override(override))
    try:
        return Config.model_validate(merged)
    except ValidationError as error:
        raise ConfigError(_explain(error)) from None


def is_override(argument: str) -> bool:
    """Whether a command-line word has the form `section.key=value`."""
    key, equals, _ = argument.partition("=")
    return bool(equals) and "." in key and not argument.startswith("-")


def _read_toml(path: Path) -> dict[str, Any]:
    """Raises ConfigError where there is no such file, or it is no TOML."""
    if not path.is_file():
        raise ConfigError(f"--conf {path}: there is no such file")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from None


def _parse_override(override: str) -> dict[str, Any]:
    """`a.b=3` as {"a": {"b": 3}}; a value that is no TOML is a text. Below `spark.` the rest is one key of Spark's."""
    key, equals, raw = override.partition("=")
    section, dot, name = key.partition(".")
    if not (equals and dot and section and name):
        raise ConfigError(f"'{override}': write section.key=value, for example ingest.paths=crawl.warc.gz")
    if section == "spark":
        return {"spark": {key: raw}}
    try:
        value = tomllib.loads(f"value = {raw}")["value"]
    except tomllib.TOMLDecodeError:
        value = raw
    # A snapshot named 2024-10-01 is a text, whatever TOML makes of it.
    if _takes_text((section, *name.split("."))) and not isinstance(value, str | list):
        value = raw
    nested: Any = value
    for part in reversed(name.split(".")):
        nested = {part: nested}
    return {section: nested}


def _merge(into: dict[str, Any], new: dict[str, Any]) -> None:
    for key, value in new.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _explain(error: ValidationError) -> str:
    """The first problem, in the user's words; how many more there are."""
    problems = error.errors(include_url=False)
    first = problems[0]
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = _keys_at(first["loc"][:-1])
        text = f"unknown key '{where}', {nearest(str(first['loc'][-1]), known)}"
    elif first["type"] == "missing":
        text = f"'{where}' is missing"
    else:
        text = f"'{where}': {first['msg'][0].lower()}{first['msg'][1:]}, got {first['input']!r}"
    return text if len(problems) == 1 else f"{text} (and {len(problems) - 1} more)"


def _takes_text(location: tuple[str, ...]) -> bool:
    """Whether the setting at `location` is a text or a list of texts."""
    model: Any = Config
    annotation: Any = None
    for part in location:
        field = model.model_fields.get(part) if model else None
        annotation = field.annotation if field else None
        model = _model_in(annotation)
    return annotation is str or str in get_args(annotation)


def _keys_at(location: tuple[int | str, ...]) -> list[str]:
    """The keys that the settings model at `location` knows."""
    model: Any = Config
    for part in location:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part) or next((f for f in model.model_fields.values() if f.alias == part), None)
        model = _model_in(field.annotation) if field else None
        if model is None:
            return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> Any:  # noqa: ANN401 - annotations are of no common type
    """The settings model inside tuple[Model, ...] or Model | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
