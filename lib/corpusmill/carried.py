"""Bytes on their way from the driver to the executors: inside a stage while they are few, else through a file."""

import hashlib
from typing import Self

from corpusmill.files import read_file, write_file
from corpusmill.paths import join_path
from corpusmill.settings import Settings

LARGEST_CARRIED = 64 * 2**20
"""Bytes that travel inside a stage: Connect takes plans of up to 128 MB. More go through a file."""


class Carried(Settings):
    """The bytes, or where they are."""

    data: bytes = b""
    path: str = ""

    @classmethod
    def pack(cls, data: bytes, folder: str, suffix: str) -> Self:
        """Keep `data`, or write them below `folder` (where every executor can read) under their digest and this suffix."""
        if len(data) <= LARGEST_CARRIED:
            return cls(data=data)
        path = join_path(folder, f"{hashlib.sha256(data).hexdigest()[:16]}{suffix}")
        write_file(path, data)
        return cls(path=path)

    def content(self) -> bytes:
        """What was packed."""
        return read_file(self.path) if self.path else self.data
