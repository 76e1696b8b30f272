"""Gopher's n-gram shares as DCLM counts them (mlfoundations/dclm 361714b, baselines/mappers/filters/content_filters.py).

Words are those of UAX #29 in any language that begin with a letter or digit; an n-gram that is there once is no repetition.
"""

import numpy as np
import pyarrow as pa

from corpusmill.kernels.gram_counts import GRAMS, count_grams
from corpusmill.kernels.special_words import begin_alphanumeric
from corpusmill.kernels.totals import sum_pieces
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.batch import TextBatch
from corpusmill.text.views import Views

_TOP, _DUPLICATED = (2, 3, 4), (5, 6, 7, 8, 9, 10)


def _measure(views: Views) -> pa.StructArray:
    words = TextBatch(views.raw.texts).tokens
    is_word = begin_alphanumeric(words.data, words.start)
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(sum_pieces(words.first, is_word))])
    counts = count_grams(first, words.hash[is_word], words.characters[is_word], np.array([*_TOP, *_DUPLICATED], np.int64))
    column = dict(zip(GRAMS, np.moveaxis(counts, 2, 0), strict=True))
    total = sum_pieces(first, words.characters[is_word])
    shares = {f"top_{n}_gram": ratio(column["top_longest"][:, k], total, 0.0) for k, n in enumerate(_TOP)}
    shares |= {f"duplicated_{n}_grams": ratio(column["covered"][:, k], total, 0.0) for k, n in enumerate(_DUPLICATED, start=len(_TOP))}
    return FAMILY.struct(**shares)


def _top(n: int) -> Field:
    doc = (
        f"characters of all times of the most frequent {n}-gram, of several the longest, of those of all words; 0 where each is there once"
    )
    return Field(f"top_{n}_gram", "double", "raw", doc, undefined=0.0)


def _duplicated(n: int) -> Field:
    doc = f"characters of words that are in a {n}-gram there twice or more, of those of all words"
    return Field(f"duplicated_{n}_grams", "double", "raw", doc, undefined=0.0)


FAMILY = Family(
    name="dclm_repetition",
    version=1,
    doc="Gopher's n-gram shares as DCLM counts them, of words without punctuation",
    fields=(*map(_top, _TOP), *map(_duplicated, _DUPLICATED)),
    measure=_measure,
    examples=(
        ("", {"top_2_gram": 0.0, "duplicated_5_grams": 0.0}),
        ("hello world", {"top_2_gram": 0.0}),
        ("a b, cc a b. b cc", {"top_2_gram": 6 / 9}),
        ("one two three four five, one two three four five six", {"duplicated_5_grams": 38 / 41, "duplicated_6_grams": 0.0}),
    ),
    always=False,
)
