"""Text in, sketches out: shingles of the simplified text are hashed, sketched and banded a document at a time.

Source: huggingface/datatrove v0.10.0, src/datatrove/pipeline/dedup/minhash.py. Shingles are n words of the simplified text, joined by one space and
hashed with XXH64.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.bit_sets import WIDTH, small_letters_at, spaces_at, zeros_at
from corpusmill.kernels.fast_similarity import fill_places
from corpusmill.kernels.hashing import U64, Hashes, xxh64
from corpusmill.kernels.memory import load64, store64, trailing_zeros
from corpusmill.kernels.minhash import BLOCK, MERSENNE, lower_minima, permutations
from corpusmill.kernels.properties import CLASS_MASK
from corpusmill.kernels.simplify import LARGEST_GROWTH, simplify
from corpusmill.kernels.unicode import property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, largest_step, width
from corpusmill.kernels.word_break import ALETTER, NUMERIC
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
def _hash_shingles(
    joined: Bytes, length: int, starts: Offsets, held: int, words: int, a: Hashes, b: Hashes, hashes: Hashes, pending: int, minima: Hashes
) -> int:
    """Hash the shingles of the `held` words; gives how many hashes are pending. Where there is no room, those pending are permuted first.

    Words are held back and hashed together, since a processor waits where it reads what it has just written in other pieces.
    """
    if held < words:
        return pending
    if pending + held - words + 1 > hashes.size:
        lower_minima(hashes, pending, a, b, minima)
        pending = 0
    for k in range(held - words):
        hashes[pending + k] = xxh64(joined, starts[k], starts[k + words] - 1)
    pending += held - words
    hashes[pending] = xxh64(joined, starts[held - words], length)
    for k in range(words - 1):
        starts[k] = starts[held - words + 1 + k]
    return pending + 1


@jit
def _mark(simple: Bytes, base: int, size: int) -> tuple[int, int]:
    """Bit sets of the 64 bytes from `base` on: spaces, one thought behind the last byte, and what is no space, a to z or 0."""
    spaces = spaces_at(simple, base)
    others = ~(spaces | small_letters_at(simple, base) | zeros_at(simple, base))
    if size - base < WIDTH:
        last = U64(1) << U64(size - base)
        return spaces & (last - U64(1)) | last, others & (last - U64(1))
    return spaces, others


@jit
def _is_word(simple: Bytes, begin: int, end: int) -> bool:
    """Whether all characters are letters and digits of classes that never break from one another (WB5, WB8 to WB10)."""
    while begin < end:
        if not ALETTER <= property_of(decode(simple, begin)) & CLASS_MASK <= NUMERIC:
            return False
        begin += width(simple[begin])
    return True


@jit
def hash_words(
    simple: Bytes, size: int, words: int, a: Hashes, b: Hashes, joined: Bytes, starts: Offsets, hashes: Hashes, minima: Hashes
) -> tuple[int, int]:
    """Hash the shingles of one simplified text; gives its words, and how many of the `hashes` are pending. `joined`, `starts`: `working_room`.

    Where `hashes` has no room, those pending go into the minima of the permutations `a`, `b`; with room for all, none do.
    What spaces part is one word where it has letters and digits alone; next_segment is asked of the rest.
    """
    seen = held = length = pending = begin = 0
    is_other = False
    for base in range(0, size + 1, WIDTH):
        spaces, others = _mark(simple, base, size)
        while spaces != U64(0):
            before = (spaces - U64(1)) & ~spaces
            end = base + trailing_zeros(spaces)
            start, after = begin, end
            is_other = (is_other or others & before != U64(0)) and not _is_word(simple, begin, end)
            if is_other:
                # A mark behind a space is one segment with it.
                start, after, _ = next_segment(simple, max(begin - 1, 0), end)
            while start < after:
                starts[held] = length + 1 if length else 0
                length = _append_word(simple, start, after, joined, length)
                seen += 1
                held += 1
                if held == starts.size:
                    pending = _hash_shingles(joined, length, starts, held, words, a, b, hashes, pending, minima)
                    held = words - 1
                start = after
                if is_other:
                    start, after, _ = next_segment(simple, after, end)
            begin = end + 1
            is_other = False
            others &= ~before
            spaces &= spaces - U64(1)
        is_other = is_other or others != U64(0)
    return seen, _hash_shingles(joined, length, starts, held, words, a, b, hashes, pending, minima)


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
def working_room(longest: int, words: int) -> tuple[Bytes, Bytes, Offsets]:
    """Room for one document after another: its simplified text of up to `longest` bytes, its words joined, and where a block of words starts."""
    return np.empty(longest + WIDTH + 8, np.uint8), np.empty(2 * longest + 8, np.uint8), np.empty(BLOCK + words - 1, np.int64)


@jit
def _sketch(
    data: Bytes, offsets: Offsets, words: int, is_fast: bool, a: Hashes, b: Hashes, values: Hashes, bands: Hashes, shingles: Offsets
) -> None:
    """Sketch all documents. Room for the longest one; memory that is never touched is never taken."""
    longest = LARGEST_GROWTH * largest_step(offsets)
    simple, joined, starts = working_room(longest, words)
    # A fast sketch may read the hashes again: there are fewer than bytes.
    hashes = np.empty(longest + 1 if is_fast else BLOCK, np.uint64)
    sketch = np.empty(a.size, np.uint64)
    is_open, reached = np.empty(a.size, np.bool_), np.empty(a.size, np.int64)
    for d in range(offsets.size - 1):
        size = simplify(data, offsets[d], offsets[d + 1], simple)
        sketch[:] = MERSENNE
        seen, pending = hash_words(simple, size, words, a, b, joined, starts, hashes, sketch)
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
