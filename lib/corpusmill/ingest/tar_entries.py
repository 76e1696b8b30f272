"""The files in a .tar, plain, gzip or zstd, read forward once; after a broken header reading goes on at the next one."""

import re
import tarfile
from collections.abc import Iterator
from typing import BinaryIO

from corpusmill.ingest.content import BLOCK, BrokenMemberError, Content
from corpusmill.ingest.entries import Entries, Entry, Wants, inner_path, no_path
from corpusmill.ingest.members import members
from corpusmill.ingest.rows import Rejected

_UNIT = tarfile.BLOCKSIZE
_LONGEST_HEADER = 1_048_576
"""A longer extended header is passed over; a path has a few hundred bytes."""
_SIZE = re.compile(r"[0-9]{1,18}")
_EXTENDED = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME)
_ABOUT_OTHERS = (tarfile.XGLTYPE, tarfile.GNUTYPE_LONGLINK)
_WITHOUT_DATA = (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE)


def tar_entries(file: BinaryIO, wants: Wants, limit: int, name: str) -> Entries:
    """The files of a .tar of base name `name` in order, and a rejected record for what cannot be read."""
    file.seek(0)
    content = Content(0, _decompressed(file, name), file.tell)
    try:
        yield from _entries(content, wants, limit)
    except BrokenMemberError as error:
        yield Rejected(content.position, f"broken_record: tar: {error}")


def _entries(content: Content, wants: Wants, limit: int) -> Entries:
    said: dict[str, str] = {}
    lost = False
    while not content.ended():
        offset = content.position
        block = bytes(content.read(_UNIT))
        if not block.strip(b"\0"):
            continue
        header = _header(block)
        if header is None:
            # Once for a whole stretch: what follows it are blocks of a file.
            if not lost:
                yield Rejected(offset, "broken_record: tar: there is no header here")
            said, lost = {}, True
            continue
        lost = False
        if header.type in _EXTENDED:
            said |= _extended(content, header)
        elif header.type in _ABOUT_OTHERS:
            content.skip(_padded(header.size))
        else:
            if header.type != tarfile.DIRTYPE:
                yield _entry(content, header, said, offset, wants, limit)
            said = {}


def _entry(
    content: Content, header: tarfile.TarInfo, said: dict[str, str], offset: int, wants: Wants, limit: int
) -> Entry | Rejected | None:
    """Reads the data, or passes over it. Raises BrokenMemberError."""
    size = int(said["size"]) if _SIZE.fullmatch(said.get("size", "")) else header.size
    if header.type in _WITHOUT_DATA:
        return None
    name = said.get("path", header.name)
    path = inner_path(name)
    is_file = header.isreg() and not header.issparse() and not any(key.startswith("GNU.sparse") for key in said)
    data = content.read(size) if is_file and path is not None and size <= limit and wants(path) else None
    content.skip(_padded(size) - (size if data is not None else 0))
    if not is_file:
        return None
    return no_path(offset, name) if path is None else Entry(path, offset, size, size, data)


def _header(block: bytes) -> tarfile.TarInfo | None:
    """What a block says that is a header with the right check sum."""
    try:
        header = tarfile.TarInfo.frombuf(block, "utf-8", "replace")
    except (tarfile.HeaderError, ValueError):
        return None
    return header if header.size >= 0 else None


def _extended(content: Content, header: tarfile.TarInfo) -> dict[str, str]:
    """What an extended header says of the file after it: its path and size. Raises BrokenMemberError."""
    if header.size > _LONGEST_HEADER:
        content.skip(_padded(header.size))
        return {}
    data = bytes(content.read(_padded(header.size))[: header.size])
    if header.type == tarfile.GNUTYPE_LONGNAME:
        return {"path": data.partition(b"\0")[0].decode("utf-8", "replace")}
    return dict(_records(data))


def _records(data: bytes) -> Iterator[tuple[str, str]]:
    """The records of a pax header, each `length key=value` and a line feed (POSIX.1-2001, pax); up to the first that is none."""
    start = 0
    while (space := data.find(b" ", start, start + 20)) > start and data[start:space].isdigit():
        end = start + int(data[start:space])
        key, equals, value = data[space + 1 : end - 1].partition(b"=")
        if not equals or end <= space:
            return
        yield key.decode("utf-8", "replace"), value.decode("utf-8", "replace")
        start = end


def _padded(size: int) -> int:
    return -(-size // _UNIT) * _UNIT


def _decompressed(file: BinaryIO, name: str) -> Iterator[bytes]:
    """The bytes of all gzip members or zstd frames. Raises BrokenMemberError at the first that breaks off: what follows is cut anywhere."""
    for member in members(file, name, lambda start: _header(start[:_UNIT]) is not None):
        if isinstance(member, tuple):
            raise BrokenMemberError(member[1])
        while block := member.peek(BLOCK):
            member.skip(len(block))
            yield block
