"""Sums over the pieces of each document."""

import numpy as np
import numpy.typing as npt

from corpusmill.text.batch import Offsets


def total(first: Offsets, values: npt.NDArray[np.integer | np.bool_]) -> npt.NDArray[np.int64]:
    """int64[n]: the sum of values[first[d]:first[d + 1]] of each document; 0 where it has no piece."""
    sums = np.zeros(first.size - 1, np.int64)
    # reduceat gives an empty stretch its next piece; those left out stay 0. Unlike a running sum it needs no memory for each piece.
    filled = np.diff(first) > 0
    if filled.any():
        sums[filled] = np.add.reduceat(values, first[:-1][filled], dtype=np.int64)
    return sums
