"""Gopher's repetition signals (arXiv 2112.11446, table A1), as datatrove's GopherRepetitionFilter counts them."""

import numpy as np
import pyarrow as pa

from corpusmill.kernels.hashing import hash_spans
from corpusmill.kernels.ngrams import count_duplicates, measure_ngrams
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.views import Views

TOP = np.array([2, 3, 4], np.int64)
DUPLICATED = np.array([5, 6, 7, 8, 9, 10], np.int64)


def _measure(views: Views) -> pa.StructArray:
    raw, tokens = views.raw, views.raw.tokens
    blocks, runs = raw.paragraphs, raw.line_runs
    paragraphs, paragraph_characters = count_duplicates(blocks.first, raw.paragraph_hashes, blocks.characters)
    lines, line_characters = count_duplicates(runs.first, hash_spans(raw.data, runs.start, runs.end), runs.characters)
    grams = measure_ngrams((raw.data, tokens.first, tokens.start, tokens.end, tokens.characters), TOP, DUPLICATED)
    names = [f"top_{n}_gram" for n in TOP] + [f"duplicated_{n}_n_grams" for n in DUPLICATED]
    return FAMILY.struct(
        dup_para_frac=ratio(paragraphs, blocks.counts, 0.0),
        dup_para_char_frac=ratio(paragraph_characters, raw.characters, 0.0),
        dup_line_frac=ratio(lines, runs.counts, 0.0),
        dup_line_char_frac=ratio(line_characters, raw.characters, 0.0),
        **{name: ratio(grams[:, column], raw.characters, 0.0) for column, name in enumerate(names)},
    )


def _top(n: int) -> Field:
    doc = f"characters of the most frequent {n}-gram with its spaces, times its count, of all characters; counts also where it occurs once"
    return Field(f"top_{n}_gram", "double", "raw", doc, undefined=0.0)


def _duplicated(n: int) -> Field:
    doc = f"characters of {n}-grams seen before, the scan jumping over each, of all characters"
    return Field(f"duplicated_{n}_n_grams", "double", "raw", doc, undefined=0.0)


FAMILY = Family(
    name="gopher_repetition",
    version=2,
    doc="Gopher's repetition signals; words by language (text.splitters)",
    fields=(
        Field("dup_para_frac", "double", "raw", "share of paragraphs that repeat an earlier one", undefined=0.0),
        Field("dup_para_char_frac", "double", "raw", "their characters, of all", undefined=0.0),
        Field("dup_line_frac", "double", "raw", "share of lines that repeat an earlier one; runs of newlines part lines", undefined=0.0),
        Field("dup_line_char_frac", "double", "raw", "their characters, of all", undefined=0.0),
        *(_top(int(n)) for n in TOP),
        *(_duplicated(int(n)) for n in DUPLICATED),
    ),
    early=True,
    measure=_measure,
    examples=(
        ("", {"dup_para_frac": 0.0, "dup_line_frac": 0.0, "top_2_gram": 0.0, "duplicated_5_n_grams": 0.0}),
        ("I am your father.\n" * 4, {"dup_line_frac": 3 / 5, "dup_line_char_frac": 51 / 72}),
        ("I am your father.\n\n" * 4, {"dup_para_frac": 3 / 4, "dup_para_char_frac": 51 / 76}),
        ("I am Frank, I am Frank, I am Frank", {"top_2_gram": 4 * 3 / 34}),
        ("a\n\nb\n\nc", {"dup_line_frac": 0.0}),
        ("one two three four five one two three four five", {"duplicated_5_n_grams": 19 / 47}),
    ),
)
