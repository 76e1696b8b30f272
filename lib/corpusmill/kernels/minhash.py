"""MinHash in datatrove's exact arithmetic: shingle hashes in, the minimum of each permutation out.

Source: huggingface/datatrove v0.10.0, src/datatrove/pipeline/dedup/minhash.py. Each shingle's hash is permuted by
(h a + b) mod (2^61 - 1), where the product wraps at 2^64 before the modulo.
"""

from functools import cache
from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import U64, Hashes
from corpusmill.kernels.memory import trailing_zeros
from corpusmill.kernels.permuted_tops import SLACK, STRIP, UNSURE, least_top, tops_up_to
from corpusmill.kernels.utf8 import Counts, Offsets

MERSENNE: Final = np.uint64((1 << 61) - 1)
_SEED: Final = 1
_EVERY_TOP: Final = 1 << 29
"""Above every top: with this bound all hashes are permuted."""
BLOCK: Final = 1024
"""Shingle hashes permuted at a time: 8 KB stay in the first-level cache while 112 permutations pass over them."""


@cache
def permutations(count: int) -> tuple[Hashes, Hashes]:
    """a, b: uint64[count] in [1, 2^61 - 1) and [0, 2^61 - 1), drawn as datatrove draws them."""
    generator = np.random.RandomState(_SEED)
    a = generator.randint(1, MERSENNE, dtype=np.uint64, size=(1, count))
    b = generator.randint(0, MERSENNE, dtype=np.uint64, size=(1, count))
    return a[0], b[0]


@jit
def _permute(hash_: int, factor: int, addend: int) -> int:
    x = hash_ * factor + addend
    x = (x & MERSENNE) + (x >> U64(61))
    return (x + ((x + U64(1)) >> U64(61))) & MERSENNE


@jit
def _least(hashes: Hashes, count: int, factor: int, addend: int, bound: int, tops: Offsets, low: Counts, high: Counts, least: int) -> int:
    """The least of `least` and of the permuted hashes in strips whose top is at most `bound`."""
    for s in range(tops.size):
        if tops[s] > bound:
            continue
        near: int = tops_up_to(low, high, s * STRIP, factor, addend, bound)
        if count - s * STRIP < STRIP:
            near &= (U64(1) << U64(count - s * STRIP)) - U64(1)
        while near != U64(0):
            least = min(least, _permute(hashes[s * STRIP + trailing_zeros(near)], factor, addend))
            near &= near - U64(1)
    return least


@jit
def lower_minima(hashes: Hashes, count: int, a: Hashes, b: Hashes, minima: Hashes) -> None:
    """Take the first `count` shingle hashes, at most BLOCK, into the minima: those alone are permuted whose upper bits may be the least."""
    strips = (count + STRIP - 1) // STRIP
    low, high = np.empty(strips * STRIP, np.uint32), np.empty(strips * STRIP, np.uint32)
    for k in range(strips * STRIP):
        # The last strip is filled up with a hash that is there; what fills it is not looked at.
        hash_ = hashes[k if k < count else 0]
        low[k], high[k] = np.uint32(hash_ & U64(0xFFFFFFFF)), np.uint32(hash_ >> U64(32))
    tops = np.empty(strips, np.int64)
    for p in range(a.size):
        bound = np.int64(minima[p] >> U64(32))
        for s in range(strips):
            tops[s] = least_top(low, high, s * STRIP, a[p], b[p])
            bound = min(bound, tops[s])
        bound = bound + SLACK if bound > UNSURE else _EVERY_TOP
        minima[p] = _least(hashes, count, a[p], b[p], bound, tops, low, high, minima[p])
