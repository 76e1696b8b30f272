"""MinHash sketches in datatrove's exact arithmetic: text in, K minima out.

Source: huggingface/datatrove v0.10.0, src/datatrove/pipeline/dedup/minhash.py. Shingles are n words of the simplified text, joined by one space;
each is hashed with XXH64 and permuted by (h a + b) mod (2^61 - 1), where the product wraps at 2^64 before the modulo.
"""

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import U64, Hashes, hash_spans, xxh64
from corpusmill.kernels.lanes import find_byte
from corpusmill.kernels.simplify import LARGEST_GROWTH, simplify
from corpusmill.kernels.utf8 import Bytes, Offsets, largest_step
from corpusmill.kernels.words import next_segment

MERSENNE: Final = np.uint64((1 << 61) - 1)
_SEED: Final = 1
_BLOCK: Final = 1024
"""Shingle hashes permuted at a time: 8 KB stay in the first-level cache while 112 permutations pass over them."""


@cache
def permutations(count: int) -> tuple[Hashes, Hashes]:
    """a, b: uint64[count] in [1, 2^61 - 1) and [0, 2^61 - 1), drawn as datatrove draws them."""
    generator = np.random.RandomState(_SEED)
    a = generator.randint(1, MERSENNE, dtype=np.uint64, size=(1, count))
    b = generator.randint(0, MERSENNE, dtype=np.uint64, size=(1, count))
    return a[0], b[0]


@jit
def _lower_minima(hashes: Hashes, count: int, a: Hashes, b: Hashes, minima: Hashes) -> None:
    """Take the first `count` shingle hashes into the minima. The inner loop has one permutation and is vectorised."""
    for p in range(a.size):
        factor, addend = a[p], b[p]
        least = np.int64(minima[p])
        for k in range(count):
            x = hashes[k] * factor + addend
            x = (x & MERSENNE) + (x >> U64(61))
            x = (x + ((x + U64(1)) >> U64(61))) & MERSENNE
            least = min(least, np.int64(x))
        minima[p] = U64(least)


@jit
def _append_word(simple: Bytes, start: int, end: int, joined: Bytes, size: int) -> int:
    """Append a space, if anything is there, and the word; gives the new size."""
    if size:
        joined[size] = 32
        size += 1
    for i in range(start, end):
        joined[size] = simple[i]
        size += 1
    return size


@jit
def _take(hashes: Hashes, pending: int, a: Hashes, b: Hashes, minima: Hashes) -> int:
    """Take the pending shingle hashes in when the block is full; gives how many are pending then."""
    if pending < hashes.size:
        return pending
    _lower_minima(hashes, pending, a, b, minima)
    return 0


@jit
def _sketch_words(
    simple: Bytes, size: int, words: int, a: Hashes, b: Hashes, joined: Bytes, starts: Offsets, hashes: Hashes, minima: Hashes
) -> int:
    """Sketch one simplified text; gives its number of words. `joined`, `starts`, `hashes`: room to work in."""
    seen = slot = pending = length = 0
    start, end, _ = next_segment(simple, 0, size)
    while start < end:
        starts[slot] = length + 1 if length else 0
        length = _append_word(simple, start, end, joined, length)
        slot = slot + 1 if slot + 1 < words else 0
        seen += 1
        if seen >= words:
            hashes[pending] = xxh64(joined, starts[slot], length)
            pending = _take(hashes, pending + 1, a, b, minima)
        start, end, _ = next_segment(simple, end, size)
    _lower_minima(hashes, pending, a, b, minima)
    return seen


@jit
def _is_plain(simple: Bytes, size: int) -> bool:
    """Whether a simplified text has a to z, 0 and single spaces alone: then its words are what the spaces part."""
    others = 0
    for i in range(size):
        byte = np.int64(simple[i])
        others += not ((byte >= 97) & (byte <= 122) | (byte == 48) | (byte == 32))
    for i in range(1, size):
        others += (simple[i] == 32) & (simple[i - 1] == 32)
    return others == 0


@jit
def _sketch_plain(simple: Bytes, size: int, words: int, a: Hashes, b: Hashes, starts: Offsets, hashes: Hashes, minima: Hashes) -> int:
    """As _sketch_words, for a plain text, which is its own join of words."""
    seen = slot = pending = i = 0
    while i < size:
        starts[slot] = i
        i = find_byte(simple, i, size, 32)
        slot = slot + 1 if slot + 1 < words else 0
        seen += 1
        if seen >= words:
            hashes[pending] = xxh64(simple, starts[slot], i)
            pending = _take(hashes, pending + 1, a, b, minima)
        i += 1
    _lower_minima(hashes, pending, a, b, minima)
    return seen


@jit
def _sketch(data: Bytes, offsets: Offsets, words: int, a: Hashes, b: Hashes, minima: Hashes, shingles: Offsets) -> None:
    """Sketch all documents. Room for the longest one; memory that is never touched is never taken."""
    longest = largest_step(offsets)
    simple = np.empty(LARGEST_GROWTH * longest, np.uint8)
    joined = np.empty(2 * LARGEST_GROWTH * longest, np.uint8)
    starts = np.empty(words, np.int64)
    hashes = np.empty(_BLOCK, np.uint64)
    for d in range(offsets.size - 1):
        size = simplify(data, offsets[d], offsets[d + 1], simple)
        if _is_plain(simple, size):
            seen = _sketch_plain(simple, size, words, a, b, starts, hashes, minima[d])
        else:
            seen = _sketch_words(simple, size, words, a, b, joined, starts, hashes, minima[d])
        shingles[d] = max(seen - words + 1, 0)


def sketch(data: Bytes, offsets: Offsets, words: int, count: int) -> tuple[Hashes, Offsets]:
    """(minima uint64[n, count], shingles int64[n]) of n documents. `words`: words a shingle.

    A document of fewer words has no shingle and no sketch: its row is 2^61 - 1, larger than any minimum.
    """
    a, b = permutations(count)
    minima = np.full((offsets.size - 1, count), MERSENNE)
    shingles = np.zeros(offsets.size - 1, np.int64)
    _sketch(data, offsets, words, a, b, minima, shingles)
    return minima, shingles


def band_hashes(minima: Hashes, bands: int) -> npt.NDArray[np.int64]:
    """int64[n, bands]: XXH64 of the little-endian bytes of each band's rows. `minima`: uint64[n, bands * rows]."""
    data = np.ascontiguousarray(minima, "<u8").view(np.uint8).reshape(-1)
    size = minima.shape[1] // bands * minima.itemsize
    start = np.arange(minima.shape[0] * bands, dtype=np.int64) * size
    return hash_spans(data, start, start + size).view(np.int64).reshape(-1, bands)
