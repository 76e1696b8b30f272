"""Fast similarity sketches: the definition as a twin, texts that need every round, and linear time on repeats."""

import random

import pytest
from corpusmill.kernels import shingles

from tests.linear import assert_linear
from tests.unit.kernels import twins
from tests.unit.kernels.pieces import HOSTILE, batch

POOL = ["the", "Quick", "brown,", "fox", "l'été", "1,234.5", "我们", "한국", "a.b", "x_y"]


def sketch(*texts, words=2, count=16):
    made = batch(*texts)
    return shingles.sketch(made.data, made.offsets, words, 1, count, count, "fast_similarity")


@pytest.mark.parametrize("count", [1, 2, 16, 61])
def test_random_texts_as_the_twin(count):
    choose = random.Random(count)
    texts = [" ".join(choose.choices(POOL, k=choose.randrange(60))) for _ in range(80)] + list(HOSTILE.values())
    found = sketch(*texts, count=count)
    assert found.shingles.tolist() == [len(twins.shingles(text, 2)) for text in texts]
    expected = [twins.fast_similarity(text, 2, count) for text in texts]
    assert found.values[found.shingles > 0].tolist() == [row for row in expected if row]


def test_one_shingle_needs_the_rounds_that_reach_one_place_each():
    """After 64 rounds of one shingle over 64 places some are empty, with e^-1 each."""
    found = sketch("one two", count=64).values[0].tolist()
    assert found == twins.fast_similarity("one two", 2, 64)
    assert len(set(found)) == 64


@pytest.mark.parametrize("repeats", [127, 128, 129, 130, 5000])
def test_repeated_shingles_count_once(repeats):
    """Above eight shingles a place repeats are taken out before later rounds."""
    assert sketch("word " * repeats).values.tolist() == sketch("word word").values.tolist()
    both = "one two three " * repeats
    assert sketch(both).values[0].tolist() == twins.fast_similarity(both, 2, 16)


def test_time_is_linear_where_one_shingle_repeats():
    assert_linear(lambda text: sketch(text, words=5, count=112), "word ")
