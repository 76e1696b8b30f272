"""FineWeb's signals (arXiv 2406.17557, section 3.6), as datatrove's FineWebQualityFilter counts them, on what C4's line edits leave."""

import pyarrow as pa

from corpusmill.kernels.ngrams import count_duplicates
from corpusmill.kernels.totals import sum_pieces
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.views import Views

SHORT_LINE = 30
"""Characters of a short line (FineWeb, section 3.6)."""


def _measure(views: Views) -> pa.StructArray:
    texts, lines = views.lines, views.lines.lines
    is_filled, is_ended = texts.line_ends
    filled = sum_pieces(lines.first, is_filled)
    newlines = lines.counts - 1
    # Of blank lines no characters: they do not count as repeated.
    _, repeated = count_duplicates(lines.first, texts.line_hashes, lines.characters * is_filled)
    return FAMILY.struct(
        lines=filled,
        line_punct_ratio=ratio(sum_pieces(lines.first, is_ended & is_filled), filled, 1.0),
        short_line_ratio=ratio(sum_pieces(lines.first, is_filled & (lines.characters <= SHORT_LINE)), filled, 0.0),
        char_dup_ratio=ratio(repeated, texts.characters - newlines, 0.0),
        list_ratio=ratio(newlines, texts.words, 0.0),
    )


FAMILY = Family(
    name="fineweb",
    version=2,
    doc="FineWeb's line signals, after the line edits",
    fields=(
        Field("lines", "bigint", "lines", "lines that are not blank, which the ratios are of"),
        Field("line_punct_ratio", "double", "lines", "share of lines whose last character ends sentences in some script", undefined=1.0),
        Field("short_line_ratio", "double", "lines", "share of lines of at most 30 characters", undefined=0.0),
        Field("char_dup_ratio", "double", "lines", "characters of lines that repeat an earlier one, of all but newlines", undefined=0.0),
        Field("list_ratio", "double", "lines", "newlines a word", undefined=0.0),
    ),
    measure=_measure,
    examples=(
        ("\n\n", {"lines": 0, "line_punct_ratio": 1.0, "short_line_ratio": 0.0, "char_dup_ratio": 0.0, "list_ratio": 0.0}),
        ("One line.\nOne line.\n\u3053\u308c\u3002", {"lines": 3, "line_punct_ratio": 1.0, "short_line_ratio": 1.0}),
        ("One line.\nOne line.\nTwo\n\n", {"line_punct_ratio": 2 / 3, "char_dup_ratio": 9 / 21, "list_ratio": 4 / 7}),
    ),
)
