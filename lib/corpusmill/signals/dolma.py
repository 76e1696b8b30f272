"""Gopher's signals as Dolma's tagger gopher_v1 counts them (allenai/dolma 669f534, python/dolma/taggers/gopher.py): words are str.split's."""

import numpy as np
import pyarrow as pa

from corpusmill.kernels.repeats import count_repeats
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    raw, counts = views.raw, views.raw.piece_counts
    lines, marks = raw.lines, raw.line_marks
    repeats = count_repeats(lines.first, raw.line_hashes, lines.characters, np.ones(lines.start.size, np.bool_))
    return FAMILY.struct(
        words=counts["pieces"],
        median_word_characters=counts["median_sum"] / 2,
        symbol_words=ratio(counts["symbols"], counts["pieces"], 0.0),
        alpha_words=ratio(counts["letters"], counts["pieces"], 0.0),
        stop_words=counts["stop_words"],
        bullet_lines=marks["dolma_bullet"] / lines.counts,
        end_ellipsis_lines=marks["dolma_ellipsis"] / lines.counts,
        dup_line_frac=repeats[:, 4] / lines.counts,
        dup_line_char_frac=repeats[:, 5] / np.maximum(counts["characters"], 1),
    )


FAMILY = Family(
    name="dolma",
    version=1,
    doc="Gopher's signals as Dolma counts them; words are what white space parts",
    fields=(
        Field("words", "bigint", "raw", "what str.split gives"),
        Field("median_word_characters", "double", "raw", "median of their characters", undefined=0.0),
        Field("symbol_words", "double", "raw", "share of words with # or U+2026", undefined=0.0),
        Field("alpha_words", "double", "raw", "share of words with a letter", undefined=0.0),
        Field("stop_words", "bigint", "raw", "the, be, to, of, and, that, have, with, each time that one stands; case counts"),
        Field("bullet_lines", "double", "raw", "share of lines whose first character is * or -"),
        Field("end_ellipsis_lines", "double", "raw", "share of lines whose last character is U+2026"),
        Field("dup_line_frac", "double", "raw", "share of lines, blank ones too, that are there twice or more, each time counted"),
        Field("dup_line_char_frac", "double", "raw", "their characters, of those of all words"),
    ),
    measure=_measure,
    examples=(
        ("", {"words": 0, "median_word_characters": 0.0, "symbol_words": 0.0, "dup_line_frac": 0.0}),
        (
            "the #1 a\u2026 The of the\n",
            {"words": 6, "median_word_characters": 2.5, "symbol_words": 2 / 6, "alpha_words": 5 / 6, "stop_words": 3},
        ),
        ("* one\n - two\u2026\n-\u2026\n\n", {"bullet_lines": 2 / 5, "end_ellipsis_lines": 2 / 5, "dup_line_frac": 2 / 5}),
        ("again\nagain\nonce", {"dup_line_frac": 2 / 3, "dup_line_char_frac": 10 / 14}),
    ),
)
