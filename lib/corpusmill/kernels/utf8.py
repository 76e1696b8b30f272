"""UTF-8: how many code points, which one stands here, and writing one. The input is valid UTF-8, which Arrow strings are."""

from typing import Any

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.memory import bits_set, load8, load64

Bytes = npt.NDArray[np.uint8]
Counts = npt.NDArray[np.int32]
Sizes = npt.NDArray[np.integer[Any]]
"""Of each word its characters: int32, or uint8 where no word has more than 255."""
Offsets = npt.NDArray[np.signedinteger[Any]]
"""Byte positions and row numbers: int64, or int32 where a function says so."""
_ONE = np.uint64(1)
_HIGH_BITS = np.uint64(0x8080808080808080)


@jit
def width(lead: int) -> int:
    """Bytes of the character that this byte begins."""
    if lead < 0x80:
        return 1
    if lead < 0xE0:
        return 2
    return 3 if lead < 0xF0 else 4


@jit
def decode(data: Bytes, i: int) -> int:
    """The code point that begins at byte i."""
    lead = np.int64(load8(data, i))
    if lead < 0x80:
        return lead
    second = np.int64(load8(data, i + 1)) & 0x3F
    if lead < 0xE0:
        return ((lead & 0x1F) << 6) | second
    third = np.int64(load8(data, i + 2)) & 0x3F
    if lead < 0xF0:
        return ((lead & 0x0F) << 12) | (second << 6) | third
    return ((lead & 0x07) << 18) | (second << 12) | (third << 6) | (np.int64(load8(data, i + 3)) & 0x3F)


@jit
def is_at(data: Bytes, i: int, end: int, wanted: Bytes) -> bool:
    """Whether data[i:end] begins with these bytes."""
    if i + wanted.size > end:
        return False
    for k in range(wanted.size):
        if data[i + k] != wanted[k]:
            return False
    return True


@jit
def before(data: Bytes, i: int) -> int:
    """Where the character begins that ends before byte i."""
    i -= 1
    while data[i] & 0xC0 == 0x80:
        i -= 1
    return i


@jit
def encode(code_point: int, out: Bytes, i: int) -> int:
    """Write a code point at out[i]; gives the index after it."""
    if code_point < 0x80:
        out[i] = code_point
        return i + 1
    if code_point < 0x800:
        out[i] = 0xC0 | (code_point >> 6)
        out[i + 1] = 0x80 | (code_point & 0x3F)
        return i + 2
    if code_point < 0x10000:
        out[i] = 0xE0 | (code_point >> 12)
        out[i + 1] = 0x80 | ((code_point >> 6) & 0x3F)
        out[i + 2] = 0x80 | (code_point & 0x3F)
        return i + 3
    out[i] = 0xF0 | (code_point >> 18)
    out[i + 1] = 0x80 | ((code_point >> 12) & 0x3F)
    out[i + 2] = 0x80 | ((code_point >> 6) & 0x3F)
    out[i + 3] = 0x80 | (code_point & 0x3F)
    return i + 4


@jit
def characters_between(data: Bytes, start: int, end: int) -> int:
    """Code points in data[start:end]: the bytes that do not continue a character, eight at a time."""
    count, i = end - start, start
    while i + 8 <= end:
        word = load64(data, i)
        count -= bits_set(word & ~(word << _ONE) & _HIGH_BITS)
        i += 8
    while i < end:
        count -= (data[i] & 0xC0) == 0x80
        i += 1
    return count


@jit
def count_characters(data: Bytes, offsets: Offsets) -> Offsets:
    """int64[n]: code points a document."""
    n = offsets.size - 1
    counts = np.empty(n, np.int64)
    for d in range(n):
        counts[d] = characters_between(data, offsets[d], offsets[d + 1])
    return counts


@jit
def largest_step(offsets: Offsets) -> int:
    """The largest difference of neighbours: the bytes of the longest document, or the rows of the one that has most."""
    most = 0
    for d in range(offsets.size - 1):
        most = max(most, offsets[d + 1] - offsets[d])
    return most
