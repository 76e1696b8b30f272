"""The kernels against their twins, on texts that hypothesis thinks of."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
from corpusmill.kernels import minhash, shingles
from corpusmill.kernels.shingle_sets import shingle_sets
from corpusmill.signals.gopher_repetition import FAMILY
from corpusmill.text.batch import TextBatch
from corpusmill.text.views import make_views
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simplified import simplify_documents
from tests.unit.kernels import twins
from tests.unit.kernels.pieces import all_strings

# Python's tables are older than those of regex: what only one of them knows is no test of ours.
characters = st.one_of(
    st.characters(exclude_categories=["Cs", "Cn", "Co"]),
    st.sampled_from(list("ab1_.,:;'\" \n\r\u0301\u200d👩🇩א我アΣ٣\u2028\x85\u302e\u1b44")),
)
texts = st.lists(st.text(characters, max_size=40), max_size=6)
phrases = st.lists(st.lists(st.sampled_from(["a", "b", "ab", "é", "\n", "\n\n", "."]), max_size=60).map(" ".join), max_size=4)


def batch(found):
    return TextBatch(pa.array(found, pa.string()))


@given(texts)
@settings(max_examples=300, deadline=None)
def test_words(found):
    made = batch(found)
    assert all_strings(made, made.tokens) == [twins.words(text) for text in found] == [twins.words_by_regex(text) for text in found]


@given(texts)
@settings(max_examples=300, deadline=None)
def test_splits(found):
    made = batch(found)
    assert all_strings(made, made.split_lines) == [text.splitlines() for text in found]
    assert all_strings(made, made.lines) == [text.split("\n") for text in found]
    assert made.characters.tolist() == [len(text) for text in found]


@given(texts)
@settings(max_examples=300, deadline=None)
def test_simplify(found):
    made = batch(found)
    data, offsets = simplify_documents(made.data, made.offsets)
    assert [data[a:b].tobytes().decode() for a, b in pairwise(offsets)] == [twins.simplify(text) for text in found]


@given(texts, st.integers(1, 6))
@settings(max_examples=100, deadline=None)
def test_sketch(found, words):
    made = batch(found)
    sketches = shingles.sketch(made.data, made.offsets, words, 2, 4, 8, "minhash")
    a, b = (array.tolist() for array in minhash.permutations(8))
    assert sketches.shingles.tolist() == [len(twins.shingles(text, words)) for text in found]
    expected = [twins.minima(text, words, a, b) for text in found]
    assert sketches.values[sketches.shingles > 0].tolist() == [row for row in expected if row]


@given(texts, st.integers(1, 6), st.integers(1, 40))
@settings(max_examples=100, deadline=None)
def test_fast_similarity_sketch(found, words, count):
    made = batch(found)
    sketches = shingles.sketch(made.data, made.offsets, words, 1, count, count, "fast_similarity")
    expected = [twins.fast_similarity(text, words, count) for text in found]
    assert sketches.values[sketches.shingles > 0].tolist() == [row for row in expected if row]


@given(st.one_of(texts, phrases), st.integers(1, 6))
@settings(max_examples=100, deadline=None)
def test_shingle_sets(found, words):
    made = batch(found)
    first, hashes = shingle_sets(made.data, made.offsets, words)
    sets = [hashes[start:end].tolist() for start, end in pairwise(first)]
    assert sets == [sorted(set(twins.shingles(text, words))) for text in found]


@given(st.one_of(texts, phrases))
@settings(max_examples=300, deadline=None)
def test_repetition(found):
    views = make_views(pa.array(found, pa.string()), [])
    measured = FAMILY.measure(views)
    words = all_strings(views.raw, views.raw.tokens)
    assert [list(row.values()) for row in measured.to_pylist()] == [twins.repetition(*pair) for pair in zip(found, words, strict=True)]
    assert all(np.isfinite(measured.field(field.name).to_numpy()).all() for field in FAMILY.fields)
