"""RedPajama v2's signals of repetition (togethercomputer/RedPajama-Data 855a8e0, app/src/core/quality_signals/repetitions.py).

Words are those of the text in lower case, without ASCII punctuation (text.redpajama).
"""

import numpy as np
import pyarrow as pa

from corpusmill.kernels.gram_counts import GRAMS, count_grams
from corpusmill.kernels.hashing import hash_spans
from corpusmill.kernels.totals import sum_pieces
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.batch import TextBatch
from corpusmill.text.redpajama import normalized
from corpusmill.text.views import Views

_TOP, _DUPLICATED = (2, 3, 4), (5, 6, 7, 8, 9, 10)


def _measure(views: Views) -> pa.StructArray:
    texts = TextBatch(pa.array([normalized(text) for text in views.raw.texts.to_pylist()], views.raw.texts.type))
    words = texts.pieces
    hashes = hash_spans(texts.data, words.start, words.end)
    counts = count_grams(words.first, hashes, words.characters, np.array([*_TOP, *_DUPLICATED], np.int64))
    column = dict(zip(GRAMS, np.moveaxis(counts, 2, 0), strict=True))
    total = sum_pieces(words.first, words.characters)
    tops = np.where(column["repeated"] > 0, column["top_first"], 0)
    shares = {f"top_{n}_gram": ratio(tops[:, k], total, 0.0) for k, n in enumerate(_TOP)}
    shares |= {f"duplicated_{n}_grams": ratio(column["covered"][:, k], total, 0.0) for k, n in enumerate(_DUPLICATED, start=len(_TOP))}
    return FAMILY.struct(**shares)


def _top(n: int) -> Field:
    doc = f"characters of all times of the most frequent {n}-gram, of those of all words; 0 where each is there once"
    return Field(f"top_{n}_gram", "double", "raw", doc, undefined=0.0)


def _duplicated(n: int) -> Field:
    doc = f"characters of words in a {n}-gram that is there twice or more, each once, of those of all words"
    return Field(f"duplicated_{n}_grams", "double", "raw", doc, undefined=0.0)


FAMILY = Family(
    name="redpajama_repetition",
    version=1,
    doc="repeated n-grams as RedPajama v2 counts them",
    fields=(*map(_top, _TOP), *map(_duplicated, _DUPLICATED)),
    measure=_measure,
    examples=(
        ("", {"top_2_gram": 0.0, "duplicated_5_grams": 0.0}),
        ("hello world", {"top_2_gram": 0.0}),
        ("A b, CC a. B cc", {"top_2_gram": 4 / 8, "top_3_gram": 8 / 8}),
        ("one two three four five. One, two three four five six", {"duplicated_5_grams": 38 / 41, "duplicated_6_grams": 0.0}),
    ),
    always=False,
)
