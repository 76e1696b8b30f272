"""Binary columns as matrices and back."""

import struct

import numpy as np
import pyarrow as pa
import pytest
from corpusmill.dedup.packing import from_matrix, from_sets, low_bytes, to_matrix, to_sets

ROWS = [bytes([i] * 24) for i in range(6)]


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary()], ids=str)
def test_matrix_and_back_also_of_a_slice(kind):
    column = pa.array(ROWS, kind)
    assert from_matrix(to_matrix(column)).to_pylist() == ROWS
    assert from_matrix(to_matrix(column.slice(2, 3))).to_pylist() == ROWS[2:5]


def test_rows_of_uint64_are_their_bytes():
    assert from_matrix(np.array([[1, 2, 3]], dtype=np.uint64)).to_pylist() == [struct.pack("<3Q", 1, 2, 3)]


def test_unequal_lengths_are_an_error():
    with pytest.raises(ValueError, match="measure it again"):
        to_matrix(pa.array([b"ab", b"abc"]))


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary()], ids=str)
def test_low_bytes_of_values_null_and_empty(kind):
    rows = [struct.pack("<2Q", 0x1FF, 2**64 - 2), None, b"", struct.pack("<3Q", 7, 8, 0x900)]
    assert low_bytes(pa.array(rows, kind)).to_pylist() == [b"\xff\xfe", b"", b"", b"\x07\x08\x00"]
    assert low_bytes(pa.array(rows, kind).slice(3)).to_pylist() == [b"\x07\x08\x00"]
    assert low_bytes(pa.array([], kind)).to_pylist() == []
    assert low_bytes(pa.array([None], kind)).to_pylist() == [b""]


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary()], ids=str)
def test_sets_and_back_also_of_a_slice(kind):
    rows = [struct.pack("<3Q", 1, 2, 2**64 - 1), b"", struct.pack("<Q", 7), b""]
    column = pa.array(rows, kind)
    first, values = to_sets(column)
    assert (first.tolist(), values.tolist()) == ([0, 3, 3, 4, 4], [1, 2, 2**64 - 1, 7])
    assert from_sets(first, values).equals(pa.array(rows, pa.binary()))
    first, values = to_sets(column.slice(2, 2))
    assert (first.tolist(), values.tolist()) == ([0, 1, 1], [7])
    assert from_sets(*to_sets(pa.array([], kind))).to_pylist() == []
    assert to_sets(pa.array([b"", b""], kind))[0].tolist() == [0, 0, 0]


def test_half_a_hash_is_an_error():
    with pytest.raises(ValueError, match="multiple of 8"):
        to_sets(pa.array([b"1234"]))
