"""Kernels of passages: where sentences begin, two hashes of each piece, and the least of each run of hashes."""

from itertools import pairwise

import numpy as np
import pytest
import xxhash
from corpusmill.kernels.double_hashes import hash_simplified, hash_twice
from corpusmill.kernels.sentence_starts import find_sentences
from corpusmill.kernels.sentences import count_sentences
from corpusmill.kernels.winnowing import select_minima
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.kernels import twins
from tests.unit.kernels.pieces import HOSTILE, batch

marked = st.text(st.sampled_from(list("ab1 .?!\"'\n。？（）क।")), max_size=60)


def sentences(*texts):
    found = batch(*texts)
    first, starts = find_sentences(found.data, found.lines.first, found.lines.start, found.lines.end)
    data = found.data.tobytes()
    return [
        [data[a:b].decode() for a, b in pairwise([*starts[first[d] : first[d + 1]].tolist(), int(found.offsets[d + 1])])]
        for d in range(found.n)
    ]


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("One. Two! Three?\nFour", ["One. ", "Two! ", "Three?\n", "Four"]),
        ('  He said "Hi." Then he left.', ['He said "Hi." ', "Then he left."]),
        ("J. R. Smith came. Yes", ["J. R. Smith came. ", "Yes"]),
        ("これは文です。それも文です。", ["これは文です。", "それも文です。"]),
        ("\n \n", []),
    ],
)
def test_sentences_begin(text, parted):
    assert sentences(text, text) == [parted, parted]


@given(st.lists(marked, max_size=5))
@settings(max_examples=300, deadline=None)
def test_as_many_begin_as_are_counted(texts):
    found = batch(*texts)
    lines = found.lines
    counted, _ = count_sentences(found.data, lines.start, lines.end, np.zeros(len(lines.start), bool))
    first, starts = find_sentences(found.data, lines.first, lines.start, lines.end)
    per_line = np.concatenate([[0], np.cumsum(counted)])
    assert first.tolist() == per_line[lines.first].tolist()
    for k, (a, b) in enumerate(pairwise(per_line)):
        assert all(lines.start[k] <= start < lines.end[k] for start in starts[a:b])
        assert (np.diff(starts[a:b]) > 0).all()


def spans_of(found):
    return found.offsets[:-1].copy(), found.offsets[1:].copy()


@given(st.lists(st.text(max_size=30), max_size=8))
@settings(max_examples=200, deadline=None)
def test_two_hashes(texts):
    texts = [*texts, *HOSTILE.values(), "x" * 9, "x" * 8, "x" * 16]
    texts = [text for text in texts if text.isprintable() or text in HOSTILE.values()]
    found = batch(*texts, *texts)
    hashes, checks = hash_twice(found.data, *spans_of(found))
    assert hashes.tolist() == [xxhash.xxh64_intdigest(text.encode()) for text in texts] * 2
    n = len(texts)
    assert checks[:n].tolist() == checks[n:].tolist()
    assert len(set(checks.tolist())) == len(set(texts))


@given(st.lists(st.text(st.sampled_from(list("aA1 .é")), max_size=8), max_size=8))
@settings(max_examples=200, deadline=None)
def test_hashes_of_simplified_texts(texts):
    texts += HOSTILE.values()
    found, simple = batch(*texts), batch(*[twins.simplify(text) for text in texts])
    hashes, checks, is_filled = hash_simplified(found.data, *spans_of(found))
    expected = hash_twice(simple.data, *spans_of(simple))
    assert (hashes.tolist(), checks.tolist()) == (expected[0].tolist(), expected[1].tolist())
    assert is_filled.tolist() == [bool(twins.simplify(text)) for text in texts]


@given(st.lists(st.lists(st.integers(0, 5), max_size=20), max_size=4), st.integers(1, 6))
@settings(max_examples=300, deadline=None)
def test_minima(documents, length):
    grams = np.array([value for found in documents for value in found], np.uint64)
    first = np.cumsum([0, *map(len, documents)])
    expected = [
        int(first[d]) + begin + max(range(length), key=lambda j: (-found[begin + j], j))
        for d, found in enumerate(documents)
        for begin in range(len(found) - length + 1)
    ]
    assert select_minima(grams, first, length).tolist() == expected
