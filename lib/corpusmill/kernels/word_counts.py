"""How many words documents have, without keeping any: for views whose words are only counted."""

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.ascii_blocks import BLOCK, mark_block
from corpusmill.kernels.english_rows import count_english
from corpusmill.kernels.memory import bits_set, leading_zeros
from corpusmill.kernels.utf8 import Bytes, Offsets, largest_document
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
def count_words(data: Bytes, offsets: Offsets, is_english: npt.NDArray[np.bool_]) -> Offsets:
    """int64[n]: how many words segment_words finds in each document, without keeping any."""
    counts = np.zeros(offsets.size - 1, np.int64)
    cuts = np.zeros(largest_document(offsets), np.uint8)
    for d in range(offsets.size - 1):
        if is_english[d]:
            counts[d] = count_english(data, offsets[d], offsets[d + 1], cuts)
        else:
            counts[d] = _count_segments(data, offsets[d], offsets[d + 1])
    return counts
