"""MinHash: a twin in Python's integers, block borders, and one very long document."""

import random

import numpy as np
import pytest
import xxhash
from corpusmill.kernels import minhash, shingles

from tests.unit.kernels import twins
from tests.unit.kernels.pieces import HOSTILE, batch

POOL = ["the", "Quick", "brown,", "fox", "l'été", "1,234.5", "我们", "한국", "ΣΑΣ", "a.b", "—", "x_y", "\u0301", "\n"]

PRIME = 2**61 - 1
PLAIN = ["the", "Quick", "b,d", "1,234.5", "a", "it’s", "extraordinarily", "\t", "é", "eightbyt"]
"""Simplified, these are letters, 0 and single spaces alone: the short cut."""


def sketch(*texts, words=5, count=16):
    """Values and shingles; all values are one band."""
    made = batch(*texts)
    found = shingles.sketch(made.data, made.offsets, words, 1, count, count, "minhash")
    return found.values, found.shingles


@pytest.mark.parametrize("words", [1, 3, 5])
def test_random_texts_as_the_twin(words):
    choose = random.Random(words)
    texts = [" ".join(choose.choices(pool, k=choose.randrange(40))) for pool in (POOL, PLAIN) for _ in range(150)] + list(HOSTILE.values())
    values, counts = sketch(*texts, words=words)
    a, b = (array.tolist() for array in minhash.permutations(16))
    for row, count, text in zip(values.tolist(), counts.tolist(), texts, strict=True):
        assert count == len(twins.shingles(text, words))
        assert not count or row == twins.minima(text, words, a, b)


@pytest.mark.parametrize("length", [minhash.BLOCK + 3, minhash.BLOCK + 4, minhash.BLOCK + 5, 2 * minhash.BLOCK + 4])
def test_blocks_change_nothing(length):
    text = " ".join(f"w{chr(97 + i % 23)}{chr(97 + i // 23 % 26)}{chr(97 + i // 598)}" for i in range(length))
    a, b = (array.tolist() for array in minhash.permutations(16))
    assert sketch(text)[0].tolist() == [twins.minima(text, 5, a, b)]


@pytest.mark.parametrize("text", ["a b c d ≠ e", "a b\u037ec d e f", "a \u0301 b c d e", "a b ` c d e", "a b c d 我 e", "k\u212a b c d e"])
def test_what_is_not_plain_is_segmented(text):
    """Decomposing makes = of ≠ and ; of the Greek question mark; a mark by itself leaves two spaces."""
    a, b = (array.tolist() for array in minhash.permutations(16))
    values, counts = sketch(text)
    assert values[: counts[0]].tolist() == [found for found in [twins.minima(text, 5, a, b)] if found]


def minima(hashes, a, b):
    """By the formula, a value for each permutation."""
    return [min((h * x + y) % 2**64 % PRIME for h in hashes.tolist()) for x, y in zip(a.tolist(), b.tolist(), strict=True)]


def test_permutations_agree_with_the_scalar_formula_at_the_modulus():
    a = np.array([1, 1, 1, 8], np.uint64)
    b = np.array([0, 1, 7, 0], np.uint64)
    hashes = np.array([PRIME - 1, PRIME, 2**64 - 1, 7 * PRIME, 2**61], np.uint64)
    values = np.full(4, PRIME, np.uint64)
    minhash.lower_minima(hashes, hashes.size, a, b, values)
    assert values.tolist() == minima(hashes, a, b)


@pytest.mark.parametrize("count", [1, 63, 64, 65, 200, minhash.BLOCK])
@pytest.mark.parametrize("upper", [0, 1, 123_456, 2**29 - 2, 2**29 - 1])
@pytest.mark.parametrize("few", [0, 3])
def test_the_least_is_found_wherever_values_are_near_each_other(count, upper, few):
    """Permuted, many or a few of the hashes lie beside a carry: `upper` times 2^32, or 2^61, which wraps to 0."""
    a, b = minhash.permutations(8)
    choose = random.Random(count)
    for p in np.flatnonzero(a % np.uint64(2)).tolist():
        near = [(choose.randrange(8) << 61) + (upper << 32) + choose.choice([choose.randrange(-9, 9), 2**32]) for _ in range(count)]
        inverse, addend = pow(int(a[p]), -1, 2**64), int(b[p])
        hashes = np.array([(x - addend) * inverse % 2**64 for x in near], np.uint64)
        if few:
            hashes[few:] = [choose.getrandbits(64) for _ in range(few, count)]
        values = np.full(8, PRIME, np.uint64)
        for part in (hashes[: count // 2], hashes[count // 2 :]):
            minhash.lower_minima(part, part.size, a, b, values)
        assert values.tolist() == minima(hashes, a, b)


@pytest.mark.parametrize("method", ["minhash", "fast_similarity"])
def test_bands_are_hashes_of_all_values_whatever_is_kept(method):
    made = batch("one two three four five six seven", "a b c d e f g h i")
    full = shingles.sketch(made.data, made.offsets, 5, 3, 4, 12, method)
    expected = [[xxhash.xxh64_intdigest(row[k : k + 4].tobytes()) for k in (0, 4, 8)] for row in full.values]
    assert full.bands.view(np.uint64).tolist() == expected
    cut = shingles.sketch(made.data, made.offsets, 5, 3, 4, 2, method)
    assert cut.bands.tolist() == full.bands.tolist()
    assert cut.values.tolist() == full.values[:, :2].tolist()


def test_no_documents_and_documents_without_text():
    assert sketch()[0].shape == (0, 16)
    assert sketch("", "")[1].tolist() == [0, 0]
