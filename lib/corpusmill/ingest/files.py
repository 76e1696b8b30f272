"""ingest.paths as a list of files: globs and folders expanded, each file with its size and a tag that changes when it does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import xxhash

from corpusmill.errors import InputError
from corpusmill.files import is_local
from corpusmill.ingest.formats import base_name, find_reader
from corpusmill.paths import filesystem, hadoop_path

_EDGE = 1_000_000
"""Without a store's ETag, a file's first and last MB are hashed."""


@dataclass(frozen=True)
class InputFile:
    """A file to ingest."""

    path: str
    name: str
    """Base name: what the tables call it, and what may not repeat."""
    bytes: int
    etag: str


def list_files(paths: Sequence[str], format_: str) -> list[InputFile]:
    """The files that `paths` name, by base name.

    Raises InputError for a path that names nothing, two paths of one base name, and a file of no known format.
    """
    return [_describe(path) for path in list_paths(paths, format_)]


def list_paths(paths: Sequence[str], format_: str) -> list[str]:
    """Where these files are, in the same order, none of them opened. Raises InputError as `list_files` does."""
    found: dict[str, str] = {}
    for path in paths:
        for file in _expand(path):
            name = base_name(file)
            if found.setdefault(name, file) != file:
                raise InputError(f"{found[name]} and {file} have one base name, which the tables know files by: rename one")
            find_reader(name, format_)
    return [found[name] for name in sorted(found)]


def _expand(path: str) -> Iterable[str]:
    files, inner = filesystem(path)
    # fsspec keeps listings; a crawl that grew since must be seen.
    files.invalidate_cache()
    if files.isdir(inner):
        names = [name for name in sorted(files.find(inner)) if not _is_hidden(name.removeprefix(inner))]
    elif files.exists(inner):
        names = [inner]
    else:
        names = [name for name in sorted(files.glob(inner)) if not files.isdir(name)] if any(c in inner for c in "*?[") else []
    if not names:
        raise InputError(f"ingest.paths: there is no file {path}")
    return names if is_local(path) else [hadoop_path(files.unstrip_protocol(name)) for name in names]


def _is_hidden(below: str) -> bool:
    """What Spark leaves out of a folder too: _SUCCESS, .crc and their like."""
    return any(part.startswith(("_", ".")) for part in PurePosixPath(below).parts)


def _describe(path: str) -> InputFile:
    files, name = filesystem(path)
    details = files.info(name)
    size = int(details["size"])
    etag = str(details.get("ETag") or details.get("etag") or "").strip('"')
    return InputFile(path, base_name(path), size, etag or _edges_digest(files, name, size))


def _edges_digest(files: Any, name: str, size: int) -> str:  # noqa: ANN401 - fsspec has no types
    """32 hex characters of the size and the first and last MB; never the time of change, which copies do not keep."""
    digest = xxhash.xxh3_128(str(size).encode())
    with files.open(name, "rb") as file:
        digest.update(file.read(_EDGE))
        if size > _EDGE:
            file.seek(max(_EDGE, size - _EDGE))
            digest.update(file.read(_EDGE))
    return str(digest.hexdigest())
