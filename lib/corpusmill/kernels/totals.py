"""Sums over the pieces of each document, without an array of as many rows in between: numpy's reduceat makes one of 8 bytes a piece."""

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.utf8 import Offsets

Numbers = npt.NDArray[np.integer | np.bool_]


@jit
def sum_pieces(first: Offsets, values: Numbers) -> npt.NDArray[np.int64]:
    """int64[n]: the sum of values[first[d]:first[d + 1]] of each document."""
    sums = np.zeros(first.size - 1, np.int64)
    for d in range(first.size - 1):
        for k in range(first[d], first[d + 1]):
            sums[d] += np.int64(values[k])
    return sums


@jit
def sum_chosen(first: Offsets, values: Numbers, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """As sum_pieces, of the pieces that are chosen."""
    sums = np.zeros(first.size - 1, np.int64)
    for d in range(first.size - 1):
        for k in range(first[d], first[d + 1]):
            if chosen[k]:
                sums[d] += np.int64(values[k])
    return sums
