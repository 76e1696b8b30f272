"""Shares of kinds of characters in the stored text: what Data-Juicer's, NeMo Curator's and RedPajama's ratio filters look at."""

import pyarrow as pa

from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.views import Views

_KINDS = ("alphanumeric", "digits", "white_space", "uppercase", "brackets", "han")


def _measure(views: Views) -> pa.StructArray:
    raw = views.raw
    shares = {name: ratio(raw.kinds[name], raw.characters, 0.0) for name in _KINDS}
    return FAMILY.struct(longest_word=raw.piece_counts["longest"], **shares)


FAMILY = Family(
    name="characters",
    version=1,
    doc="shares of kinds of characters",
    fields=(
        Field("alphanumeric", "double", "raw", "share of letters and digits; Data-Juicer keeps at least 0.25", undefined=0.0),
        Field(
            "digits",
            "double",
            "raw",
            "share of decimal digits; NumbersFilter of NeMo Curator keeps 0.15, and gives an empty text 1",
            undefined=0.0,
        ),
        Field("white_space", "double", "raw", "share of white space", undefined=0.0),
        Field("uppercase", "double", "raw", "share of upper-case letters", undefined=0.0),
        Field("brackets", "double", "raw", "share of ( and )", undefined=0.0),
        Field("han", "double", "raw", "share of Han characters, which Chinese is written in", undefined=0.0),
        Field("longest_word", "bigint", "raw", "characters of the longest piece between white space; NeMo Curator keeps 1000"),
    ),
    measure=_measure,
    examples=(
        ("", {"alphanumeric": 0.0, "longest_word": 0}),
        (
            "Ab (12)\n\u4e2d\u6587",
            {"alphanumeric": 6 / 10, "digits": 2 / 10, "white_space": 2 / 10, "uppercase": 1 / 10, "brackets": 2 / 10},
        ),
        ("\u4e2d\u6587, x", {"han": 2 / 5, "longest_word": 3}),
    ),
)
