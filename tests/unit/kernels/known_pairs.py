"""Pairs of texts whose shingles have a Jaccard similarity that is known exactly."""

import random
import string
from functools import cache

import numpy as np
from corpusmill.kernels import shingles

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
