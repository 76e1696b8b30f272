"""Binary columns of Arrow as numpy matrices and back, without a Python object a row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

SKETCH_VALUE_BYTES = SET_VALUE_BYTES = 8


def to_matrix(column: pa.Array[Any]) -> np.ndarray:
    """A binary column of n equally long values, n > 0, as uint8[n, width], a read-only view. Raises ValueError where lengths differ."""
    offsets, data = _buffers(column)
    width = int(offsets[1] - offsets[0])
    if not np.array_equal(np.diff(offsets), np.full(len(column), width)):
        raise ValueError("sketches of different lengths: what is compared was measured with two settings, so measure it again")
    return data[offsets[0] : offsets[-1]].reshape(len(column), width)


def from_matrix(matrix: np.ndarray) -> pa.Array[Any]:
    """The rows of a contiguous matrix as a binary column."""
    rows, width = matrix.shape[0], matrix.shape[1] * matrix.itemsize
    fixed = pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), rows, [None, _buffer(matrix)])
    return fixed.cast(pa.binary())


def low_bytes(values: pa.Array[Any]) -> pa.Array[Any]:
    """The low byte of each little-endian uint64 in a binary column; null and empty values give empty ones."""
    offsets, data = _buffers(values.fill_null(b""))
    low = data[offsets[0] : offsets[-1] : SKETCH_VALUE_BYTES]
    starts = ((offsets - offsets[0]) // SKETCH_VALUE_BYTES).astype(np.int32)
    return pa.BinaryArray.from_buffers(pa.binary(), len(values), [None, _buffer(starts), _buffer(low)])


def to_sets(column: pa.Array[Any]) -> tuple[np.ndarray, np.ndarray]:
    """(first int64[n + 1], values uint64[m]) of a binary column without nulls: row r has the little-endian values[first[r] : first[r + 1]].

    Values are read-only. Raises ValueError where a row is no whole number of them.
    """
    offsets, data = _buffers(column)
    first = offsets - offsets[0]
    if np.any(first % SET_VALUE_BYTES):
        raise ValueError(f"a set of shingles is no multiple of {SET_VALUE_BYTES} bytes")
    values = np.require(data[offsets[0] : offsets[-1]], requirements="A").view("<u8")
    values.flags.writeable = False
    return first // SET_VALUE_BYTES, values


def from_sets(first: np.ndarray, values: np.ndarray) -> pa.Array[Any]:
    """The sets as a binary column. Raises pa.ArrowInvalid where it cannot hold so many bytes."""
    starts = np.asarray(first * SET_VALUE_BYTES, np.int64)
    wide = pa.Array.from_buffers(pa.large_binary(), len(first) - 1, [None, _buffer(starts), _buffer(np.asarray(values, "<u8"))])
    return wide.cast(pa.binary())


def _buffer(array: np.ndarray) -> pa.Buffer:
    """The array's bytes, copied only where they are not contiguous."""
    return pa.py_buffer(np.ascontiguousarray(array).data)


def _buffers(column: pa.Array[Any]) -> tuple[np.ndarray, np.ndarray]:
    """Offsets int64[n + 1] and bytes of a binary column without nulls, of either width of offsets."""
    wide: Any = column.cast(pa.large_binary())
    _, offsets, data = wide.buffers()
    first = wide.offset
    if data is None:
        return np.zeros(len(column) + 1, dtype=np.int64), np.empty(0, dtype=np.uint8)
    starts = np.frombuffer(offsets, dtype=np.int64)[first : first + len(column) + 1]
    return starts, np.frombuffer(data, dtype=np.uint8)
