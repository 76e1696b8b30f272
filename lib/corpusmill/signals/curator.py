"""Signals of NeMo Curator's heuristic filters (NVIDIA-NeMo/Curator 1e2e427, stages/text/filters/heuristic) that no other family has.

The others are characters.digits (NumbersFilter), characters.longest_word (LongWordFilter), dolma.words, dolma.alpha_words and dolma.stop_words
(WordCountFilter, WordsWithoutAlphabetsFilter, CommonEnglishWordsFilter) and dclm.mean_word_characters (MeanWordLengthFilter).
Lines are those that hold more than white space; paragraphs are what two newlines part. `It keeps` gives the default bound of the filter.
"""

import numpy as np
import pyarrow as pa

from corpusmill.kernels.boilerplate import LOREM, POLICY, mark_paragraphs
from corpusmill.kernels.hashing import hash_spans
from corpusmill.kernels.repeats import count_repeats
from corpusmill.kernels.totals import sum_pieces
from corpusmill.kernels.urls import count_url_characters
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    raw, kinds, marks = views.raw, views.raw.kinds, views.raw.line_marks
    lines, (low, high), paragraphs = raw.lines, raw.line_cores, raw.newline_pairs
    repeated = count_repeats(lines.first, raw.line_hashes, lines.characters, low < high)
    hashes = hash_spans(raw.data, paragraphs.start, paragraphs.end)
    blocks = count_repeats(paragraphs.first, hashes, paragraphs.characters, np.ones(hashes.size, np.bool_))
    said = mark_paragraphs(raw.data, paragraphs.start, paragraphs.end)
    boilerplate = sum_pieces(paragraphs.first, said & POLICY != 0) / paragraphs.counts
    boilerplate[sum_pieces(paragraphs.first, said & LOREM != 0) > 0] = 1.0
    return FAMILY.struct(
        non_alphanumeric=ratio(raw.characters - kinds["plain"], raw.characters, 1.0),
        urls=ratio(count_url_characters(raw.data, raw.offsets), raw.characters, 1.0),
        white_space=ratio(kinds["blanks"], raw.characters, 1.0),
        parentheses=ratio(kinds["parentheses"], raw.characters, 1.0),
        symbol_words=ratio(raw.piece_counts["mostly_symbols"], raw.piece_counts["pieces"], 0.0),
        boilerplate=boilerplate,
        bullet_lines=ratio(marks["curator_bullet"], marks["filled"], 0.0),
        open_lines=ratio(marks["curator_open"], marks["filled"], 0.0),
        ellipsis_lines=ratio(marks["curator_ellipsis"], marks["filled"], 0.0),
        kept_lines=ratio(repeated[:, 2], repeated[:, 0], 1.0),
        kept_line_characters=ratio(repeated[:, 3], repeated[:, 1], 1.0),
        kept_paragraphs=ratio(blocks[:, 2], blocks[:, 0], 1.0),
        kept_paragraph_characters=ratio(blocks[:, 3], blocks[:, 1], 1.0),
    )


FAMILY = Family(
    name="curator",
    version=1,
    doc="what NeMo Curator's heuristic filters look at",
    fields=(
        Field(
            "non_alphanumeric",
            "double",
            "raw",
            "share of characters but ASCII letters, digits, newlines and ? ! , .; it keeps 0.25",
            undefined=1.0,
        ),
        Field("urls", "double", "raw", "share of characters of addresses that begin with http:// or https://; it keeps 0.2", undefined=1.0),
        Field(
            "white_space", "double", "raw", "share of blanks, tabs, newlines, carriage returns and backspaces; it keeps 0.25", undefined=1.0
        ),
        Field("parentheses", "double", "raw", "share of ( ) { } [ ] U+27E8 and U+27E9; it keeps 0.1", undefined=1.0),
        Field(
            "symbol_words",
            "double",
            "raw",
            "share of words that are an ellipsis or have more runs of # than half their size; it keeps 0.1",
            undefined=0.0,
        ),
        Field(
            "boilerplate",
            "double",
            "raw",
            "share of paragraphs on policies and cookies, of its long sentences the first words; 1 where one has lorem ipsum; it keeps 0.4",
        ),
        Field("bullet_lines", "double", "raw", "share of lines that begin with one of twelve bullets; it keeps 0.9", undefined=0.0),
        Field("open_lines", "double", "raw", "share of lines that end with none of . ? ! \" and '; it keeps 0.85", undefined=0.0),
        Field("ellipsis_lines", "double", "raw", "share of lines that end with an ellipsis or `read more`; it keeps 0.3", undefined=0.0),
        Field("kept_lines", "double", "raw", "different lines, of all; it keeps at least 0.7", undefined=1.0),
        Field(
            "kept_line_characters", "double", "raw", "characters of different lines, of those of all; it keeps at least 0.8", undefined=1.0
        ),
        Field("kept_paragraphs", "double", "raw", "different paragraphs, of all; it keeps at least 0.7", undefined=1.0),
        Field(
            "kept_paragraph_characters",
            "double",
            "raw",
            "characters of different paragraphs, of those of all; it keeps at least 0.8",
            undefined=1.0,
        ),
    ),
    measure=_measure,
    examples=(
        ("", {"non_alphanumeric": 1.0, "urls": 1.0, "boilerplate": 0.0, "open_lines": 0.0, "kept_lines": 1.0}),
        ("See https://a.b/%20c%x (x) {y}\n", {"urls": 16 / 31, "white_space": 4 / 31, "parentheses": 4 / 31, "non_alphanumeric": 13 / 31}),
        ("# ## #a# ... [\u2026] a", {"symbol_words": 4 / 6}),
        (
            "Our Privacy Policy.\n\nWe use COOKIES\n\nNo.\n\nNo.",
            {"boilerplate": 2 / 4, "kept_paragraphs": 3 / 4, "kept_paragraph_characters": 36 / 39},
        ),
        ("x\n\nLorem Ipsum", {"boilerplate": 1.0}),
        ("\u2022 a\n- b.\n\nRead More..\na\na", {"bullet_lines": 1 / 5, "open_lines": 3 / 5, "ellipsis_lines": 1 / 5, "kept_lines": 4 / 5}),
    ),
)
