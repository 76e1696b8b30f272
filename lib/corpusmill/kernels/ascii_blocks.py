"""Word boundaries (UAX #29) of 64 ASCII bytes at a time, by bit arithmetic: no branch depends on the text, which is what costs time elsewhere."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import U64
from corpusmill.kernels.lanes import HIGH_BITS, between, equal, letters_of
from corpusmill.kernels.memory import load64, trailing_zeros
from corpusmill.kernels.utf8 import Bytes

BLOCK: Final = 64
"""Bytes in a block: one bit each in a uint64."""
_CONTEXT: Final = 2
"""Bytes of text that must be known behind a byte to know whether a segment ends with it: a mark that may join, and what follows that."""
_GATHER: Final = np.uint64(0x0102040810204080)
_ALL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)


@jit
def gather(flags: int) -> int:
    """The upper bits of eight bytes, the lowest byte's first, as the lowest eight bits."""
    return (((flags & HIGH_BITS) >> U64(7)) * _GATHER) >> U64(56)


@jit
def _bits(data: Bytes, i: int) -> tuple[int, int, int, int, int, int, int]:
    """Bit sets of data[i : i + 64]: letters, digits, underscores, white space, marks that join letters, marks that join digits, no ASCII."""
    letters = digits = underscores = blanks = letter_marks = digit_marks = foreign = U64(0)
    for k in range(0, BLOCK, 8):
        word = load64(data, i + k)
        byte = word & ~HIGH_BITS
        shift = U64(k)
        both = equal(byte, 0x2E) | equal(byte, 0x27)
        letters |= gather(letters_of(byte) & ~word) << shift
        digits |= gather(between(byte, 0x30, 0x39) & ~word) << shift
        underscores |= gather(equal(byte, 0x5F) & ~word) << shift
        blanks |= gather((between(byte, 9, 13) | between(byte, 28, 32)) & ~word) << shift
        letter_marks |= gather((both | equal(byte, 0x3A)) & ~word) << shift
        digit_marks |= gather((both | equal(byte, 0x2C) | equal(byte, 0x3B)) & ~word) << shift
        foreign |= gather(word) << shift
    return letters, digits, underscores, blanks, letter_marks, digit_marks, foreign


@jit
def mark_block(data: Bytes, i: int, end: int) -> tuple[int, int, int, int, bool]:
    """Segments of data[i : i + 64], which is all in the buffer and begins with a boundary; the text goes on to `end`.

    Gives bit sets (starts, ends, letters, letters and digits) and whether all is ASCII. ends holds only the bytes that surely end a segment
    of other than white space; starts holds theirs first, in the same order.
    """
    letters, digits, underscores, blanks, letter_marks, digit_marks, foreign = _bits(data, i)
    size = min(end - i, BLOCK)
    inside = _ALL if size == BLOCK else (U64(1) << U64(size)) - U64(1)
    letters, digits, underscores, foreign = letters & inside, digits & inside, underscores & inside, foreign & inside
    words = letters | digits | underscores
    one = U64(1)
    joints = (letter_marks & (letters << one) & (letters >> one)) | (digit_marks & (digits << one) & (digits >> one))
    joined = (words & (words >> one)) | joints | (joints >> one)
    filled = ~blanks & inside
    known = size if foreign == U64(0) else trailing_zeros(foreign)
    if known < end - i:
        known -= _CONTEXT
    ends = filled & ~joined
    if known < BLOCK:
        ends = ends & ((U64(1) << U64(known)) - U64(1)) if known > 0 else U64(0)
    return filled & ~(joined << one), ends, letters, letters | digits, foreign == U64(0)
