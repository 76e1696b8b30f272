"""Gopher's and RefinedWeb's signals as DCLM counts them (mlfoundations/dclm 361714b, baselines/mappers/filters/content_filters.py).

Words are str.split's but in `words` and `removed_words`, which count what fastText's tokenizer gives and begins with a letter or digit. Lines and
paragraphs are those that hold more than white space, without what white space they begin and end with.
"""

import numpy as np
import pyarrow as pa

from corpusmill.kernels.lines import strip_spans
from corpusmill.kernels.repeats import count_repeats, hash_cores
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.batch import Spans, TextBatch
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    raw, counts, marks = views.raw, views.raw.piece_counts, views.raw.line_marks
    pieces, filled, words = counts["pieces"], marks["filled"], raw.spoken
    hashes, ellipses, spaced = raw.signs
    lines = _repeats(raw, raw.lines, raw.line_hashes, *raw.line_cores)
    blocks = raw.paragraphs
    paragraphs = _repeats(raw, blocks, raw.paragraph_hashes, *strip_spans(raw.data, blocks.start, blocks.end))
    return FAMILY.struct(
        words=words,
        mean_word_characters=ratio(counts["characters"], pieces, 0.0),
        symbol_ratio=ratio(hashes + ellipses + spaced, pieces, 0.0),
        bullet_lines=ratio(marks["dclm_bullet"], filled, 0.0),
        end_ellipsis_lines=ratio(marks["dclm_ellipsis"], filled, 0.0),
        non_alpha_words=ratio(pieces - counts["letters"], pieces, 0.0),
        stop_words=counts["stop_words_any_case"],
        dup_line_frac=ratio(lines[:, 4], lines[:, 0], 0.0),
        dup_line_char_frac=ratio(lines[:, 5], lines[:, 1], 0.0),
        dup_para_frac=ratio(paragraphs[:, 4], paragraphs[:, 0], 0.0),
        dup_para_char_frac=ratio(paragraphs[:, 5], paragraphs[:, 1], 0.0),
        removed_words=ratio(words - views.lines.spoken, words, 0.0),
    )


def _repeats(texts: TextBatch, spans: Spans, hashes: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """REPEATS of kernels.repeats of the spans from low to high that are not empty."""
    keys, sizes = hash_cores(texts.data, spans.start, spans.end, low, high, hashes, spans.characters)
    return count_repeats(spans.first, keys, sizes, low < high)


FAMILY = Family(
    name="dclm",
    version=1,
    doc="Gopher's and RefinedWeb's signals as DCLM counts them; words are what white space parts",
    fields=(
        Field("words", "bigint", "raw", "words of fastText's tokenizer that begin with a letter or digit"),
        Field("mean_word_characters", "double", "raw", "mean characters of what str.split gives", undefined=0.0),
        Field("symbol_ratio", "double", "raw", "#, ..., . . . and U+2026 a word of str.split", undefined=0.0),
        Field("bullet_lines", "double", "raw", "share of lines that begin with U+25CF, U+2022, * or -", undefined=0.0),
        Field("end_ellipsis_lines", "double", "raw", "share of lines that end with ..., . . . or U+2026", undefined=0.0),
        Field("non_alpha_words", "double", "raw", "share of words of str.split without a letter", undefined=0.0),
        Field("stop_words", "bigint", "raw", "the, be, to, of, and, that, have, with in any case, each time that one stands"),
        Field("dup_line_frac", "double", "raw", "share of lines that are there twice or more, each time counted", undefined=0.0),
        Field("dup_line_char_frac", "double", "raw", "their characters, of those of all lines", undefined=0.0),
        Field("dup_para_frac", "double", "raw", "share of paragraphs that are there twice or more, each time counted", undefined=0.0),
        Field("dup_para_char_frac", "double", "raw", "their characters, of those of all paragraphs", undefined=0.0),
        Field("removed_words", "double", "both", "share of `words` that the line edits removed", undefined=0.0),
    ),
    measure=_measure,
    examples=(
        ("", {"words": 0, "mean_word_characters": 0.0, "symbol_ratio": 0.0, "dup_line_frac": 0.0, "removed_words": 0.0}),
        ("The (cat) AND #1 . . . 2", {"words": 3, "mean_word_characters": 17 / 8, "symbol_ratio": 2 / 8, "stop_words": 2}),
        (" * one\n\n\u25cf two...\nthree . . . \n", {"bullet_lines": 2 / 3, "end_ellipsis_lines": 2 / 3, "non_alpha_words": 5 / 8}),
        ("a line\n a line \n\n\nb\n\n b\n\n\nc", {"dup_line_frac": 4 / 5, "dup_line_char_frac": 14 / 15, "dup_para_frac": 2 / 4}),
    ),
)
