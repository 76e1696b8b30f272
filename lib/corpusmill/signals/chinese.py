"""Signals of Chinese text, where a character is the word that other languages have between blanks (text.splitters)."""

import pyarrow as pa

from corpusmill.kernels.chinese import KINDS, count_chinese
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    raw = views.raw
    counts = dict(zip(KINDS, count_chinese(raw.data, raw.offsets).T, strict=True))
    return FAMILY.struct(
        common_han=ratio(counts["common_han"], raw.characters, 0.0),
        punctuation=ratio(counts["punctuation"], raw.characters, 0.0),
        simplified=ratio(counts["simplified"], raw.kinds["han"], 0.0),
        traditional=ratio(counts["traditional"], raw.kinds["han"], 0.0),
        stop_words=counts["stop_words"],
        stop_characters=ratio(counts["stop_characters"], raw.characters, 0.0),
        mean_line_characters=raw.characters / raw.lines.counts,
    )


FAMILY = Family(
    name="chinese",
    version=1,
    doc="signals of Chinese text",
    fields=(
        Field("common_han", "double", "raw", "share of U+4E00 to U+9FA5 of all characters", undefined=0.0),
        Field("punctuation", "double", "raw", "share of the marks of GB/T 15834-2011 that are not ASCII", undefined=0.0),
        Field("simplified", "double", "raw", "share of Han characters that simplified writing alone has", undefined=0.0),
        Field("traditional", "double", "raw", "share of Han characters that traditional writing alone has", undefined=0.0),
        Field("stop_words", "bigint", "raw", "how many of the 22 most frequent one-character words of FineWeb2 occur"),
        Field("stop_characters", "double", "raw", "their share of all characters", undefined=0.0),
        Field("mean_line_characters", "double", "raw", "characters of the text, newlines too, a line of str.split('\\n')"),
    ),
    measure=_measure,
    examples=(
        ("", {"common_han": 0.0, "punctuation": 0.0, "traditional": 0.0, "stop_words": 0, "mean_line_characters": 0.0}),
        ("\u6211\u5011\u5728\u8fd9\u91cc\u3002", {"common_han": 5 / 6, "punctuation": 1 / 6, "simplified": 1 / 5, "traditional": 1 / 5}),
        ("\u7684\u662f\u7684 a\n", {"stop_words": 2, "stop_characters": 3 / 6, "mean_line_characters": 3.0}),
        ("\u5e7b\u89c9 \u5728", {"simplified": 1 / 3, "stop_words": 1}),
    ),
)
