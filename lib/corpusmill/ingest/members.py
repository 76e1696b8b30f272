"""A file as a sequence of members: each gzip member or zstd frame, or a plain file as one; a broken one does not end the file."""

import re
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

import zstandard

from corpusmill.ingest.content import BLOCK, LONGEST_LINE, BrokenMemberError, Content

_PIECE = 16_384
"""Compressed bytes fed at a time: what is read beyond a member's end is given back."""
_ZSTD_PIECE = 4096
"""zstd gives all the output of its input at once; one block of 4 bytes can be 128 KiB, so 4 KiB are 128 MiB at worst."""
_SCAN = 1_048_576
GZIP = b"\x1f\x8b\x08"
ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18", re.DOTALL)
"""zstd's skippable frames (RFC 8878 section 3.1.2); IIPC's WARC-zstd puts the dictionary in one of type 0x5D at the start."""


def member_blocks(file: BinaryIO, name: str, starts_record: Callable[[bytes], bool]) -> Iterator[bytes | str]:
    """The content of all members, block by block. Where one breaks off comes an error in its place, then the next member.

    Arguments as those of `members`.
    """
    for member in members(file, name, starts_record):
        if isinstance(member, tuple):
            yield member[1]
            continue
        try:
            while block := member.peek(BLOCK):
                member.skip(len(block))
                yield block
        except BrokenMemberError as error:
            yield str(error)


def members(file: BinaryIO, name: str, starts_record: Callable[[bytes], bool]) -> Iterator[Content | tuple[int, str]]:
    """The members of a file, in order; a place that is no member is an (offset, error), and reading goes on at the next one.

    The caller reads each member as far as it gets, and reports what breaks off. After that the next one is looked for, by its magic number and
    by `starts_record`, which is shown the first bytes of its content. `file` is seekable; its `name` decides only where its first bytes are
    neither compressed nor a record.
    """
    head = file.read(LONGEST_LINE)
    size = file.seek(0, 2)
    file.seek(0)
    plain = starts_record(head) or not head
    if head.startswith(GZIP) or (name.endswith(".gz") and not plain):
        yield from _compressed(file, GZIP, gzip_blocks, starts_record)
    elif head.startswith(ZSTD) or _SKIPPABLE.match(head) or (name.endswith(".zst") and not plain):
        try:
            dictionary = _dictionary(file)
        except zstandard.ZstdError as error:
            # Without its dictionary no frame of the file can be read.
            yield 0, f"the zstd dictionary: {error}"
            return
        yield from _compressed(file, ZSTD, lambda opened: _zstd_blocks(opened, dictionary), starts_record)
    else:
        yield Content(0, iter(lambda: file.read(BLOCK), b""), file.tell, size)


def _compressed(
    file: BinaryIO, magic: bytes, blocks: Callable[[BinaryIO], Iterator[bytes]], starts_record: Callable[[bytes], bool]
) -> Iterator[Content | tuple[int, str]]:
    while True:
        offset = file.tell()
        head = file.read(len(magic))
        if not head:
            return
        if head != magic:
            if (magic == ZSTD and _skip_frame(file, offset)) or _only_zeros(file, offset):
                continue
            yield offset, "no gzip member or zstd frame here"
            _resume(file, offset + 1, magic, blocks, starts_record)
            continue
        file.seek(offset)
        content = Content(offset, blocks(file), file.tell)
        try:
            yield content
            # Leaves the file at the member's end, or raises again what the reader of records has already reported.
            content.drain()
        except BrokenMemberError:
            _resume(file, offset + 1, magic, blocks, starts_record)


def gzip_blocks(file: BinaryIO) -> Iterator[bytes]:
    """The content of the gzip member that starts here; at its end the file is left behind the member. Raises BrokenMemberError."""
    decoder = zlib.decompressobj(wbits=31)
    while not decoder.eof:
        piece = file.read(_PIECE)
        if not piece:
            raise BrokenMemberError("the file ends inside a gzip member")
        while True:
            try:
                block = decoder.decompress(piece, BLOCK)
            except zlib.error as error:
                raise BrokenMemberError(f"gzip: {error}") from error
            if block:
                yield block
            piece = decoder.unconsumed_tail
            if decoder.eof or (not piece and len(block) < BLOCK):
                break
    file.seek(-len(decoder.unused_data), 1)


def _zstd_blocks(file: BinaryIO, dictionary: zstandard.ZstdCompressionDict | None) -> Iterator[bytes]:
    try:
        decoder = zstandard.ZstdDecompressor(dict_data=dictionary).decompressobj()
    except zstandard.ZstdError as error:
        raise BrokenMemberError(f"zstd: {error}") from error
    while not decoder.eof:
        piece = file.read(_ZSTD_PIECE)
        if not piece:
            raise BrokenMemberError("the file ends inside a zstd frame")
        try:
            block = decoder.decompress(piece)
        except zstandard.ZstdError as error:
            raise BrokenMemberError(f"zstd: {error}") from error
        if block:
            yield block
    file.seek(-len(decoder.unused_data), 1)


def _dictionary(file: BinaryIO) -> zstandard.ZstdCompressionDict | None:
    """The dictionary in the file's first frame, itself plain or compressed (IIPC WARC-zstd 1.0); leaves the file after it."""
    head = file.read(8)
    if head[:4] != b"\x5d\x2a\x4d\x18":
        file.seek(0)
        return None
    data = file.read(int.from_bytes(head[4:8], "little"))
    if data.startswith(ZSTD):
        data = zstandard.ZstdDecompressor().decompress(data, max_output_size=64 * 2**20)
    return zstandard.ZstdCompressionDict(data)


def _skip_frame(file: BinaryIO, offset: int) -> bool:
    """Pass over a skippable frame that starts at `offset`."""
    file.seek(offset)
    head = file.read(8)
    if len(head) < 8 or not _SKIPPABLE.match(head):
        file.seek(offset)
        return False
    file.seek(int.from_bytes(head[4:8], "little"), 1)
    return True


def _only_zeros(file: BinaryIO, offset: int) -> bool:
    """Whether the file from `offset` on is padding, which gzip(1) ignores too. Leaves the file at its end if so."""
    file.seek(offset)
    while block := file.read(_SCAN):
        if block.strip(b"\0"):
            return False
    return True


def _resume(
    file: BinaryIO, offset: int, magic: bytes, blocks: Callable[[BinaryIO], Iterator[bytes]], starts_record: Callable[[bytes], bool]
) -> None:
    """Leave the file at the next member at or after `offset` whose content starts as a record does, else at its end."""
    while True:
        file.seek(offset)
        block = file.read(_SCAN)
        if len(block) < len(magic):
            file.seek(0, 2)
            return
        found = block.find(magic)
        if found < 0:
            # A magic number may lie across two blocks.
            offset += len(block) - len(magic) + 1
            continue
        offset += found
        file.seek(offset)
        try:
            if starts_record(Content(offset, blocks(file), file.tell).peek(LONGEST_LINE)):
                file.seek(offset)
                return
        except BrokenMemberError:
            pass
        offset += 1
