"""MinHash: a twin in Python's integers, block borders, and one very long document."""

import random

import numpy as np
import pytest
import xxhash
from corpusmill.kernels import minhash

from tests.unit.kernels import twins
from tests.unit.kernels.pieces import HOSTILE, batch

POOL = ["the", "Quick", "brown,", "fox", "l'été", "1,234.5", "我们", "한국", "ΣΑΣ", "a.b", "—", "x_y", "\u0301", "\n"]

PLAIN = ["the", "Quick", "b,d", "1,234.5", "a", "it’s", "extraordinarily", "\t", "é", "eightbyt"]
"""Simplified, these are letters, 0 and single spaces alone: the short cut."""


def sketch(*texts, words=5, count=16):
    found = batch(*texts)
    return minhash.sketch(found.data, found.offsets, words, count)


@pytest.mark.parametrize("words", [1, 3, 5])
def test_random_texts_as_the_twin(words):
    choose = random.Random(words)
    texts = [" ".join(choose.choices(pool, k=choose.randrange(40))) for pool in (POOL, PLAIN) for _ in range(150)] + list(HOSTILE.values())
    values, shingles = sketch(*texts, words=words)
    a, b = (array.tolist() for array in minhash.permutations(16))
    for row, count, text in zip(values.tolist(), shingles.tolist(), texts, strict=True):
        assert count == len(twins.shingles(text, words))
        assert row == (twins.minima(text, words, a, b) or [2**61 - 1] * 16)


@pytest.mark.parametrize("length", [minhash._BLOCK + 3, minhash._BLOCK + 4, minhash._BLOCK + 5, 2 * minhash._BLOCK + 4])
def test_blocks_change_nothing(length):
    text = " ".join(f"w{chr(97 + i % 23)}{chr(97 + i // 23 % 26)}{chr(97 + i // 598)}" for i in range(length))
    a, b = (array.tolist() for array in minhash.permutations(16))
    assert sketch(text)[0].tolist() == [twins.minima(text, 5, a, b)]


@pytest.mark.parametrize("text", ["a b c d ≠ e", "a b\u037ec d e f", "a \u0301 b c d e", "a b ` c d e", "a b c d 我 e", "k\u212a b c d e"])
def test_what_is_not_plain_is_segmented(text):
    """Decomposing makes = of ≠ and ; of the Greek question mark; a mark by itself leaves two spaces."""
    a, b = (array.tolist() for array in minhash.permutations(16))
    assert sketch(text)[0].tolist() == [twins.minima(text, 5, a, b) or [2**61 - 1] * 16]


def test_permutations_agree_with_the_scalar_formula_at_the_modulus():
    a = np.array([1, 1, 1, 8], np.uint64)
    b = np.array([0, 1, 7, 0], np.uint64)
    prime = 2**61 - 1
    hashes = np.array([prime - 1, prime, 2**64 - 1, 7 * prime, 2**61], np.uint64)
    values = np.full(4, prime, np.uint64)
    minhash._lower_minima(hashes, hashes.size, a, b, values)
    assert values.tolist() == [min((h * int(x) + int(y)) % 2**64 % prime for h in hashes.tolist()) for x, y in zip(a, b, strict=True)]


def test_band_hashes():
    values = np.arange(2 * 12, dtype=np.uint64).reshape(2, 12)
    expected = [[xxhash.xxh64_intdigest(row[k : k + 4].tobytes()) for k in (0, 4, 8)] for row in values]
    assert minhash.band_hashes(values, 3).view(np.uint64).tolist() == expected


def test_no_documents_and_documents_without_text():
    assert sketch()[0].shape == (0, 16)
    assert sketch("", "")[1].tolist() == [0, 0]


def test_five_megabytes_in_one_line_take_a_few_times_their_size():
    import resource

    text = "word another " * 400_000
    sketch("warm up and compile it all")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    values, shingles = sketch(text, count=112)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert shingles[0] == 800_000 - 4
    assert len(np.unique(values)) <= 2 * 112
    # shingles x permutations x 8 bytes would be 717 MB
    assert grown < 20 * len(text)
