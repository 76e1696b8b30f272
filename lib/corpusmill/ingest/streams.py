"""The bytes inside a plain, gzip, bzip2 or zstd file, block by block, whatever breaks off."""

import bz2
import re
from collections.abc import Iterator
from typing import BinaryIO

from corpusmill.ingest.content import BLOCK, BrokenMemberError
from corpusmill.ingest.members import member_blocks

_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
"""Where a bzip2 stream starts: its magic number and that of its first block, or of its end where it has none."""
_MAGIC_BYTES = 10
_SCAN = 1_048_576
LARGEST_READ = 128 * 2**20
"""Bytes of a member of an archive that are held at once."""


def content_blocks(file: BinaryIO, name: str) -> Iterator[bytes | str]:
    """At most a few blocks are held. Where the bytes break off comes an error in their place, then the next gzip member or bzip2 stream.

    `file` is seekable; `name` is its base name.
    """
    head = file.read(_MAGIC_BYTES)
    file.seek(0)
    if _BZIP2.match(head):
        yield from _bzip2_blocks(file)
        return
    yield from member_blocks(file, name, lambda _: True)


class OversizeError(Exception):
    """There is more of something than a document may have; the message says how much."""


def _bzip2_blocks(file: BinaryIO) -> Iterator[bytes | str]:
    """Wikimedia's multistream dumps hold 100 pages a stream."""
    while True:
        start = file.tell()
        try:
            yield from _bzip2_stream(file)
        except BrokenMemberError as error:
            yield str(error)
            if not _next_stream(file, start + 1):
                return
            continue
        if not (rest := file.read(_MAGIC_BYTES)).strip(b"\0"):
            return
        file.seek(-len(rest), 1)


def _bzip2_stream(file: BinaryIO) -> Iterator[bytes]:
    decoder = bz2.BZ2Decompressor()
    piece = b""
    while not decoder.eof:
        if decoder.needs_input and not (piece := file.read(BLOCK)):
            raise BrokenMemberError("the file ends inside a bzip2 stream")
        try:
            block = decoder.decompress(piece, BLOCK)
        except OSError as error:
            raise BrokenMemberError("bzip2: invalid data") from error
        piece = b""
        if block:
            yield block
    file.seek(-len(decoder.unused_data), 1)


def _next_stream(file: BinaryIO, offset: int) -> bool:
    """Leave the file at the next bzip2 stream at or after `offset`; False where there is none."""
    while True:
        file.seek(offset)
        block = file.read(_SCAN)
        if found := _BZIP2.search(block):
            file.seek(offset + found.start())
            return True
        if len(block) < _SCAN:
            return False
        # A magic number may lie across two blocks.
        offset += len(block) - _MAGIC_BYTES + 1


class ForwardFile:
    """Blocks as a file that is read and sought forward, as tarfile wants one. An error among the blocks raises BrokenMemberError there."""

    def __init__(self, blocks: Iterator[bytes | str]) -> None:
        self._blocks = blocks
        self._held = b""
        self._start = 0
        self._position = 0

    def tell(self) -> int:
        """Bytes read or passed over."""
        return self._position

    def peek(self, size: int) -> bytes:
        """The next bytes without reading them, fewer at the end."""
        have = len(self._held) - self._start
        if have < size:
            parts = [self._held[self._start :]]
            while have < size and (block := self._next()):
                parts.append(block)
                have += len(block)
            self._held, self._start = b"".join(parts), 0
        return self._held[self._start : self._start + size]

    def read(self, size: int) -> bytes:
        """The next bytes, fewer at the end. Raises OversizeError for more than LARGEST_READ: a header may say any number."""
        if size > LARGEST_READ:
            raise OversizeError(f"{size:,} bytes at once")
        found = self.peek(size)
        self._start += len(found)
        self._position += len(found)
        return found

    def read_rest(self, limit: int) -> bytes:
        """All that is left. Raises OversizeError where it is more than `limit` bytes."""
        found = self.read(limit + 1)
        if len(found) > limit:
            raise OversizeError(f"more than {limit:,} bytes")
        return found

    def seek(self, position: int) -> int:
        """Pass over what lies before. Raises BrokenMemberError for a place that is behind: headers that lie would be read for ever."""
        if position < self._position:
            raise BrokenMemberError("the archive's members overlap")
        while (left := position - self._position) and (found := self.peek(min(left, BLOCK))):
            self._start += len(found)
            self._position += len(found)
        return self._position

    def _next(self) -> bytes:
        block = next(self._blocks, b"")
        if isinstance(block, str):
            raise BrokenMemberError(block)
        return block
