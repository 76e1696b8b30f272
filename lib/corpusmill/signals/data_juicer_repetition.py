"""Data-Juicer's word_repetition_filter and character_repetition_filter (datajuicer/data-juicer 1dc20a5, data_juicer/ops/filter), of 10-grams."""

import numpy as np
import pyarrow as pa

from corpusmill.kernels.gram_counts import GRAMS, character_words, count_grams
from corpusmill.kernels.hashing import Hashes, hash_spans
from corpusmill.kernels.special_words import split_words
from corpusmill.kernels.utf8 import Offsets
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.batch import TextBatch
from corpusmill.text.views import Views

_SIZE = np.array([10], np.int64)
"""rep_len of both filters."""


def _measure(views: Views) -> pa.StructArray:
    first, hashes = _lower_words(views.raw)
    words = count_grams(first, hashes, np.ones(hashes.size, np.int32), _SIZE)[:, 0]
    del hashes
    characters = count_grams(*character_words(views.raw.data, views.raw.offsets), _SIZE, frequent=True)[:, 0]
    return FAMILY.struct(
        words=ratio(words[:, GRAMS.index("repeated")], words[:, GRAMS.index("grams")], 0.0),
        characters=ratio(characters[:, GRAMS.index("frequent")], characters[:, GRAMS.index("grams")], 0.0),
    )


def _lower_words(raw: TextBatch) -> tuple[Offsets, Hashes]:
    """(int64[n+1], uint64[m]): of each text its words, in lower case and without special characters."""
    lowered = TextBatch(pa.array([text.lower() for text in raw.texts.to_pylist()], raw.texts.type))
    first, start, end = split_words(lowered.data, lowered.offsets)
    return first, hash_spans(lowered.data, start, end)


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
