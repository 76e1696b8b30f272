"""Eight bytes of text in one uint64, looked at together."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import U64
from corpusmill.kernels.memory import load64, trailing_zeros
from corpusmill.kernels.utf8 import Bytes

ONES: Final = np.uint64(0x0101010101010101)
HIGH_BITS: Final = np.uint64(0x8080808080808080)

# In the three functions below `bytes7` holds eight bytes below 128, and only the upper bit of each byte of the result counts.


@jit
def between(bytes7: int, first: int, last: int) -> int:
    """Which bytes lie in first..last: byte + 128 - first reaches the upper bit from the first on, byte + 127 - last only behind the last."""
    return (bytes7 + ONES * U64(128 - first)) & ~(bytes7 + ONES * U64(127 - last))


@jit
def equal(bytes7: int, byte: int) -> int:
    """Which bytes are this one."""
    return ~((bytes7 ^ (ONES * U64(byte))) + ONES * U64(127))


@jit
def letters_of(bytes7: int) -> int:
    """Which bytes are ASCII letters."""
    return between(bytes7 | (ONES * U64(0x20)), 0x61, 0x7A)


@jit
def find_byte(data: Bytes, i: int, end: int, wanted: int) -> int:
    """Where this ASCII byte stands next, from i on; `end` where it does not."""
    while i + 8 <= end:
        word = load64(data, i)
        found = equal(word & ~HIGH_BITS, wanted) & ~word & HIGH_BITS
        if found:
            return i + (trailing_zeros(found) >> 3)
        i += 8
    while i < end and data[i] != wanted:
        i += 1
    return i
