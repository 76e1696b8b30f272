"""Repetition inside Chinese texts, which no blanks part into words: ChineseWebText's 13-grams of characters (arXiv 2311.01149)."""

import numpy as np
import pyarrow as pa

from corpusmill.kernels.gram_counts import GRAMS, character_words, count_grams
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.batch import TextBatch
from corpusmill.text.views import Views

_SIZE = np.array([13], np.int64)
"""CASIA-LM/ChineseWebText de83375, preprocess.py, judge_inner_repeat, which leaves out the last n-gram of a text."""
_BLANKS = {ord(character): None for character in " \n\t"}


def _measure(views: Views) -> pa.StructArray:
    packed = TextBatch(pa.array(map(_packed, views.raw.texts.to_pylist()), views.raw.texts.type))
    counts = count_grams(*character_words(packed.data, packed.offsets), _SIZE)[:, 0]
    return FAMILY.struct(duplicated_13_characters=ratio(counts[:, GRAMS.index("repeated")], counts[:, GRAMS.index("grams")], 0.0))


def _packed(text: str) -> str:
    return text.strip().lower().translate(_BLANKS)[:-1]


FAMILY = Family(
    name="chinese_repetition",
    version=1,
    doc="repeated runs of characters, as ChineseWebText counts them",
    fields=(
        Field(
            "duplicated_13_characters",
            "double",
            "raw",
            "share of 13-grams of characters but blanks that are there twice",
            undefined=0.0,
        ),
    ),
    measure=_measure,
    examples=(
        ("", {"duplicated_13_characters": 0.0}),
        ("\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341 ABC\n" * 3, {"duplicated_13_characters": 26 / 26}),
        ("\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u767e\u5343\u842c\u5104", {"duplicated_13_characters": 0.0}),
    ),
    always=False,
)
