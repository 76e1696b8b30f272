"""Archives of source code, .zip and .tar: each file of a known language is a document, with its language, licence and path."""

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from corpusmill.ingest.entries import Entry, Reader
from corpusmill.ingest.identity import native_id
from corpusmill.ingest.languages import language_of
from corpusmill.ingest.licences import LOOKED_AT, Licences, recognise, spdx_line
from corpusmill.ingest.media import extract_text
from corpusmill.ingest.rows import Item, Others, Record, Rejected
from corpusmill.ingest.tar_entries import tar_entries
from corpusmill.ingest.zip_entries import zip_entries
from corpusmill.settings import IngestSettings

_LICENCE_FILE = re.compile(r"(?:[a-z0-9]+[-_])?(?:un)?(?:licen[cs]e|copying)(?:[-_.].*)?", re.IGNORECASE)
_PROSE = (None, "Markdown", "reStructuredText")
_MOST_FOLDERS = 100_000
"""Folders with a licence of their own whose licence is remembered."""
_BINARY_BYTES = 8000
"""git takes a file for binary that has a NUL in so many bytes (its xdiff-interface.c)."""
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""UTF-16 has NULs and is text."""


def read_code(file: BinaryIO, name: str, settings: IngestSettings) -> Iterator[Item]:
    """The source files of an archive. Links, devices and files of no known language count as others."""
    start = file.read(4)
    is_zip = start[:2] == b"PK" or name.lower().endswith(".zip")
    entries: Reader = zip_entries if is_zip else partial(tar_entries, name=name)
    archive = _Archive(name, settings, _licences(file, entries, settings.max_record_bytes))
    others = 0
    for entry in entries(file, lambda path: language_of(path) is not None, settings.max_record_bytes):
        item = archive.document(entry) if isinstance(entry, Entry) else entry
        if item is None:
            others += 1
        else:
            yield item
    yield Others(others)


def _licences(file: BinaryIO, entries: Reader, limit: int) -> dict[str, str | None]:
    """The licence of each folder that has a LICENSE file, None where it is not recognised: several all hold.

    The archive is read a first time for it, for a licence may come after what it is of.
    """
    found: dict[str, str | None] = {}
    for entry in entries(file, _is_licence, limit):
        if not isinstance(entry, Entry) or entry.data is None or len(found) >= _MOST_FOLDERS:
            continue
        folder = entry.path.rpartition("/")[0]
        licence = recognise(entry.data.decode("utf-8", "replace"))
        known = [expression for expression in (found.get(folder), licence) if expression]
        found[folder] = " AND ".join(dict.fromkeys(known)) or None
    return found


def _is_licence(path: str) -> bool:
    return bool(_LICENCE_FILE.fullmatch(path.rpartition("/")[2])) and language_of(path) in _PROSE


class _Archive:
    """Makes documents of the files of one archive."""

    def __init__(self, name: str, settings: IngestSettings, folders: dict[str, str | None]) -> None:
        self._name = name
        self._settings = settings
        self._folders = folders
        self._allowed = Licences(settings.licenses)

    def document(self, entry: Entry) -> Record | Rejected | None:
        """The document of a file; None where its language is not known."""
        language = language_of(entry.path)
        if language is None:
            return None
        if entry.data is None:
            return Rejected(entry.offset, f"too_large: {entry.size:,} bytes")
        if b"\0" in entry.data[:_BINARY_BYTES] and not entry.data.startswith(_WIDE_MARKS):
            return Rejected(entry.offset, f"type: binary, {entry.path[:200]}")
        text, extraction = extract_text(entry.data, "text/plain", self._settings)
        licence = spdx_line(text[:LOOKED_AT].decode("utf-8", "replace")) or self._inherited(entry.path)
        if refused := self._allowed.refuse(licence):
            return Rejected(entry.offset, refused)
        attributes = {"language": language, "path": entry.path} | ({"licence": licence} if licence else {})
        return Record(
            native_id(self._settings.source or self._settings.snapshot, f"{self._name}/{entry.path}"),
            entry.offset,
            entry.length,
            text,
            extraction,
            domain=self._settings.domain_or("code"),
            attributes=attributes,
        )

    def _inherited(self, path: str) -> str | None:
        """The licence of the nearest folder above that has one, recognised or not."""
        while path:
            path = path.rpartition("/")[0]
            if path in self._folders:
                return self._folders[path]
        return None
