"""Which chunk each file belongs to: a file keeps its chunk, new files are packed into new ones."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from corpusmill.errors import InputError
from corpusmill.ingest.files import InputFile


@dataclass(frozen=True)
class Ingested:
    """A file as `inputs` holds it."""

    name: str
    chunk: int
    bytes: int
    etag: str


@dataclass(frozen=True)
class Chunk:
    """The files that are written and resumed as one, by base name."""

    number: int
    files: tuple[InputFile | Ingested, ...]
    """An InputFile where ingest.paths names it now; else as it was ingested."""

    def fingerprint(self) -> str:
        """sha256 of the names, sizes and etags."""
        return hashlib.sha256("\n".join(f"{file.name}\t{file.bytes}\t{file.etag}" for file in self.files).encode()).hexdigest()

    def paths(self) -> list[str]:
        """Where its files are. Raises InputError naming those that ingest.paths does not name now."""
        absent = [file.name for file in self.files if isinstance(file, Ingested)]
        if absent:
            shown = ", ".join(absent[:5]) + (f" and {len(absent) - 5:,} more" if len(absent) > 5 else "")
            raise InputError(
                f"chunk {self.number} has to be read again: add its other files to ingest.paths, or set ingest.replace=true: {shown}"
            )
        return [file.path for file in self.files if isinstance(file, InputFile)]

    def bytes(self) -> int:
        """The size of its files."""
        return sum(file.bytes for file in self.files)


def plan_chunks(present: Sequence[InputFile], ingested: Sequence[Ingested], chunk_bytes: int) -> list[Chunk]:
    """All chunks of a snapshot, by number.

    `present`: the files that ingest.paths names, each base name once. `ingested`: those of `inputs`. A chunk holds at least one file, and
    beyond that at most `chunk_bytes` when it is opened. Files are packed in order of name, so that a run that broke off after some chunks
    packs the rest as before.
    """
    now = {file.name: file for file in present}
    chunks: dict[int, list[InputFile | Ingested]] = {}
    for before in ingested:
        chunks.setdefault(before.chunk, []).append(now.get(before.name, before))
    known = {before.name for before in ingested}
    number = max(chunks, default=-1)
    room = 0
    for file in sorted((file for file in present if file.name not in known), key=lambda file: file.name):
        if room <= 0 or file.bytes > room:
            number += 1
            chunks[number] = []
            room = chunk_bytes
        chunks[number].append(file)
        room -= file.bytes
    return [Chunk(number, tuple(sorted(files, key=lambda file: file.name))) for number, files in sorted(chunks.items())]


def is_contradicted(chunks: Sequence[Chunk], ingested: Sequence[Ingested]) -> bool:
    """Whether a file is no longer what was ingested."""
    before = {file.name: (file.bytes, file.etag) for file in ingested}
    return any(before.get(file.name) not in (None, (file.bytes, file.etag)) for chunk in chunks for file in chunk.files)
