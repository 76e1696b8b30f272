"""The bytes inside one member of a file, decompressed as far as they are asked for, with the place where they broke off."""

from collections.abc import Callable, Iterator

LONGEST_LINE = 16_384
"""No first line of a record is longer."""
_NEWLINES = b"\r\n"
BLOCK = 262_144
"""Content bytes a step."""


class BrokenMemberError(Exception):
    """The bytes of a member cannot be decompressed, or end too early; the message says why."""


class Content:
    """Reads forward in one member. What came before a broken place can still be read."""

    def __init__(self, offset: int, blocks: Iterator[bytes], tell: Callable[[], int], size: int | None = None) -> None:
        """`offset`: where the member starts in the file. `blocks` may raise BrokenMemberError. `size` of the content, where it is known before.

        `tell`: where the member ends in the file; asked once the blocks have ended.
        """
        self.offset = offset
        self.size = size
        self.position = 0
        """Bytes of content read or skipped so far."""
        self.given_back = 0
        """Bytes that were read more than once."""
        self._blocks = blocks
        self._tell = tell
        self._buffer = b""
        self._start = 0
        self._ended = False
        self._error: BrokenMemberError | None = None

    def peek(self, size: int) -> bytes:
        """The next `size` bytes without reading them; fewer where the member ends or breaks off.

        Raises BrokenMemberError where it breaks off right here.
        """
        if len(self._buffer) - self._start < size and not self._ended:
            parts = [self._buffer[self._start :]]
            have = len(parts[0])
            while have < size and (block := self._next()):
                parts.append(block)
                have += len(block)
            self._buffer, self._start = b"".join(parts), 0
        found = self._buffer[self._start : self._start + size]
        if not found and size and self._error:
            raise self._error
        return found

    def read(self, size: int) -> bytearray:
        """The next `size` bytes, held once. Where the member ends or breaks off before, raises BrokenMemberError and has read nothing."""
        found = bytearray(self._buffer[self._start : self._start + size])
        self._start += len(found)
        while len(found) < size and (block := self._next()):
            wanted = size - len(found)
            found += block[:wanted]
            self._buffer, self._start = block[wanted:], 0
        self.position += len(found)
        if len(found) < size:
            self.give_back(found)
            raise self._error or BrokenMemberError(f"the file ends after {len(found):,} of {size:,} bytes of the record")
        return found

    def skip(self, size: int) -> None:
        """Read and drop. Raises BrokenMemberError where the member ends or breaks off before."""
        left = size
        while left and (found := self.peek(min(left, BLOCK))):
            self._advance(len(found))
            left -= len(found)
        if left:
            raise BrokenMemberError(f"the file ends after {size - left:,} of {size:,} bytes of the record")

    def skip_newlines(self) -> None:
        """Pass over carriage returns and line feeds. Raises BrokenMemberError where the member breaks off after them."""
        # A page has none in most places where they may be, and its content is here already.
        if self._start < len(self._buffer) and self._buffer[self._start] not in _NEWLINES:
            return
        while found := self.peek(64):
            rest = found.lstrip(_NEWLINES)
            self._advance(len(found) - len(rest))
            if rest:
                return

    def drain(self) -> None:
        """Read to the end. Raises BrokenMemberError, also where it has been raised before."""
        while found := self.peek(BLOCK):
            self._advance(len(found))

    def give_back(self, data: bytes | bytearray) -> None:
        """Undo the reading of `data`, the last bytes read."""
        self._buffer, self._start = bytes(data) + self._buffer[self._start :], 0
        self.position -= len(data)
        self.given_back += len(data)

    def ended(self) -> bool:
        """Whether nothing is left. Raises BrokenMemberError where the member breaks off here or its check sum is wrong."""
        return self._start >= len(self._buffer) and not self.peek(1)

    def file_length(self) -> int:
        """Bytes of the member in the file, once it has ended."""
        return self._tell() - self.offset

    def _next(self) -> bytes:
        """The next block; empty at the end and for ever after it."""
        if self._ended:
            return b""
        try:
            block = next(self._blocks, b"")
        except BrokenMemberError as error:
            block, self._error = b"", error
        self._ended = not block
        return block

    def _advance(self, size: int) -> None:
        self._start += size
        self.position += size
