"""Lengths of lines of the stored text: what Data-Juicer's line filters look at, of str.splitlines, and mC4's paragraph filter, of newlines alone."""

import pyarrow as pa

from corpusmill.kernels.line_lengths import largest_three
from corpusmill.kernels.totals import sum_pieces
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    lines, parts = views.raw.split_lines, views.raw.lines
    return FAMILY.struct(
        mean=ratio(sum_pieces(lines.first, lines.characters), lines.counts, 0.0),
        longest=largest_three(lines.first, lines.characters)[:, 0],
        third_longest=largest_three(parts.first, parts.characters)[:, 2],
    )


FAMILY = Family(
    name="line_lengths",
    version=2,
    doc="characters of lines",
    fields=(
        Field("mean", "double", "raw", "mean characters of a line, blank ones too; str.splitlines", undefined=0.0),
        Field("longest", "bigint", "raw", "characters of the longest; Data-Juicer keeps at least 10 (maximum_line_length_filter)"),
        Field(
            "third_longest",
            "bigint",
            "raw",
            "characters of the third longest line of str.split('\\n'), 0 where there are fewer; C4ParagraphFilter of datatrove keeps at least 200",
        ),
    ),
    measure=_measure,
    examples=(
        ("", {"mean": 0.0, "longest": 0, "third_longest": 0}),
        ("abc\n\nde\n", {"mean": 5 / 3, "longest": 3, "third_longest": 0}),
        ("a\nbb\n\u4e2d\u6587\u5b57\ndddd", {"mean": 10 / 4, "longest": 4, "third_longest": 2}),
        ("aaa\rbb\u2028c\nd\n", {"longest": 3, "third_longest": 0}),
    ),
)
