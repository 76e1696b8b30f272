"""How much the line edits took away: RefinedWeb drops a page of which they removed more than a twentieth."""

import numpy as np
import pyarrow as pa

from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.spans import list_offsets
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    before = views.raw.tokens.counts
    masked = np.zeros(views.raw.n, np.int64)
    for edits in views.span_edits:
        masked += np.diff(list_offsets(edits))
    return FAMILY.struct(removed_words=ratio(before - views.lines.words, before, 0.0), masked_spans=masked)


FAMILY = Family(
    name="edited",
    version=2,
    doc="what the line edits removed",
    fields=(
        Field("removed_words", "double", "both", "share of the stored text's words that the line edits removed", undefined=0.0),
        Field(
            "masked_spans",
            "bigint",
            "lines",
            "what the recipe's span edits found, each time that it stands; Dolma v1.5 keeps 5 at most (cc-head.yaml)",
        ),
    ),
    measure=_measure,
    examples=(("", {"removed_words": 0.0, "masked_spans": 0}), ("Without line edits nothing goes.", {"removed_words": 0.0})),
)
