"""A file inside an archive, as the readers of .zip and .tar hand it on."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from corpusmill.ingest.rows import Rejected

_LONGEST_PATH = 4096
"""Linux takes no longer one (PATH_MAX)."""
_NOT_IN_PATHS = re.compile("[\x00-\x1f\x7f\\\\\ud800-\udfff]")


@dataclass(slots=True)
class Entry:
    """One regular file. `offset` and `length`: bytes of a .zip, or of a .tar before it was compressed."""

    path: str
    """Relative, without dots and doubled slashes."""
    offset: int
    length: int
    size: int
    """Its bytes; for a .zip as the archive says."""
    data: bytes | bytearray | None
    """None where it is not wanted or larger than the limit."""


Wants = Callable[[str], bool]
"""Whether the file at a path is to be read."""
Entries = Iterator[Entry | Rejected | None]
"""None for each link, device and the like, which are no files; folders are left out."""
Reader = Callable[[BinaryIO, Wants, int], Entries]
"""Reads an archive from its start: of what is wanted, files of at most so many bytes."""


def inner_path(name: str) -> str | None:
    """A name in an archive as a path below the archive; None where it leads out of it, or could be meant to."""
    if len(name) > _LONGEST_PATH or _NOT_IN_PATHS.search(name):
        return None
    path = PurePosixPath(name)
    return None if path.is_absolute() or ".." in path.parts or not path.name or name[1:2] == ":" else str(path)


def no_path(offset: int, name: str) -> Rejected:
    """The rejected record for a name that is no path below the archive."""
    shown = name[:100].encode("ascii", "backslashreplace").decode()
    return Rejected(offset, f"path: {shown}")
