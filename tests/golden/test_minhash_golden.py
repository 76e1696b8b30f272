"""MinHash golden vectors: values that datatrove v0.10.0 itself printed (reference/corpus.md, section 2.5)."""

import pyarrow as pa
import pytest
import xxhash
from corpusmill.kernels import minhash
from corpusmill.text.batch import TextBatch

from tests.unit.kernels import twins

FOX = "the quick brown fox jumps over the lazy dog"


def sketch(text):
    texts = TextBatch(pa.array([text]))
    values, shingles = minhash.sketch(texts.data, texts.offsets, 5, 112)
    return values[0].tolist(), int(shingles[0])


def test_permutations():
    a, b = minhash.permutations(112)
    assert a[:3].tolist() == [775169054918279404, 1758426461858698313, 2109959069025162]
    assert b[:3].tolist() == [1062448801025099917, 1324811268927594100, 1217488311597731462]


@pytest.mark.parametrize("text", [FOX, "The quick, brown FOX jumps over the lazy dog!"])
def test_signature(text):
    values, shingles = sketch(text)
    assert shingles == 5
    assert values[:3] == [85330943174081874, 663359892825767826, 302227827184868053]


def test_shingle():
    assert twins.shingles(FOX, 5)[0] == xxhash.xxh64_intdigest(b"the quick brown fox jumps") == 7797000677988824208


@pytest.mark.parametrize("text", ["one two three four", "", "...", "a b c d !"])
def test_fewer_than_five_words_give_no_sketch(text):
    assert sketch(text)[1] == 0


def test_chinese_where_our_segmentation_differs():
    """datatrove: no shingle, its English tokenizer (spaCy) takes the sentence as one word. Ours: each ideograph is a segment (UAX #29)."""
    datatrove, ours = 0, 7
    assert sketch("我们去北京天安门看升旗")[1] == ours != datatrove
