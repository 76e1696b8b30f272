"""The languages of a document's lines, and its script. It asks the language model once a line, so it is measured only where asked for."""

from typing import Final

import numpy as np
import pyarrow as pa

from corpusmill.kernels.label_weights import weigh_labels
from corpusmill.kernels.scripts import SCRIPTS, main_scripts
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.languages import UNKNOWN, codes_of, count_languages, detect_line_languages
from corpusmill.text.views import Views

LONG_LINE: Final = 30
"""Characters from which a line's language is believed: of `Home` and `2024` the model knows none; as FineWeb's short line (fineweb.SHORT_LINE)."""


def _measure(views: Views) -> pa.StructArray:
    raw, lines = views.raw, views.raw.lines
    labels = detect_line_languages(raw, views.language_characters)
    labels = np.where(lines.characters < LONG_LINE, np.int32(-1), labels)
    heaviest, sums = weigh_labels(lines.first, labels, lines.characters, views.languages.labels, count_languages())
    return FAMILY.struct(
        code=codes_of(heaviest),
        share=ratio(sums[:, 1], sums[:, 0], 0.0),
        switched=ratio(sums[:, 2], sums[:, 0], 0.0),
        script=pa.array(SCRIPTS).take(pa.array(main_scripts(raw.data, raw.offsets))),
    )


FAMILY = Family(
    name="language_mix",
    version=2,
    doc="languages by line, and the script",
    fields=(
        Field(
            "code",
            "string",
            "raw",
            "the language that most characters of long lines (at least 30 characters) are in, by lid.176",
            undefined=UNKNOWN,
        ),
        Field("share", "double", "raw", "its share of the characters of long lines", undefined=0.0),
        Field("switched", "double", "raw", "share of long lines of another language than language.code, by characters", undefined=0.0),
        Field("script", "string", "raw", "ISO 15924 code of the script that most letters are in", undefined=SCRIPTS[0]),
    ),
    measure=_measure,
    examples=(
        (" \n", {"code": UNKNOWN, "share": 0.0, "switched": 0.0, "script": "Zzzz"}),
        (
            "All human beings are born free and equal in dignity and rights.",
            {"code": "en", "share": 1.0, "switched": 0.0, "script": "Latn"},
        ),
        (
            "\u4eba\u4eba\u751f\u800c\u81ea\u7531\uff0c\u5728\u5c0a\u4e25\u548c\u6743\u5229\u4e0a\u4e00\u5f8b\u5e73\u7b49\u3002" * 2,
            {"code": "zh", "script": "Hani"},
        ),
    ),
    always=False,
)
