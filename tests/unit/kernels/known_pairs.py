"""Pairs of texts whose shingles have a Jaccard similarity that is known exactly, and what their sets give."""

import random
import string
from functools import cache

import numpy as np
from corpusmill.kernels import shingles
from corpusmill.kernels.set_scans import scan_set_buckets
from corpusmill.kernels.shingle_sets import shingle_sets

from tests.unit.kernels.pieces import batch


def random_words(choose, count):
    """Words of letters, for numbers are all one; of ten of them no two are equal in a test's life."""
    return ["".join(choose.choices(string.ascii_lowercase, k=10)) for _ in range(count)]


def pair(choose, percent, shingle_words):
    """Two texts that begin alike and go on in words of their own: of 200 different shingles, `percent` in a hundred are of both."""
    start = random_words(choose, 2 * percent + shingle_words - 1)
    return [" ".join(start + random_words(choose, 100 - percent)) for _ in range(2)]


@cache
def pairs(percent, shingle_words, count):
    """The first texts of `count` pairs of Jaccard similarity `percent`/100, then the second ones."""
    choose = random.Random(percent)
    first, second = zip(*(pair(choose, percent, shingle_words) for _ in range(count)), strict=True)
    return [*first, *second]


def sketches_of(texts, preset, method):
    """The sketches of texts in the preset's shape, as many values as it keeps."""
    made = batch(*texts)
    kept = preset.verify_values or preset.bands * preset.rows
    return shingles.sketch(made.data, made.offsets, preset.shingle_words, preset.bands, preset.rows, kept, method)


def halves(array):
    """What belongs to the first texts of pairs, and to the second ones."""
    return np.split(array, 2)


def changed_pages(choose, count, shingle_words):
    """Pages of 120 shingles and copies of them with words changed here and there: the first texts of `count` pairs, then the second ones."""
    first, second = [], []
    for _ in range(count):
        page = random_words(choose, 120 + shingle_words - 1)
        copy, rate = list(page), choose.choice([0.002, 0.005, 0.01, 0.02, 0.03, 0.05])
        for place in range(len(copy)):
            if choose.random() < rate * 5 / shingle_words:
                copy[place : place + 1] = random_words(choose, choose.choice([0, 1, 1, 2]))
        first.append(" ".join(page))
        second.append(" ".join(copy))
    return [*first, *second]


def true_jaccard(one, other, shingle_words):
    """Of two texts of letters and single spaces, whose words and shingles need no segmentation."""
    a, b = (
        {tuple(words[i : i + shingle_words]) for i in range(len(words) - shingle_words + 1)} for words in (one.split(" "), other.split(" "))
    )
    return len(a & b) / len(a | b)


def set_pairs(texts, shingle_words, threshold, of_smaller, bucket_size=2):
    """The similarities that verification by sets lets through. A bucket holds the first texts of all halves together with their second ones."""
    made = batch(*texts)
    first, values = shingle_sets(made.data, made.offsets, shingle_words)
    pairs_of_two = bucket_size == 2
    order = np.arange(len(texts)).reshape(2, -1).T.reshape(-1) if pairs_of_two else np.arange(len(texts))
    sets = [values[first[d] : first[d + 1]] for d in order]
    bounds, row = np.cumsum([0, *map(len, sets)]), np.arange(len(texts))
    every, room = np.ones(len(texts), np.bool_), len(texts) * bucket_size
    similarity = np.empty(room)
    done, found = scan_set_buckets(
        np.zeros(len(texts), np.int32), row // bucket_size, np.zeros((len(texts), 3), np.uint64), bounds, np.concatenate(sets),
        every, every, 0, threshold, of_smaller, bucket_size, False,
        np.array([-1, 0, 0]), np.zeros((bucket_size, 3), np.uint64), np.zeros(bucket_size + 1, np.int64), np.zeros(len(values), np.uint64),
        np.empty((room, 3), np.uint64), np.empty(room, np.int64), similarity,
    )  # fmt: skip
    assert done == len(texts)
    return similarity[:found].tolist()
