"""Sets of shingles: as the twin's, and what sketches are made of."""

import random

import pytest
from corpusmill.kernels import minhash, shingles
from corpusmill.kernels.shingle_sets import shingle_sets

from tests.unit.kernels import twins
from tests.unit.kernels.pieces import HOSTILE, batch

POOL = ["the", "Quick", "brown,", "fox", "l'été", "1,234.5", "我们", "한국", "ΣΑΣ", "a.b", "—", "x_y", "\u0301", "\n"]


def sets(*texts, words=5):
    made = batch(*texts)
    first, hashes = shingle_sets(made.data, made.offsets, words)
    assert (first[0], first[-1], len(first)) == (0, len(hashes), len(texts) + 1)
    return [hashes[first[d] : first[d + 1]] for d in range(len(texts))]


@pytest.mark.parametrize("words", [1, 3, 5])
def test_random_texts_as_the_twin(words):
    choose = random.Random(f"sets/{words}")
    texts = [" ".join(choose.choices(POOL, k=choose.randrange(40))) for _ in range(200)] + list(HOSTILE.values())
    assert [found.tolist() for found in sets(*texts, words=words)] == [sorted(set(twins.shingles(text, words))) for text in texts]


@pytest.mark.parametrize("distinct", [7, 100, 5000])
def test_more_shingles_than_a_block_and_repeated_ones(distinct):
    choose = random.Random(distinct)
    pool = ["".join(choose.choices("abcdefgh", k=6)) for _ in range(distinct)]
    texts = [" ".join(choose.choices(pool, k=3 * minhash.BLOCK + 1)), "one two three", " ".join(pool[:7] * 400)]
    assert [found.tolist() for found in sets(*texts)] == [sorted(set(twins.shingles(text, 5))) for text in texts]


def test_the_least_of_a_set_permuted_is_its_text_s_sketch():
    texts = ["The quick brown fox jumps over the lazy dog, 3 times a day.", "我们去北京天安门看升旗", " ".join(POOL * 30)]
    made, (a, b) = batch(*texts), minhash.permutations(112)
    sketches = shingles.sketch(made.data, made.offsets, 5, 14, 8, 112, "minhash")
    for found, values in zip(sets(*texts), sketches.values, strict=True):
        assert [min((h * x + y) % 2**64 % (2**61 - 1) for h in found.tolist()) for x, y in zip(a.tolist(), b.tolist(), strict=True)] == (
            values.tolist()
        )


def test_every_byte_a_shingle():
    """The most shingles that text can have: a word a character, in scripts of which each breaks from the next, and the longest growth."""
    texts = ["我" * 500, "한" * 300, "a b " * 300, "日本語" * 400]
    assert [found.tolist() for found in sets(*texts, words=1)] == [sorted(set(twins.shingles(text, 1))) for text in texts]


def test_no_documents_and_documents_without_shingles():
    assert sets() == []
    assert [found.tolist() for found in sets("", "a b c", "")] == [[], [], []]
