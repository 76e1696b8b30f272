"""The files in a .zip: found by its directory at the end; nothing is decompressed that is larger than it says."""

import struct
import zipfile
import zlib
from typing import BinaryIO, cast

from corpusmill.ingest.content import BrokenMemberError
from corpusmill.ingest.entries import Entries, Entry, Wants, inner_path, no_path
from corpusmill.ingest.rows import Rejected

_DIRECTORY_BYTES = 64 * 2**20
"""A directory is held whole, in ten times its bytes; 400,000 files have 40 MB."""
_LOCAL_HEADER = 30
_ENCRYPTED = 1
_LINK = 0o120000
_READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Python bounds the output of these two alone."""
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, ValueError)


class _Bounded:
    """A file of which a claimed size cannot make us read more than so many bytes at once."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._file = file
        self._most = most
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable

    def read(self, size: int = -1) -> bytes:
        """As a file does. Raises BadZipFile for more."""
        if size > self._most:
            raise zipfile.BadZipFile(f"{size:,} bytes of directory or data at once")
        return self._file.read(size)


def zip_entries(file: BinaryIO, wants: Wants, limit: int) -> Entries:
    """The files of a .zip in the order in which they lie there, and a rejected record for what cannot be read."""
    try:
        archive = zipfile.ZipFile(cast(BinaryIO, _Bounded(file, max(_DIRECTORY_BYTES, limit))))
    except _BROKEN as error:
        yield Rejected(0, f"broken_record: zip: {_said(error)}")
        return
    if not archive.filelist and archive.start_dir:
        yield Rejected(0, "broken_record: zip: its directory names no files, and there are bytes before it")
    end = 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if info.filename.endswith("/"):
            continue
        # Files that share their bytes make a small archive as large as one likes (David Fifield, "A better zip bomb", 2019).
        if info.header_offset < end:
            yield Rejected(max(info.header_offset, 0), "broken_record: zip: it lies outside or overlaps another file")
            continue
        end = info.header_offset + _LOCAL_HEADER + info.compress_size
        yield _entry(archive, info, wants, limit)


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, wants: Wants, limit: int) -> Entry | Rejected | None:
    offset = info.header_offset
    if info.external_attr >> 16 & 0o170000 == _LINK:
        return None
    path = inner_path(info.filename)
    if path is None:
        return no_path(offset, info.filename)
    data = None
    if wants(path) and info.file_size <= limit:
        if info.flag_bits & _ENCRYPTED:
            return Rejected(offset, "coding: encrypted")
        if info.compress_type not in _READ:
            return Rejected(offset, f"coding: zip method {info.compress_type}")
        try:
            with archive.open(info) as opened:
                data = opened.read(info.file_size)
            if len(data) < info.file_size:
                raise BrokenMemberError(f"it ends after {len(data):,} of {info.file_size:,} bytes")
        except (BrokenMemberError, *_BROKEN) as error:
            return Rejected(offset, f"broken_record: zip: {_said(error)}")
    return Entry(path, offset, info.compress_size, info.file_size, data)


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200].encode("ascii", "backslashreplace").decode()
