"""n-grams counted in parts agree with those counted at once, in every column."""

import numpy as np
import pytest
from corpusmill.kernels.gram_counts import GRAMS, character_words, count_grams
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

SIZES = np.array([1, 2, 3, 5, 10], np.int64)
DOCUMENTS = st.lists(st.lists(st.integers(0, 5), max_size=12).flatmap(lambda part: st.integers(0, 5).map(part.__mul__)), max_size=4)


def packed(documents):
    """(first, hashes, characters): each word is a number below 6, of 1 to 3 characters."""
    words = np.array([word for document in documents for word in document], np.int64)
    hashes = (words + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return np.cumsum([0, *map(len, documents)]), hashes, (words % 3 + 1).astype(np.int32)


@pytest.mark.parametrize("limit", [1, 4, 30])
@given(documents=DOCUMENTS)
@example(documents=[[0] * 40, list(range(6)) * 8, []])
@effort(max_examples=100, deadline=None)
def test_a_long_document_is_counted_as_a_short_one(limit, documents):
    words = packed(documents)
    at_once = count_grams(*words, SIZES, frequent=True)
    assert np.array_equal(count_grams(*words, SIZES, frequent=True, limit=limit), at_once)


def test_the_frequent_are_counted_where_asked_alone():
    words, column = packed([[0, 1] * 9]), GRAMS.index("frequent")
    for limit in (4, 1000):
        asked, others = (count_grams(*words, SIZES, frequent=frequent, limit=limit)[0] for frequent in (True, False))
        assert asked[1, column] == 9
        assert not others[:, column].any()
        assert np.array_equal(np.delete(asked, column, 1), np.delete(others, column, 1))


@pytest.mark.parametrize("text", ["aé中😀a", "abc a", ""])
def test_every_character_is_a_word(text):
    data = np.frombuffer(b"-" + text.encode(), np.uint8)
    first, words, sizes = character_words(data, np.array([1, 1 + len(text[:1].encode()), data.size]))
    assert first.tolist() == [0, len(text[:1]), len(text)]
    assert words.tolist() == [ord(character) for character in text]
    assert sizes.tolist() == [1] * len(text)


@pytest.mark.parametrize("limit", [1 << 22, 7])
def test_characters_are_counted_alike_whatever_their_width(limit):
    texts = ["abcabcab" * 4, "xyz", "", "aaaaaaaa"]
    wide = [text.translate({ord(c): 0x4E00 + 977 * ord(c) for c in text}) for text in texts]
    found = []
    for corpus in (texts, wide):
        data = np.frombuffer("".join(corpus).encode(), np.uint8)
        offsets = np.cumsum([0, *(len(text.encode()) for text in corpus)])
        found.append(count_grams(*character_words(data, offsets), SIZES, frequent=True, limit=limit))
    assert np.array_equal(*found)
    assert found[0][0, 2, GRAMS.index("repeated")] == 30
