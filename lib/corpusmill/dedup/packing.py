"""Binary columns of Arrow as numpy matrices and back, without a Python object a row."""

import numpy as np
import pyarrow as pa

SKETCH_VALUE_BYTES = 8


def to_matrix(column: pa.Array) -> np.ndarray:
    """A binary column of n equally long values, n > 0, as uint8[n, width], a read-only view. Raises ValueError where lengths differ."""
    offsets, data = _buffers(column)
    width = int(offsets[1] - offsets[0])
    if not np.array_equal(np.diff(offsets), np.full(len(column), width)):
        raise ValueError("sketches of different lengths in one snapshot: it was measured with two settings, so measure it again")
    return data[offsets[0] : offsets[-1]].reshape(len(column), width)


def from_matrix(matrix: np.ndarray) -> pa.Array:
    """The rows of a contiguous matrix as a binary column."""
    rows, width = matrix.shape[0], matrix.shape[1] * matrix.itemsize
    fixed = pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), rows, [None, pa.py_buffer(np.ascontiguousarray(matrix))])
    return fixed.cast(pa.binary())


def low_bytes(values: pa.Array) -> pa.Array:
    """The low byte of each little-endian uint64 in a binary column; null and empty values give empty ones."""
    offsets, data = _buffers(values.fill_null(b""))
    low = np.ascontiguousarray(data[offsets[0] : offsets[-1] : SKETCH_VALUE_BYTES])
    starts = ((offsets - offsets[0]) // SKETCH_VALUE_BYTES).astype(np.int32)
    return pa.BinaryArray.from_buffers(pa.binary(), len(values), [None, pa.py_buffer(starts), pa.py_buffer(low)])


def _buffers(column: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Offsets int64[n + 1] and bytes of a binary column without nulls, of either width of offsets."""
    _, offsets, data = column.cast(pa.large_binary()).buffers()
    first = column.offset
    if data is None:
        return np.zeros(len(column) + 1, dtype=np.int64), np.empty(0, dtype=np.uint8)
    starts = np.frombuffer(offsets, dtype=np.int64)[first : first + len(column) + 1]
    return starts, np.frombuffer(data, dtype=np.uint8)
