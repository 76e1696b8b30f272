"""Text in, sketches out: shingles of the simplified text are hashed, sketched and banded a document at a time.

Source: huggingface/datatrove v0.10.0, src/datatrove/pipeline/dedup/minhash.py. Shingles are n words of the simplified text, joined by one space and
hashed with XXH64.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.fast_similarity import fill_places
from corpusmill.kernels.hashing import Hashes, xxh64
from corpusmill.kernels.lanes import find_byte
from corpusmill.kernels.memory import load64, store64
from corpusmill.kernels.minhash import BLOCK, MERSENNE, lower_minima, permutations
from corpusmill.kernels.simplify import LARGEST_GROWTH, simplify
from corpusmill.kernels.utf8 import Bytes, Offsets, largest_step
from corpusmill.kernels.words import next_segment


class Sketches(NamedTuple):
    """Sketches of n documents. A document of fewer words than a shingle has none; its row of values and of bands means nothing."""

    values: Hashes
    """uint64[n, kept]: the first values."""
    bands: npt.NDArray[np.int64]
    """int64[n, bands]: XXH64 of the little-endian bytes of each band's values."""
    shingles: npt.NDArray[np.int64]
    """int64[n]: shingles, repeated ones counted again."""


@jit
def _append_word(simple: Bytes, start: int, end: int, joined: Bytes, size: int) -> int:
    """Append a space, if anything is there, and the word; gives the new size. Copies eight bytes at a time, up to seven too many."""
    if size:
        joined[size] = 32
        size += 1
    for i in range(start, end, 8):
        store64(joined, size + i - start, load64(simple, i))
    return size + end - start


@jit
def _take(hashes: Hashes, pending: int, a: Hashes, b: Hashes, minima: Hashes) -> int:
    """Permute the pending shingle hashes when there is no room for more; gives how many are pending then."""
    if pending < hashes.size:
        return pending
    lower_minima(hashes, pending, a, b, minima)
    return 0


@jit
def _hash_words(
    simple: Bytes, size: int, words: int, a: Hashes, b: Hashes, joined: Bytes, starts: Offsets, hashes: Hashes, minima: Hashes
) -> tuple[int, int]:
    """Hash the shingles of one simplified text; gives its words, and how many of the `hashes` are pending. `joined`, `starts`: room to work in."""
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
    return seen, pending


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
def _hash_plain(
    simple: Bytes, size: int, words: int, a: Hashes, b: Hashes, starts: Offsets, hashes: Hashes, minima: Hashes
) -> tuple[int, int]:
    """As _hash_words, for a plain text, which is its own join of words."""
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
    return seen, pending


@jit
def _keep(sketch: Hashes, values: Hashes, bands: Hashes) -> None:
    """Keep the first values, and a hash of each band."""
    for k in range(values.size):
        values[k] = sketch[k]
    data = sketch.view(np.uint8)
    step = data.size // bands.size
    for band in range(bands.size):
        bands[band] = xxh64(data, band * step, (band + 1) * step)


@jit
def _sketch(
    data: Bytes, offsets: Offsets, words: int, is_fast: bool, a: Hashes, b: Hashes, values: Hashes, bands: Hashes, shingles: Offsets
) -> None:
    """Sketch all documents. Room for the longest one; memory that is never touched is never taken."""
    longest = LARGEST_GROWTH * largest_step(offsets)
    simple = np.empty(longest + 8, np.uint8)
    joined = np.empty(2 * longest + 8, np.uint8)
    starts = np.empty(words, np.int64)
    # A fast sketch may read the hashes again: there are fewer than bytes.
    hashes = np.empty(longest + 1 if is_fast else BLOCK, np.uint64)
    sketch = np.empty(a.size, np.uint64)
    is_open, reached = np.empty(a.size, np.bool_), np.empty(a.size, np.int64)
    for d in range(offsets.size - 1):
        size = simplify(data, offsets[d], offsets[d + 1], simple)
        sketch[:] = MERSENNE
        if _is_plain(simple, size):
            seen, pending = _hash_plain(simple, size, words, a, b, starts, hashes, sketch)
        else:
            seen, pending = _hash_words(simple, size, words, a, b, joined, starts, hashes, sketch)
        shingles[d] = max(seen - words + 1, 0)
        if shingles[d] == 0:
            continue
        if is_fast:
            fill_places(hashes, pending, is_open, reached, sketch)
        else:
            lower_minima(hashes, pending, a, b, sketch)
        _keep(sketch, values[d], bands[d])


def sketch(data: Bytes, offsets: Offsets, words: int, bands: int, rows: int, kept: int, method: str) -> Sketches:
    """Sketches of `bands` times `rows` values, of which `kept` come out. `words`: words a shingle. `method`: minhash or fast_similarity.

    Memory: what comes out, and for the longest document a few times its text.
    """
    n = offsets.size - 1
    a, b = permutations(bands * rows)
    found = Sketches(np.empty((n, kept), np.uint64), np.empty((n, bands), np.int64), np.zeros(n, np.int64))
    _sketch(data, offsets, words, method == "fast_similarity", a, b, found.values, found.bands.view(np.uint64), found.shingles)
    return found
