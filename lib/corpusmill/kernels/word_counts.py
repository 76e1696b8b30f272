"""How many segments (UAX #29) documents have, without keeping any: for views whose words are only counted."""

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.ascii_blocks import BLOCK, mark_block
from corpusmill.kernels.memory import bits_set, leading_zeros
from corpusmill.kernels.utf8 import Bytes, Offsets
from corpusmill.kernels.words import next_segment


@jit
def _count_segments(data: Bytes, i: int, end: int) -> int:
    """Segments of data[i:end], those of white space alone left out, without keeping any."""
    count, block = 0, i
    while i < end:
        if block <= i and i + BLOCK <= data.size:
            _, ends, _, _, is_ascii = mark_block(data, i, end)
            count += bits_set(ends)
            after = i + BLOCK - leading_zeros(ends)
            block = after if is_ascii else i + BLOCK
            if ends:
                i = after
                continue
        begin, i, _ = next_segment(data, i, end)
        count += begin < i
    return count


@jit
def count_segments(data: Bytes, offsets: Offsets, is_counted: npt.NDArray[np.bool_]) -> Offsets:
    """int64[n]: segments of the documents that are counted, else 0."""
    counts = np.zeros(offsets.size - 1, np.int64)
    for d in range(offsets.size - 1):
        if is_counted[d]:
            counts[d] = _count_segments(data, offsets[d], offsets[d + 1])
    return counts
