"""How much the line edits took away: RefinedWeb drops a page of which they removed more than a twentieth."""

import pyarrow as pa

from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    before = views.raw.tokens.counts
    return FAMILY.struct(removed_words=ratio(before - views.lines.words, before, 0.0))


FAMILY = Family(
    name="edited",
    version=1,
    doc="what the line edits removed",
    fields=(Field("removed_words", "double", "both", "share of the stored text's words that the line edits removed", undefined=0.0),),
    measure=_measure,
    examples=(("", {"removed_words": 0.0}), ("Without line edits nothing goes.", {"removed_words": 0.0})),
)
