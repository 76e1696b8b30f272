"""Data-Juicer's word_repetition_filter and character_repetition_filter (datajuicer/data-juicer 1dc20a5, data_juicer/ops/filter), of 10-grams."""

import numpy as np
import pyarrow as pa

from corpusmill.kernels.gram_counts import GRAMS, character_words, count_grams
from corpusmill.kernels.hashing import hash_spans
from corpusmill.kernels.special_words import split_words
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.batch import TextBatch
from corpusmill.text.views import Views

_SIZE = np.array([10], np.int64)
"""rep_len of both filters."""


def _measure(views: Views) -> pa.StructArray:
    lowered = TextBatch(pa.array([text.lower() for text in views.raw.texts.to_pylist()], views.raw.texts.type))
    first, start, end = split_words(lowered.data, lowered.offsets)
    words = count_grams(first, hash_spans(lowered.data, start, end), np.ones(start.size, np.int32), _SIZE)[:, 0]
    first, keys = character_words(views.raw.data, views.raw.offsets)
    characters = count_grams(first, keys, np.ones(keys.size, np.int32), _SIZE, frequent=True)[:, 0]
    return FAMILY.struct(
        words=ratio(words[:, GRAMS.index("repeated")], words[:, GRAMS.index("grams")], 0.0),
        characters=ratio(characters[:, GRAMS.index("frequent")], characters[:, GRAMS.index("grams")], 0.0),
    )


FAMILY = Family(
    name="data_juicer_repetition",
    version=1,
    doc="repeated 10-grams, as Data-Juicer counts them",
    fields=(
        Field(
            "words",
            "double",
            "raw",
            "share of 10-grams of words, in lower case and without special characters, there twice; it keeps 0.5",
            undefined=0.0,
        ),
        Field(
            "characters",
            "double",
            "raw",
            "share of the most frequent repeated 10-grams of characters, of sqrt(distinct); it keeps 0.5",
            undefined=0.0,
        ),
    ),
    measure=_measure,
    examples=(
        ("", {"words": 0.0, "characters": 0.0}),
        ("One two - three four five six seven eight nine ten. " * 2, {"words": 2 / 11}),
        ("a" * 12, {"characters": 1.0}),
        ("abcdefghijk abcdefghij", {"characters": 2 / 13}),
    ),
    always=False,
)
