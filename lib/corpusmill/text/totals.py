"""Sums over the pieces of each document."""

import numpy as np
import numpy.typing as npt

from corpusmill.text.batch import Offsets


def total(first: Offsets, values: npt.NDArray[np.integer | np.bool_]) -> npt.NDArray[np.int64]:
    """int64[n]: the sum of values[first[d]:first[d + 1]] of each document; 0 where it has no piece."""
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(values, dtype=np.int64)])
    return np.diff(sums[first])
