"""Two 64-bit hashes of each byte range, of unrelated making: by both together 10^12 pieces of text meet by chance with about 10^-15."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import SCRAMBLE, U64, Hashes, avalanche, xxh64
from corpusmill.kernels.memory import load8, load64
from corpusmill.kernels.simplify import LARGEST_GROWTH, simplify
from corpusmill.kernels.utf8 import Bytes, Offsets

_ODD: Final = np.uint64(0xD6E8FEB86659FD93)


@jit
def _second(data: Bytes, start: int, end: int) -> int:
    """A multiplicative hash, 8 bytes at a time."""
    h = U64(end - start) * SCRAMBLE
    i = start
    while i + 8 <= end:
        h = (h ^ load64(data, i)) * _ODD
        h ^= h >> U64(32)
        i += 8
    while i < end:
        h = (h ^ load8(data, i)) * _ODD
        h ^= h >> U64(32)
        i += 1
    return avalanche(h)


@jit
def hash_twice(data: Bytes, start: Offsets, end: Offsets) -> tuple[Hashes, Hashes]:
    """(uint64[m] XXH64, uint64[m] the other hash) of each data[start:end]."""
    hashes, checks = np.empty(start.size, np.uint64), np.empty(start.size, np.uint64)
    for k in range(start.size):
        hashes[k] = xxh64(data, start[k], end[k])
        checks[k] = _second(data, start[k], end[k])
    return hashes, checks


@jit
def hash_simplified(data: Bytes, start: Offsets, end: Offsets) -> tuple[Hashes, Hashes, npt.NDArray[np.bool_]]:
    """As hash_twice, of each data[start:end] after simplify; and bool[m], whether simplify leaves anything of it."""
    longest = np.int64(0)
    for k in range(start.size):
        longest = max(longest, end[k] - start[k])
    out = np.empty(LARGEST_GROWTH * longest + 1, np.uint8)
    hashes, checks = np.empty(start.size, np.uint64), np.empty(start.size, np.uint64)
    is_filled = np.empty(start.size, np.bool_)
    for k in range(start.size):
        size = simplify(data, start[k], end[k], out)
        hashes[k] = xxh64(out, 0, size)
        checks[k] = _second(out, 0, size)
        is_filled[k] = size > 0
    return hashes, checks, is_filled
