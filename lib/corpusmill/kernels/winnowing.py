"""Which of many hashes stand for a stretch of text wherever it occurs: winnowing (Schleimer, Wilkerson, Aiken, SIGMOD 2003)."""

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import Hashes
from corpusmill.kernels.utf8 import Offsets


@jit
def select_minima(grams: Hashes, first: Offsets, length: int) -> Offsets:
    """int64[w]: for each run of `length` hashes of one document the row of its least, of equal ones of the last.

    `grams` uint64[g], `first` int64[n+1]. The place of that row in its run is a function of the run's hashes alone. Of random hashes two in
    `length` + 1 are a run's least.
    """
    total = np.int64(0)
    for d in range(first.size - 1):
        total += max(0, first[d + 1] - first[d] - length + 1)
    rows = np.empty(total, np.int64)
    count = 0
    for d in range(first.size - 1):
        least = first[d]
        for k in range(first[d], first[d + 1]):
            begin = k - length + 1
            if least < begin:
                least = begin
                for j in range(begin + 1, k + 1):
                    if grams[j] <= grams[least]:
                        least = j
            elif grams[k] <= grams[least]:
                least = k
            if begin >= first[d]:
                rows[count] = least
                count += 1
    return rows
