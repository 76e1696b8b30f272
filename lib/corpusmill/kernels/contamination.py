"""Hashes of every run of n words, rolled along the words in linear time, and their look-up in a table of wanted ones."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import U64, Hashes, avalanche
from corpusmill.kernels.utf8 import Offsets

Slots = npt.NDArray[np.int32]
_BASE: Final = np.uint64(0x9E3779B185EBCA87)
"""An odd number: multiplying by it loses no bit. The words' own hashes are what makes the sum random."""


@jit
def _power(length: int) -> int:
    """_BASE to `length`, modulo 2^64."""
    power = U64(1)
    for _ in range(length):
        power *= _BASE
    return power


@jit
def hash_grams(words: Hashes, first: Offsets, length: int) -> tuple[Hashes, Offsets]:
    """(uint64[g] hash of each run of `length` words, int64[n+1] each document's first run). `words` uint64[m], `first` int64[n+1].

    A document of fewer words has none. The hash is avalanche(sum of word_k * BASE^(length-1-k) mod 2^64); two different runs meet with about
    2^-64, so 10^12 of a corpus against 10^7 of benchmarks give one false hit or so.
    """
    n = first.size - 1
    bounds = np.zeros(n + 1, np.int64)
    for d in range(n):
        bounds[d + 1] = bounds[d] + max(0, first[d + 1] - first[d] - length + 1)
    grams = np.empty(bounds[n], np.uint64)
    power = _power(length)
    for d in range(n):
        rolled = U64(0)
        for k in range(first[d], first[d + 1]):
            rolled = rolled * _BASE + words[k]
            begin = k - length + 1
            if begin > first[d]:
                rolled -= words[begin - 1] * power
            if begin >= first[d]:
                grams[bounds[d] + begin - first[d]] = avalanche(rolled)
    return grams, bounds


@jit
def build_slots(keys: Hashes) -> Slots:
    """An open-addressing table of distinct keys: int32[a power of two, at least twice as many], place of the key or -1."""
    size = 2
    while size < 2 * keys.size:
        size *= 2
    slots = np.full(size, -1, np.int32)
    mask = U64(size - 1)
    for k in range(keys.size):
        slot = keys[k] & mask
        while slots[slot] >= 0:
            slot = (slot + U64(1)) & mask
        slots[slot] = k
    return slots


@jit
def look_up(grams: Hashes, keys: Hashes, slots: Slots) -> Slots:
    """int32[g]: for each hash its place in `keys`, or -1."""
    found = np.full(grams.size, -1, np.int32)
    mask = U64(slots.size - 1)
    for g in range(grams.size):
        slot = grams[g] & mask
        while slots[slot] >= 0:
            if keys[slots[slot]] == grams[g]:
                found[g] = slots[slot]
                break
            slot = (slot + U64(1)) & mask
    return found
