"""Text in, sets of shingles out: the hashes that sketches are made of, each once and in order, so that two sets can be merged."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.fast_similarity import sort_distinct
from corpusmill.kernels.hashing import Hashes
from corpusmill.kernels.shingles import hash_words, working_room
from corpusmill.kernels.simplify import LARGEST_GROWTH, simplify
from corpusmill.kernels.utf8 import Bytes, Offsets, largest_step

_NONE: Final = np.empty(0, np.uint64)


@jit
def _fill(data: Bytes, offsets: Offsets, words: int, none: Hashes, first: Offsets, hashes: Hashes) -> None:
    """Write the sets one behind another; memory that is never touched is never taken. `none`: no permutations, and no minima of them."""
    longest = LARGEST_GROWTH * largest_step(offsets)
    simple, joined, starts = working_room(longest, words)
    first[0] = 0
    for d in range(offsets.size - 1):
        size = simplify(data, offsets[d], offsets[d + 1], simple)
        rest = hashes[first[d] :]
        _, count = hash_words(simple, size, words, none, none, joined, starts, rest, none)
        first[d + 1] = first[d] + (sort_distinct(rest, count) if count else 0)


def shingle_sets(data: Bytes, offsets: Offsets, words: int) -> tuple[Offsets, Hashes]:
    """(first int64[n+1], hashes uint64[m]): document d has the distinct XXH64 of its shingles of `words` words, sorted, from first[d] on.

    They are the hashes that `shingles.sketch` sketches. A document of fewer words has none. Memory: 8 bytes a shingle twice over, and for the
    longest document a few times its text.
    """
    first = np.empty(offsets.size, np.int64)
    # A shingle takes a byte of simplified text at least.
    hashes = np.empty(LARGEST_GROWTH * int(offsets[-1] - offsets[0]) + 1, np.uint64)
    _fill(data, offsets, words, _NONE, first, hashes)
    return first, hashes[: first[-1]].copy()
