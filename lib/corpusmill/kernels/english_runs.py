"""Runs of characters without blanks, 64 ASCII bytes at a time, and which of them are English words as they stand.

Most are letters alone, or letters and one mark behind them; those are told by bit arithmetic, and only the rest is left to english_words.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.ascii_blocks import BLOCK, gather
from corpusmill.kernels.english_affixes import unit_size
from corpusmill.kernels.english_exceptions import find_whole
from corpusmill.kernels.hashing import U64
from corpusmill.kernels.lanes import HIGH_BITS, between, equal, letters_of
from corpusmill.kernels.memory import load8, load64, trailing_zeros
from corpusmill.kernels.properties import SPACE
from corpusmill.kernels.unicode import ASCII, property_of
from corpusmill.kernels.utf8 import Bytes, decode, width

Runs = npt.NDArray[np.int64]
"""int64[BLOCK, 3], filled by next_runs: start, end, and the tokens of the run where that is plain to see, else 0.

1: letters, digits and underscores inside that are no exception and end with no unit. 2: letters and one mark behind them, the last byte.
"""

_BLANK: Final = (ASCII & SPACE) != 0
_CLOSING: Final = np.array([chr(c) in ',;:!?)"' for c in range(128)])
"""Marks that are taken off behind letters whatever these are; of exceptions none is letters and one of them."""
_STOP: Final = ord(".")


@jit
def new_runs() -> Runs:
    """Room for next_runs."""
    return np.empty((BLOCK, 3), np.int64)


@jit
def skip_blanks(data: Bytes, i: int, end: int) -> int:
    """Where the next run begins, from i on."""
    while i < end:
        byte = load8(data, i)
        if byte < 128:
            if not _BLANK[byte]:
                break
            i += 1
        else:
            if not property_of(decode(data, i)) & SPACE:
                break
            i += width(byte)
    return i


@jit
def _run_end(data: Bytes, i: int, end: int) -> int:
    """Where the run that begins before i ends: at white space."""
    while i < end:
        byte = load8(data, i)
        if byte < 128:
            if _BLANK[byte]:
                break
            i += 1
        else:
            if property_of(decode(data, i)) & SPACE:
                break
            i += width(byte)
    return i


@jit
def _bits(data: Bytes, i: int) -> tuple[int, int, int, int, int]:
    """Bit sets of data[i : i + 64]: letters, digits, underscores, white space, no ASCII."""
    letters = digits = underscores = blanks = foreign = U64(0)
    for k in range(0, BLOCK, 8):
        word = load64(data, i + k)
        byte = word & ~HIGH_BITS
        shift = U64(k)
        letters |= gather(letters_of(byte) & ~word) << shift
        digits |= gather(between(byte, 0x30, 0x39) & ~word) << shift
        underscores |= gather(equal(byte, 0x5F) & ~word) << shift
        blanks |= gather((between(byte, 9, 13) | between(byte, 28, 32)) & ~word) << shift
        foreign |= gather(word) << shift
    return letters, digits, underscores, blanks, foreign


@jit
def _known_tokens(data: Bytes, start: int, end: int, letters: int, digits: int, underscores: int, inside: int) -> int:
    """As Runs says of data[start:end], whose bits in these sets are `inside`."""
    others = inside & ~letters
    if others == U64(0):
        return 1 if find_whole(data, start, end) < 0 else 0
    first, last = inside & (U64(0) - inside), inside & ~(inside >> U64(1))
    if others & ~(digits | underscores) == U64(0):
        if (first | last) & underscores != U64(0) or find_whole(data, start, end) >= 0:
            return 0
        return 1 if others & digits == U64(0) or unit_size(data, start, end) == 0 else 0
    if others != last or first == last:
        return 0
    byte = load8(data, end - 1)
    is_mark = _CLOSING[byte] or (byte == _STOP and load8(data, end - 2) >= 97)
    return 2 if is_mark and find_whole(data, start, end - 1) < 0 and find_whole(data, start, end) < 0 else 0


@jit
def next_runs(data: Bytes, i: int, end: int, runs: Runs) -> tuple[int, int]:
    """Write the next runs of data[i:end]; gives how many, 0 where none is left, and the byte after the last. i is not inside a run."""
    i = skip_blanks(data, i, end)
    if i == end:
        return 0, end
    n, one = 0, U64(1)
    if i + BLOCK <= data.size:
        letters, digits, underscores, blanks, foreign = _bits(data, i)
        size = end - i
        filled = ~blanks if size >= BLOCK else ~blanks & ((one << U64(size)) - one)
        starts, ends = filled & ~(filled << one), filled & ~(filled >> one)
        if size > BLOCK:
            ends &= ~(one << U64(BLOCK - 1))
        foreign &= filled
        if foreign != U64(0):
            ends &= (foreign & (U64(0) - foreign)) - one
        while ends != U64(0):
            first, last = trailing_zeros(starts), trailing_zeros(ends)
            inside = ((U64(2) << U64(last - first)) - one) << U64(first)
            runs[n, 0], runs[n, 1] = i + first, i + last + 1
            runs[n, 2] = _known_tokens(data, i + first, i + last + 1, letters, digits, underscores, inside)
            n += 1
            starts &= starts - one
            ends &= ends - one
    if n == 0:
        runs[0, 0], runs[0, 1], runs[0, 2], n = i, _run_end(data, i, end), 0, 1
    return n, runs[n - 1, 1]
