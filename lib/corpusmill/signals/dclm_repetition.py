"""Gopher's n-gram shares as DCLM counts them (mlfoundations/dclm 361714b, baselines/mappers/filters/content_filters.py).

Words are those of UAX #29 in any language that begin with a letter or digit; an n-gram that is there once is no repetition.
"""

import numpy as np
import pyarrow as pa

from corpusmill.kernels.special_words import begin_alphanumeric
from corpusmill.kernels.totals import sum_pieces
from corpusmill.signals.gram_shares import count_gopher_grams, fields, shares
from corpusmill.signals.registry import Family
from corpusmill.text.batch import TextBatch
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    words = TextBatch(views.raw.texts).tokens
    is_word = begin_alphanumeric(words.data, words.start)
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(sum_pieces(words.first, is_word))])
    characters = words.characters[is_word]
    counts, total = count_gopher_grams(first, words.hash[is_word], characters), sum_pieces(first, characters)
    return FAMILY.struct(**shares(counts["top_longest"], total, counts["covered"], total))


FAMILY = Family(
    name="dclm_repetition",
    version=1,
    doc="Gopher's n-gram shares as DCLM counts them, of words without punctuation",
    fields=fields(
        lambda n: (
            f"characters of all times of the most frequent {n}-gram, of several the longest, of those of all words; 0 where each is there once"
        ),
        lambda n: f"characters of words that are in a {n}-gram there twice or more, of those of all words",
    ),
    measure=_measure,
    examples=(
        ("", {"top_2_gram": 0.0, "duplicated_5_grams": 0.0}),
        ("hello world", {"top_2_gram": 0.0}),
        ("a b, cc a b. b cc", {"top_2_gram": 6 / 9}),
        ("one two three four five, one two three four five six", {"duplicated_5_grams": 38 / 41, "duplicated_6_grams": 0.0}),
    ),
    always=False,
)
