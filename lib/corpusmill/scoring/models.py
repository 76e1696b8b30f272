"""Where models are: `models/<name>` under store.files holds what was trained, each under its digest; `current.json` names the one in use."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from corpusmill.errors import InputError, NotReadyError, StoreError
from corpusmill.files import is_local, publish_file, read_file, staging_file, write_file
from corpusmill.paths import exists, filesystem, fsspec_path, join_path
from corpusmill.settings import ModelSettings, ScoreSettings, Settings

_FOLDER = "models"
_BLOCK = 1 << 20


class CurrentModel(Settings):
    """A model and what it was made from."""

    kind: str
    path: str
    """A file or folder: under store.files where this package made it, else as the user gave it."""
    sha256: str
    """Of the file's content; of a folder, over the names and digests of its files."""
    about: dict[str, Any] = Field(default_factory=dict)
    """What its training says of it: tables with their versions, held-out measures, calibration."""


def find_model(files: str, settings: ModelSettings, trained_by: str) -> CurrentModel:
    """The user's model, else the one that was trained under this name; its path is absolute.

    Raises InputError where the user's is not there, NotReadyError where nothing was trained.
    """
    if settings.model:
        return CurrentModel(kind=settings.kind, path=fsspec_path(settings.model), sha256=digest_of(settings.model))
    current = _current_path(files, settings.name)
    if not exists(current):
        raise NotReadyError(f"there is no model {settings.name!r}: run {trained_by} first, or set its model to a file of yours")
    try:
        found = CurrentModel.model_validate_json(read_file(current))
    except ValidationError as error:
        raise StoreError(f"{current} is damaged: run {trained_by} with pipeline.force=true") from error
    if found.kind != settings.kind:
        raise NotReadyError(f"model {settings.name!r} is of kind {found.kind}, the recipe wants {settings.kind}: run {trained_by} first")
    return found.model_copy(update={"path": join_path(files, found.path)})


def store_model(files: str, settings: ScoreSettings, made: Path, about: Mapping[str, Any]) -> CurrentModel:
    """Move a model (a local file or folder) under store.files, then make it the current one of its name in one step."""
    digest = digest_of(str(made))
    path = f"{_FOLDER}/{settings.name}/{digest[:16]}" + ("" if made.is_dir() else made.suffix)
    for file in _files_of(str(made)):
        below = file.removeprefix(str(made))
        target = join_path(files, path) + below
        staged = staging_file(target.rpartition("/")[0])
        shutil.copyfile(file, staged)
        publish_file(staged, target)
    current = CurrentModel(kind=settings.kind, path=path, sha256=digest, about=dict(about))
    write_file(_current_path(files, settings.name), json.dumps(current.model_dump(), sort_keys=True, indent=1).encode())
    return current


def local_model(model: CurrentModel) -> Path:
    """Where this machine has the model: it is fetched once from object storage. Raises InputError where it is not there."""
    if is_local(model.path):
        return Path(filesystem(model.path)[1])
    kept = Path(tempfile.gettempdir()) / "corpusmill-models" / model.sha256
    for file in _files_of(model.path):
        below = file.removeprefix(filesystem(model.path)[1]).lstrip("/") or Path(file).name
        if not (kept / below).exists():
            staged = staging_file(str(kept))
            filesystem(model.path)[0].get_file(file, str(staged))
            publish_file(staged, str(kept / below))
    return kept if filesystem(model.path)[0].isdir(filesystem(model.path)[1]) else kept / Path(model.path).name


def digest_of(path: str) -> str:
    """sha256 of a file; of a folder, over the names and digests of its files. Raises InputError where there is nothing."""
    found, inner = filesystem(path)
    names = _files_of(path)
    digests = {name.removeprefix(inner): _file_digest(found, name) for name in names}
    if names == [inner]:
        return digests[""]
    return hashlib.sha256("\n".join(f"{name}\t{digest}" for name, digest in sorted(digests.items())).encode()).hexdigest()


def _files_of(path: str) -> list[str]:
    found, inner = filesystem(path)
    if not found.exists(inner):
        raise InputError(f"there is no model {path}")
    return sorted(str(name) for name in found.find(inner))


def _file_digest(found: Any, name: str) -> str:  # noqa: ANN401 - fsspec has no types
    digest = hashlib.sha256()
    with found.open(name, "rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _current_path(files: str, name: str) -> str:
    return join_path(files, _FOLDER, name, "current.json")
