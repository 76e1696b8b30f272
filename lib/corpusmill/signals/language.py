"""The language of a document (text.languages)."""

import pyarrow as pa

from corpusmill.signals.registry import Family, Field
from corpusmill.text.languages import UNKNOWN
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    return FAMILY.struct(code=views.languages.codes, score=views.languages.scores)


FAMILY = Family(
    name="language",
    version=2,
    doc="language by lid.176",
    fields=(
        Field("code", "string", "raw", "ISO 639 code", undefined=UNKNOWN),
        Field("score", "double", "raw", "its probability", undefined=0.0),
    ),
    measure=_measure,
    examples=(
        (" \n", {"code": UNKNOWN, "score": 0.0}),
        ("The quick brown fox jumps over the lazy dog and runs away.", {"code": "en"}),
        ("\u6211\u4eec\u53bb\u5317\u4eac\u770b\u5347\u65d7\u3002", {"code": "zh"}),
    ),
)
