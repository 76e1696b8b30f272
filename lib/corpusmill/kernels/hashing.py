"""64-bit hashes of byte ranges: xxHash's XXH64 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md), bit for bit."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.memory import load8, load32, load64
from corpusmill.kernels.utf8 import Bytes

U64: Final = np.uint64
Hashes = npt.NDArray[np.uint64]
WordKeys = npt.NDArray[np.unsignedinteger[Any]]
"""Of each word a hash, uint64, or, where a word is a character, its code point, uint32, or uint8 where all are ASCII."""

SCRAMBLE: Final = np.uint64(0x9E3779B97F4A7C15)
"""2^64 by the golden ratio: multiplication by it spreads near keys (Knuth, The Art of Computer Programming 3, 6.4)."""
_P1: Final = np.uint64(0x9E3779B185EBCA87)
_P2: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_P3: Final = np.uint64(0x165667B19E3779F9)
_P4: Final = np.uint64(0x85EBCA77C2B2AE63)
_P5: Final = np.uint64(0x27D4EB2F165667C5)


@jit
def _rotate(x: int, bits: int) -> int:
    return (x << U64(bits)) | (x >> U64(64 - bits))


@jit
def _round(accumulator: int, lane: int) -> int:
    return _rotate(accumulator + lane * _P2, 31) * _P1


@jit
def _stripes(data: Bytes, start: int, end: int) -> int:
    """The 32-byte stripes of a long input, merged into one accumulator."""
    a, b, c, d = _P1 + _P2, _P2, U64(0), U64(0) - _P1
    i = start
    while i + 32 <= end:
        a = _round(a, load64(data, i))
        b = _round(b, load64(data, i + 8))
        c = _round(c, load64(data, i + 16))
        d = _round(d, load64(data, i + 24))
        i += 32
    h = _rotate(a, 1) + _rotate(b, 7) + _rotate(c, 12) + _rotate(d, 18)
    h = (h ^ _round(U64(0), a)) * _P1 + _P4
    h = (h ^ _round(U64(0), b)) * _P1 + _P4
    h = (h ^ _round(U64(0), c)) * _P1 + _P4
    return (h ^ _round(U64(0), d)) * _P1 + _P4


@jit
def xxh64(data: Bytes, start: int, end: int) -> int:
    """XXH64, seed 0, of data[start:end]."""
    length = end - start
    i = start
    if length >= 32:
        h = _stripes(data, start, end)
        i = end - (length & 31)
    else:
        h = _P5
    h += U64(length)
    while i + 8 <= end:
        h = _rotate(h ^ _round(U64(0), load64(data, i)), 27) * _P1 + _P4
        i += 8
    if i + 4 <= end:
        h = _rotate(h ^ (load32(data, i) * _P1), 23) * _P2 + _P3
        i += 4
    while i < end:
        h = _rotate(h ^ (load8(data, i) * _P5), 11) * _P1
        i += 1
    return avalanche(h)


@jit
def avalanche(h: int) -> int:
    """XXH64's last step: each bit of a 64-bit word changes about half of the result's."""
    h = (h ^ (h >> U64(33))) * _P2
    h = (h ^ (h >> U64(29))) * _P3
    return h ^ (h >> U64(32))


@jit
def hash_spans(data: Bytes, start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> Hashes:
    """uint64[m]: XXH64 of each data[start:end]."""
    hashes = np.empty(start.size, np.uint64)
    for k in range(start.size):
        hashes[k] = xxh64(data, start[k], end[k])
    return hashes
