"""Where sentences begin, in any script, by the rule by which kernels.sentences counts them."""

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.sentences import walk_sentences
from corpusmill.kernels.utf8 import Bytes, Offsets


@jit
def find_sentences(data: Bytes, line_first: Offsets, line_start: Offsets, line_end: Offsets) -> tuple[Offsets, Offsets]:
    """(int64[n+1] each document's first sentence, int64[m] the byte at which each begins) of n documents with these lines.

    A line's end ends its last sentence; a line of white space alone has none.
    """
    n = line_first.size - 1
    first = np.zeros(n + 1, np.int64)
    none = np.empty(0, np.int64)
    for d in range(n):
        first[d + 1] = first[d]
        for k in range(line_first[d], line_first[d + 1]):
            first[d + 1] = walk_sentences(data, line_start[k], line_end[k], none, first[d + 1])
    starts = np.empty(first[n], np.int64)
    count = np.int64(0)
    for k in range(line_start.size):
        count = walk_sentences(data, line_start[k], line_end[k], starts, count)
    return first, starts
