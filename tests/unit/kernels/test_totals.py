"""Sums of pieces against plain Python."""

import numpy as np
import pytest
from corpusmill.kernels.totals import sum_chosen, sum_pieces
from hypothesis import given, settings
from hypothesis import strategies as st

PIECES = st.lists(st.lists(st.tuples(st.integers(0, 1000), st.booleans()), max_size=5), max_size=6)


@pytest.mark.parametrize("dtype", [np.bool_, np.int32, np.int64])
@given(documents=PIECES)
@settings(max_examples=50, deadline=None)
def test_sums(dtype, documents):
    first = np.cumsum([0, *map(len, documents)])
    values = np.array([value for document in documents for value, _ in document], dtype)
    chosen = np.array([keep for document in documents for _, keep in document], np.bool_)
    expected = [sum(int(dtype(value)) for value, _ in document) for document in documents]
    assert sum_pieces(first, values).tolist() == expected
    expected = [sum(int(dtype(value)) for value, keep in document if keep) for document in documents]
    assert sum_chosen(first, values, chosen).tolist() == expected
