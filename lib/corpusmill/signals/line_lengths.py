"""Lengths of lines, as str.splitlines gives them, of the stored text: what Data-Juicer's line filters and mC4's paragraph filter look at."""

import pyarrow as pa

from corpusmill.kernels.line_lengths import largest_three
from corpusmill.kernels.totals import sum_pieces
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    lines = views.raw.split_lines
    largest = largest_three(lines.first, lines.characters)
    return FAMILY.struct(
        mean=ratio(sum_pieces(lines.first, lines.characters), lines.counts, 0.0),
        longest=largest[:, 0],
        third_longest=largest[:, 2],
    )


FAMILY = Family(
    name="line_lengths",
    version=1,
    doc="characters of lines",
    fields=(
        Field("mean", "double", "raw", "mean characters of a line, blank ones too", undefined=0.0),
        Field("longest", "bigint", "raw", "characters of the longest"),
        Field("third_longest", "bigint", "raw", "characters of the third longest, 0 where there are fewer: three paragraphs are as long"),
    ),
    measure=_measure,
    examples=(
        ("", {"mean": 0.0, "longest": 0, "third_longest": 0}),
        ("abc\n\nde\n", {"mean": 5 / 3, "longest": 3, "third_longest": 0}),
        ("a\nbb\n\u4e2d\u6587\u5b57\ndddd", {"mean": 10 / 4, "longest": 4, "third_longest": 2}),
    ),
)
