"""The longest lines of documents."""

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.utf8 import Counts, Offsets


@jit
def largest_three(first: Offsets, sizes: Counts) -> Offsets:
    """int64[n, 3]: the three largest of sizes[first[d]:first[d + 1]], largest first; 0 where there are fewer."""
    largest = np.zeros((first.size - 1, 3), np.int64)
    for d in range(first.size - 1):
        for k in range(first[d], first[d + 1]):
            size = np.int64(sizes[k])
            if size > largest[d, 0]:
                largest[d, 2], largest[d, 1], largest[d, 0] = largest[d, 1], largest[d, 0], size
            elif size > largest[d, 1]:
                largest[d, 2], largest[d, 1] = largest[d, 1], size
            elif size > largest[d, 2]:
                largest[d, 2] = size
    return largest
