"""RedPajama v2's signals of repetition (togethercomputer/RedPajama-Data 855a8e0, app/src/core/quality_signals/repetitions.py).

Words are those of the text in lower case, without ASCII punctuation (text.redpajama).
"""

import numpy as np
import pyarrow as pa

from corpusmill.kernels.totals import sum_pieces
from corpusmill.signals.gram_shares import count_gopher_grams, fields, shares
from corpusmill.signals.registry import Family
from corpusmill.text.batch import TextBatch
from corpusmill.text.redpajama import normalized
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    texts = TextBatch(pa.array([normalized(text) for text in views.raw.texts.to_pylist()], views.raw.texts.type))
    words = texts.pieces
    counts = count_gopher_grams(words.first, words.hash, words.characters)
    tops, total = np.where(counts["repeated"] > 0, counts["top_first"], 0), sum_pieces(words.first, words.characters)
    return FAMILY.struct(**shares(tops, total, counts["covered"], total))


FAMILY = Family(
    name="redpajama_repetition",
    version=1,
    doc="repeated n-grams as RedPajama v2 counts them",
    fields=fields(
        lambda n: f"characters of all times of the most frequent {n}-gram, of those of all words; 0 where each is there once",
        lambda n: f"characters of words in a {n}-gram that is there twice or more, each once, of those of all words",
    ),
    measure=_measure,
    examples=(
        ("", {"top_2_gram": 0.0, "duplicated_5_grams": 0.0}),
        ("hello world", {"top_2_gram": 0.0}),
        ("A b, CC a. B cc", {"top_2_gram": 4 / 8, "top_3_gram": 8 / 8}),
        ("one two three four five. One, two three four five six", {"duplicated_5_grams": 38 / 41, "duplicated_6_grams": 0.0}),
    ),
    always=False,
)
