"""Runs of letters that simplify writes without looking at each: ASCII in lower case, other characters that need no treatment as they are."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.bit_sets import WIDTH, digits_at, letters_at, no_ascii_at
from corpusmill.kernels.hashing import U64
from corpusmill.kernels.lanes import HIGH_BITS, ONES, letters_of
from corpusmill.kernels.memory import load8, load64, store64, trailing_zeros
from corpusmill.kernels.properties import CHANGES, COMBINING_SHIFT, DIGIT, MARK, PUNCTUATION, SPACE
from corpusmill.kernels.unicode import property_of
from corpusmill.kernels.utf8 import Bytes, decode, encode, width

LOWER: Final = np.array([ord(chr(c).lower()) if c < 128 and chr(c).isalpha() else 0 for c in range(256)], np.uint8)
"""uint8[256]: the lower-case letter, 0 for what is no ASCII letter."""
_TREATED: Final = PUNCTUATION | SPACE | DIGIT | MARK | CHANGES | (0xFF << COMBINING_SHIFT)
"""Properties of characters that are not written as they are."""


@jit
def write_letters(data: Bytes, i: int, end: int, out: Bytes, o: int) -> tuple[int, int]:
    """Write the ASCII letters from i on in lower case; gives the two indices after them. What it writes behind them is written over later."""
    while i + 8 <= end and o + 8 <= out.size:
        word = load64(data, i)
        others = (~letters_of(word & ~HIGH_BITS) | word) & HIGH_BITS
        store64(out, o, word | (ONES * U64(0x20)))
        size = trailing_zeros(others) >> 3
        i += size
        o += size
        if size < 8:
            return i, o
    while i < end:
        letter = LOWER[load8(data, i)]
        if letter == 0:
            break
        out[o] = letter
        o += 1
        i += 1
    return i, o


@jit
def _write_block(data: Bytes, i: int, end: int, out: Bytes, o: int) -> tuple[int, int, bool]:
    """Write the runs of ASCII letters in the 64 bytes from i on, up to the first digit or foreign character, a space where a gap precedes one.

    Gives the two indices after the last run, and whether the next block may go on there. Writes up to seven bytes more, as write_letters does.
    """
    letters = letters_at(data, i)
    stops = digits_at(data, i) | no_ascii_at(data, i)
    if end - i < WIDTH:
        stops |= ~U64(0) << U64(end - i)
    if stops != U64(0):
        letters &= (stops - U64(1)) & ~stops
    at = 0
    while letters != U64(0):
        start = trailing_zeros(letters)
        if start > at and o > 0:
            out[o] = 32
            o += 1
        # Adding the run's first bit carries through the run to the bit behind it, out of the word where the run reaches its end.
        above = letters + (letters & (~letters + U64(1)))
        at = trailing_zeros(above) if above != U64(0) else WIDTH
        for k in range(start, at, 8):
            store64(out, o + k - start, load64(data, i + k) | (ONES * U64(0x20)))
        o += at - start
        letters &= above
    return i + at, o, at > 0 and stops == U64(0)


@jit
def write_blocks(data: Bytes, i: int, end: int, out: Bytes, o: int) -> tuple[int, int]:
    """Write ASCII letters and the gaps between them as far as blocks of them go; gives the two indices after the last letter written."""
    goes_on = True
    while goes_on and i + WIDTH + 8 <= data.size and o + WIDTH + 8 <= out.size:
        i, o, goes_on = _write_block(data, i, end, out, o)
    return i, o


@jit
def is_written(data: Bytes, i: int) -> bool:
    """Whether ASCII stands at i, or a character that is written as it is."""
    return data[i] < 128 or not property_of(decode(data, i)) & _TREATED


@jit
def write_foreign(data: Bytes, i: int, end: int, out: Bytes, o: int) -> tuple[int, int]:
    """Write a run of characters other than ASCII that are written as they are; gives the two indices after it."""
    while i < end and data[i] >= 128 and is_written(data, i):
        o = encode(decode(data, i), out, o)
        i += width(data[i])
    return i, o
