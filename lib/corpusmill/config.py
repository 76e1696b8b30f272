"""TOML files and `section.key=value` overrides become one Config; what is wrong is one line that names the nearest right word."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from corpusmill.errors import ConfigError
from corpusmill.nearest import nearest
from corpusmill.settings import Config

_TAG = "kind"
"""The key that says which of several models stands there."""


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
    keys, _ = _follow(first["loc"])
    where = ".".join(keys)
    if first["type"] == "extra_forbidden":
        text = f"unknown key '{where}', {nearest(keys[-1], _keys_of(_follow(first['loc'][:-1])[1]))}"
    elif first["type"] == "value_error":
        text = f"'{where}': {first['ctx']['error']}"
    elif first["type"] == "missing":
        text = f"'{where}' is missing"
    elif first["type"] in ("union_tag_invalid", "union_tag_not_found"):
        tags = [tag for model in _follow(first["loc"])[1] for tag in _tags(model)]
        given = first.get("ctx", {}).get("tag")
        text = (
            f"'{where}.{_TAG}' is missing, {nearest('', tags)}" if given is None else f"'{where}.{_TAG}': {given!r}, {nearest(given, tags)}"
        )
    else:
        text = f"'{where}': {first['msg'][0].lower()}{first['msg'][1:]}, got {first['input']!r}"
    return text if len(problems) == 1 else f"{text} (and {len(problems) - 1} more)"


def _takes_text(location: tuple[str, ...]) -> bool:
    """Whether the setting at `location` is a text or a list of texts."""
    models: list[Any] = [Config]
    annotation: Any = None
    for part in location:
        field = _field(models, part)
        annotation = field.annotation if field else None
        models = _models_in(annotation)
    return annotation is str or str in get_args(annotation)


def _follow(location: tuple[int | str, ...]) -> tuple[list[str], list[Any]]:
    """The keys that lead to `location` as a user counts and writes them, and the settings models that may stand there.

    Where one of several models stands, pydantic puts its tag into the location, which is no key.
    """
    keys: list[str] = []
    models: list[Any] = [Config]
    for part in location:
        if isinstance(part, int):
            keys.append(str(part + 1))
        elif len(models) > 1:
            models = [model for model in models if part in _tags(model)]
        else:
            keys.append(part)
            field = _field(models, part)
            models = _models_in(field.annotation) if field else []
    return keys, models


def _field(models: list[Any], name: str) -> Any:  # noqa: ANN401 - a field of any type
    """The field of the one model that has this name or alias."""
    fields = models[0].model_fields if models else {}
    return fields.get(name) or next((field for field in fields.values() if field.alias == name), None)


def _keys_of(models: list[Any]) -> list[str]:
    """The keys that settings models know."""
    return [field.alias or name for model in models for name, field in model.model_fields.items()]


def _tags(model: Any) -> tuple[str, ...]:  # noqa: ANN401 - a class of pydantic's
    """The texts by which one of several models is chosen."""
    return get_args(model.model_fields[_TAG].annotation)


def _models_in(annotation: Any) -> list[Any]:  # noqa: ANN401 - annotations are of no common type
    """The settings models inside tuple[Model, ...], Model | None or Model | Other."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]
