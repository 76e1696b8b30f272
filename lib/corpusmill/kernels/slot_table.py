"""A hash table of 64-bit keys that is used again for each document without being cleared."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import SCRAMBLE, U64, Hashes

_STAMPS: Final = 1 << 16


@jit
def table_bits(entries: int) -> int:
    """Bits of a slot number, so that so many entries fill at most half of the slots."""
    bits = 4
    while 1 << bits < entries << 1:
        bits += 1
    return bits


@jit
def find_or_add(table: Hashes, bits: int, stamp: int, keys: Hashes, i: int) -> int:
    """The first row with the key of row i among those added under this stamp; adds row i and gives i where it is the first.

    A slot holds stamp (16 bits), a tag of the key (16 bits) and the row (32 bits); slots of another stamp are empty, so that a table need not be
    cleared between documents. The key itself is compared where the tags are equal.
    """
    scrambled = keys[i] * SCRAMBLE
    slot = scrambled >> U64(64 - bits)
    mark = (U64(stamp) << U64(48)) | ((scrambled & U64(0xFFFF)) << U64(32))
    last = (U64(1) << U64(bits)) - U64(1)
    while True:
        entry = table[slot]
        if entry >> U64(48) != U64(stamp):
            table[slot] = mark | U64(i)
            return i
        if (entry ^ mark) >> U64(32) == U64(0):
            row = np.int64(entry & U64(0xFFFFFFFF))
            if keys[row] == keys[i]:
                return row
        slot = (slot + U64(1)) & last


@jit
def next_stamp(table: Hashes, stamp: int) -> int:
    """A stamp that no slot has."""
    if stamp + 1 < _STAMPS:
        return stamp + 1
    for slot in range(table.size):
        table[slot] = U64(0)
    return 1
