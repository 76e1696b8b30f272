"""N-gram hashes and their table against plain Python."""

import numpy as np
import pytest
from corpusmill.kernels.contamination import build_slots, hash_grams, look_up

MASK = 2**64 - 1
BASE = 0x9E3779B185EBCA87


def avalanche(h):
    h = (h ^ (h >> 33)) * 0xC2B2AE3D27D4EB4F & MASK
    h = (h ^ (h >> 29)) * 0x165667B19E3779F9 & MASK
    return h ^ (h >> 32)


def twin(words, length):
    """Each run hashed from scratch."""
    grams = []
    for begin in range(len(words) - length + 1):
        total = 0
        for word in words[begin : begin + length]:
            total = (total * BASE + word) & MASK
        grams.append(avalanche(total))
    return grams


@pytest.mark.parametrize("length", [1, 2, 13, 20])
@pytest.mark.parametrize("seed", range(5))
def test_rolled_hashes_equal_those_from_scratch(seed, length):
    random = np.random.default_rng(seed)
    sizes = random.integers(0, 40, 12)
    vocabulary = random.integers(0, 2**64, 5, dtype=np.uint64)
    words = vocabulary[random.integers(0, 5, sizes.sum())]
    first = np.concatenate([[0], np.cumsum(sizes)])
    grams, bounds = hash_grams(words, first, length)
    for d in range(12):
        assert grams[bounds[d] : bounds[d + 1]].tolist() == twin([int(w) for w in words[first[d] : first[d + 1]]], length)


def test_order_and_repetition_of_words_count():
    a, b = np.uint64(7), np.uint64(2**63 + 9)
    texts = [[a, b, a], [a, a, b], [b, a, a], [a, a, a], [b, b, a]]
    words = np.array([w for text in texts for w in text], np.uint64)
    grams, _ = hash_grams(words, np.arange(0, 16, 3), 3)
    assert len(set(grams.tolist())) == len(texts)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 1000])
def test_look_up_equals_a_dictionary(count):
    random = np.random.default_rng(count)
    keys = np.unique(random.integers(0, 2**64, count, dtype=np.uint64))
    # Keys that share their low bits, so that probing is needed.
    keys = np.unique(np.concatenate([keys, keys[:5] ^ np.uint64(1 << 40), np.array([0, 2**64 - 1], np.uint64)[: min(count, 2)]]))
    asked = np.concatenate([keys, keys ^ np.uint64(1), random.integers(0, 2**64, 50, dtype=np.uint64)])
    places = {int(key): place for place, key in enumerate(keys)}
    assert look_up(asked, keys, build_slots(keys)).tolist() == [places.get(int(h), -1) for h in asked]
