"""Repeated n-grams and pieces: twins on random texts of few words, and the traps of the definitions."""

import random

import numpy as np
import pytest
from corpusmill.kernels import hashing, long_ngrams, ngrams, slot_table

from tests.unit.kernels import twins
from tests.unit.kernels.pieces import HOSTILE, batch

TOP, DUPLICATED = (2, 3, 4), (5, 6, 7, 8, 9, 10)
WORDS = ["a", "b", "ab", "é", "aa", "我", ".", "bb a", "x" * 70, "c"]


def measured(*texts, limit=ngrams.LIMIT):
    found = batch(*texts)
    t = found.tokens
    return ngrams.measure_ngrams((found.data, t.first, t.start, t.end, t.characters), np.array(TOP), np.array(DUPLICATED), limit).tolist()


def expected(text):
    tokens = twins.words_by_regex(text)
    return [twins.top_ngram(tokens, n) for n in TOP] + [twins.duplicate_ngrams(tokens, n) for n in DUPLICATED]


@pytest.mark.parametrize("seed", range(4))
def test_random_texts(seed):
    choose = random.Random(seed)
    texts = [" ".join(choose.choices(WORDS[: 2 + seed * 2], k=choose.randrange(80))) for _ in range(600)]
    wanted = [expected(text) for text in texts]
    assert measured(*texts) == wanted
    assert measured(*texts, limit=40) == wanted


def test_ngrams_of_more_bytes_than_a_prefix():
    """Some occur twice, some share their first bytes alone."""
    choose = random.Random(5)
    texts = [" ".join(choose.choices(["seventeen", "eighteen", "nineteen", "x" * 70, "a"], k=choose.randrange(40))) for _ in range(300)]
    assert measured(*texts) == [expected(text) for text in texts]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts(text):
    assert measured(text) == measured(text, limit=0) == [expected(text)]


def test_equal_concatenations_are_equal_as_in_datatrove():
    """`ab c` and `a bc` differ as words and not as their concatenation, which is the key of datatrove's duplicates."""
    first, second = "ab c d e f", "a bc d e f"
    assert measured(f"{first} | {second}")[0][3] == len("abcdef") == expected(f"{first} | {second}")[3]


def test_of_equally_frequent_ngrams_the_first_counts():
    assert measured("aa b c aa b c")[0][0] == 2 * len("aa b")
    assert measured("c aa b | aa b c aa")[0][0] == 2 * len("aa b")
    assert measured("a b cccc dddd")[0][0] == len("a b")


def test_stamps_run_out_and_the_table_is_cleared():
    """65,535 uses of a table end its stamps; what was in it then must be forgotten."""
    table = np.zeros(32, np.uint64)
    keys = np.array([5, 5], np.uint64)
    assert slot_table.find_or_add(table, 5, 1, keys, 0) == 0
    assert slot_table.find_or_add(table, 5, 1, keys, 1) == 0
    stamp = slot_table.next_stamp(table, slot_table._STAMPS - 1)
    assert stamp == 1
    assert slot_table.find_or_add(table, 5, stamp, keys, 1) == 1


def test_more_documents_than_stamps():
    texts = ["a b c a b"] * 8000
    assert measured(*texts) == [measured(texts[0])[0]] * 8000


def test_colliding_tags_are_told_apart_by_their_keys():
    table = np.zeros(16, np.uint64)
    inverse = pow(int(hashing.SCRAMBLE), -1, 2**64)
    # Two keys whose scrambled words share slot and tag and differ between.
    keys = np.array([(1 << 20) * inverse % 2**64, (1 << 21) * inverse % 2**64, (1 << 20) * inverse % 2**64], np.uint64)
    assert [slot_table.find_or_add(table, 4, 1, keys, i) for i in range(3)] == [0, 1, 0]


def test_linear_time_on_one_word_repeated():
    assert measured("a " * 200_000)[0][0] == 3 * 199_999


def test_duplicates():
    first = np.array([0, 4, 4, 6])
    keys = np.array([7, 7, 0, 7, 7, 8], np.uint64)
    rows, characters = ngrams.count_duplicates(first, keys, np.array([3, 3, 0, 3, 3, 1], np.int32))
    assert rows.tolist() == [2, 0, 0]
    assert characters.tolist() == [6, 0, 0]


@pytest.mark.parametrize("words", [1, 50, 3000])
def test_long_documents_are_sorted_in_chunks_to_the_same_result(words):
    """More n-grams than a chunk holds, few and many of them repeated."""
    choose = random.Random(words)
    text = " ".join(f"w{choose.randrange(words)}" for _ in range(long_ngrams._CHUNK + 5000))
    assert measured(text, limit=0) == measured(text)


def test_finding_among_keys_that_are_not_spread_evenly():
    for keys in ([0], [5], [2**61 - 2], [1, 2, 3, 4], [2**61 - 5, 2**61 - 4], list(range(0, 2**61, 2**52))):
        array = np.array(keys, np.uint64)
        assert [long_ngrams._find(array, np.uint64(key), 61) for key in keys] == list(range(len(keys)))
        missing = {key + d for key in keys for d in (-1, 1)} - set(keys)
        assert {long_ngrams._find(array, np.uint64(key), 61) for key in missing if 0 <= key < 2**61} <= {-1}
