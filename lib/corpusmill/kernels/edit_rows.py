"""Rows of edits as line-edit kernels make them."""

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit

Rows = npt.NDArray[np.int64]
"""int64[m, 3]: start, end (absolute bytes) and code of each edit."""


@jit
def with_room(rows: Rows, wanted: int) -> Rows:
    """The rows, with room for so many."""
    if rows.shape[0] >= wanted:
        return rows
    larger = np.empty((2 * wanted, 3), np.int64)
    larger[: rows.shape[0]] = rows
    return larger


@jit
def push(rows: Rows, count: int, begin: int, start: int, end: int, code: int) -> int:
    """Add a deletion unless it is empty, or lengthen the document's last one where that ends here for the same reason.

    `begin`: the document's first row. Gives the rows there are.
    """
    if start >= end:
        return count
    if count > begin and rows[count - 1, 1] == start and rows[count - 1, 2] == code:
        rows[count - 1, 1] = end
        return count
    rows[count, 0], rows[count, 1], rows[count, 2] = start, end, code
    return count + 1
