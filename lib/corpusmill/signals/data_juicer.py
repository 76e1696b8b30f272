"""Signals of Data-Juicer's filters (datajuicer/data-juicer 1dc20a5, data_juicer/ops/filter) that no other family has.

The others are characters.alphanumeric, line_lengths.longest and counts.characters; its repetition filters are the family data_juicer_repetition.
Left out: stopwords_filter, whose lists it downloads; redpajama.stop_words is the share by another English list.
`It keeps` gives the default bound of the filter; one on counts.characters is at least 10.
"""

import pyarrow as pa

from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    raw = views.raw
    return FAMILY.struct(
        special_characters=ratio(raw.kinds["special"], raw.characters, 0.0),
        words=raw.piece_counts["words"],
        mean_line_characters=ratio(raw.characters, raw.split_lines.counts, 0.0),
    )


FAMILY = Family(
    name="data_juicer",
    version=1,
    doc="what Data-Juicer's filters look at",
    fields=(
        Field(
            "special_characters",
            "double",
            "raw",
            "share of digits, punctuation, white space, emoji and 188 other signs; it keeps 0.25",
            undefined=0.0,
        ),
        Field(
            "words",
            "bigint",
            "raw",
            "words that blanks, tabs and newlines part and that are not special characters alone; it keeps at least 10",
        ),
        Field(
            "mean_line_characters", "double", "raw", "characters of the text a line of str.splitlines; it keeps at least 10", undefined=0.0
        ),
    ),
    measure=_measure,
    examples=(
        ("", {"special_characters": 0.0, "words": 0, "mean_line_characters": 0.0}),
        ("A-1 \U0001f600 -- b\n", {"special_characters": 9 / 11, "words": 2, "mean_line_characters": 11.0}),
        ("one\ntwo\n", {"mean_line_characters": 4.0}),
    ),
)
