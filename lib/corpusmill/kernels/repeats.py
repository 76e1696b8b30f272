"""How many of a document's lines or paragraphs are equal, counted as the filters count that do not leave out the first of each."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import Hashes, xxh64
from corpusmill.kernels.slot_table import find_or_add, next_stamp, table_bits
from corpusmill.kernels.utf8 import Bytes, Counts, Offsets, characters_between, largest_step

REPEATS: Final = ("rows", "characters", "distinct_rows", "distinct_characters", "repeated_rows", "repeated_characters")
"""The columns of count_repeats: of all rows; of the first of each value; of all whose value is there more than once."""


@jit
def hash_cores(
    data: Bytes, start: Offsets, end: Offsets, low: Offsets, high: Offsets, hashes: Hashes, characters: Counts
) -> tuple[Hashes, Counts]:
    """(uint64[m], int32[m]): hash and characters of low to high, given those of start to end, which most often are the same."""
    keys, sizes = hashes.copy(), characters.copy()
    for k in range(start.size):
        if low[k] > start[k] or high[k] < end[k]:
            keys[k] = xxh64(data, low[k], high[k])
            sizes[k] = characters_between(data, low[k], high[k])
    return keys, sizes


@jit
def count_repeats(first: Offsets, keys: Hashes, sizes: Counts, counted: npt.NDArray[np.bool_]) -> Offsets:
    """int64[n, 6]: see REPEATS, of the rows that are counted. `keys`, `sizes`: a hash of each row and its characters."""
    found = np.zeros((first.size - 1, 6), np.int64)
    most = largest_step(first)
    table, times = np.zeros(1 << table_bits(most), np.uint64), np.empty(most, np.int64)
    stamp = 0
    for d in range(first.size - 1):
        begin, end = first[d], first[d + 1]
        own, bits, stamp = keys[begin:end], table_bits(end - begin), next_stamp(table, stamp)
        for k in range(end - begin):
            if not counted[begin + k]:
                continue
            size = np.int64(sizes[begin + k])
            found[d, 0] += 1
            found[d, 1] += size
            row = find_or_add(table, bits, stamp, own, k)
            if row == k:
                times[k] = 1
                found[d, 2] += 1
                found[d, 3] += size
            else:
                again = 1 if times[row] > 1 else 2
                times[row] += 1
                found[d, 4] += again
                found[d, 5] += again * size
    return found
