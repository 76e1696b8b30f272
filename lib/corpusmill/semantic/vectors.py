"""Vectors in Arrow and numpy, and cosines that are the same however vectors come in batches.

Products of float32 matrices round differently from one block size, library or machine to the next. They only screen here: where rounding could
decide, the cosine is computed again by `cosines`, pair by pair in float64.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Vectors = npt.NDArray[np.float32]
"""float32[n, d], rows of length 1."""
_PAIRS = 4096
"""Pairs whose products are computed at once: 50 MB of 768 values."""


def to_vectors(column: pa.Array[Any]) -> Vectors:
    """A list column of n equally long lists, n > 0, without nulls. Raises ValueError where lengths differ."""
    values: npt.NDArray[np.float32] = column.flatten().to_numpy(zero_copy_only=False).astype(np.float32, copy=False)
    size = len(values) // len(column)
    if not np.array_equal(column.value_lengths().to_numpy(zero_copy_only=False), np.full(len(column), size)):
        raise ValueError("vectors of different lengths: embeddings were made with two embedders, so run embed_documents again")
    return values.reshape(len(column), size)


def from_vectors(vectors: Vectors) -> pa.Array[Any]:
    """The rows as a list column."""
    offsets = np.arange(len(vectors) + 1, dtype=np.int32) * vectors.shape[1]
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(vectors.reshape(-1), pa.float32()))


def unit(vectors: npt.NDArray[np.floating[Any]]) -> tuple[Vectors, npt.NDArray[np.int64]]:
    """(rows scaled to length 1, their numbers): those of length 0 or with values that are not finite, which have no direction, are left out."""
    wide = vectors.astype(np.float64)
    norms = np.sqrt((wide * wide).sum(axis=1))
    rows = np.flatnonzero(np.isfinite(norms) & (norms > 0))
    return (wide[rows] / norms[rows, None]).astype(np.float32), rows


def cosines(left: Vectors, right: Vectors, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """float64[p]: the cosine of each pair (left[rows[i]], right[columns[i]]); of equal vectors 1 exactly, and never more."""
    found = np.empty(len(rows), np.float64)
    for start in range(0, len(rows), _PAIRS):
        chosen = slice(start, start + _PAIRS)
        one, other = left[rows[chosen]].astype(np.float64), right[columns[chosen]].astype(np.float64)
        # Divided by both lengths, as float32 leaves them 1e-7 off 1.
        lengths = np.sqrt((one * one).sum(axis=1) * (other * other).sum(axis=1))
        found[chosen] = (one * other).sum(axis=1) / lengths
    return np.minimum(found, 1.0)


def margin(size: int) -> float:
    """How far the float32 product of two vectors of `size` values is off their cosine at most.

    d roundings of 2^-24 each (Higham, Accuracy and Stability of Numerical Algorithms, 3.1), and the lengths' own; twice that.
    """
    return float((size + 16) * 2.0**-23)


def similar(left: Vectors, right: Vectors, threshold: float) -> npt.NDArray[np.bool_]:
    """bool[m, n]: whether the cosine of each pair is at or above the threshold. Memory: 10 bytes a pair."""
    products = left @ right.T
    found = products >= threshold
    doubtful = np.abs(products - np.float32(threshold)) <= margin(left.shape[1])
    rows, columns = np.nonzero(doubtful)
    found[rows, columns] = cosines(left, right, rows, columns) >= threshold
    return found
