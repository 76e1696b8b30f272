"""Gopher's quality signals (arXiv 2112.11446, appendix A1), as datatrove's GopherQualityFilter counts them."""

import pyarrow as pa

from corpusmill.kernels.marks import count_stop_words, describe_ends
from corpusmill.kernels.totals import sum_chosen, sum_pieces
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    raw, tokens, lines = views.raw, views.raw.tokens, views.raw.split_lines
    is_word = ~tokens.symbol
    words = sum_pieces(tokens.first, is_word)
    hashes, ellipses, _ = raw.signs
    is_bullet, is_open = describe_ends(raw.data, lines.start, lines.end)
    return FAMILY.struct(
        words=words,
        mean_word_characters=ratio(sum_chosen(tokens.first, tokens.characters, is_word), words, 0.0),
        hash_ratio=ratio(hashes, tokens.counts, 0.0),
        ellipsis_ratio=ratio(ellipses, tokens.counts, 0.0),
        bullet_lines=ratio(sum_pieces(lines.first, is_bullet), lines.counts, 0.0),
        end_ellipsis_lines=ratio(sum_pieces(lines.first, is_open), lines.counts, 0.0),
        alpha_words=ratio(sum_pieces(tokens.first, tokens.alpha), tokens.counts, 0.0),
        stop_words=count_stop_words(tokens.first, tokens.stops),
    )


FAMILY = Family(
    name="gopher_quality",
    version=2,
    doc="Gopher's quality signals; words by language (text.splitters)",
    fields=(
        Field("words", "bigint", "raw", "words with at least one character outside datatrove's PUNCTUATION_SET"),
        Field("mean_word_characters", "double", "raw", "mean characters of these", undefined=0.0),
        Field("hash_ratio", "double", "raw", "# a word, of all words", undefined=0.0),
        Field("ellipsis_ratio", "double", "raw", "... and U+2026 a word, of all words", undefined=0.0),
        Field("bullet_lines", "double", "raw", "share of lines that begin with U+2022 or a hyphen", undefined=0.0),
        Field("end_ellipsis_lines", "double", "raw", "share of lines that end with ... or U+2026", undefined=0.0),
        Field("alpha_words", "double", "raw", "share of all words with at least one letter", undefined=0.0),
        Field("stop_words", "bigint", "raw", "how many of the, be, to, of, and, that, have, with occur; case counts"),
    ),
    measure=_measure,
    examples=(
        ("", {"words": 0, "mean_word_characters": 0.0, "alpha_words": 0.0, "stop_words": 0}),
        ("The cat and the dog, #1", {"words": 6, "mean_word_characters": 16 / 6, "hash_ratio": 1 / 8, "alpha_words": 5 / 8}),
        ("The and the and THE", {"stop_words": 2}),
        ("- one\n\u2022 two...\nthree \u2026", {"bullet_lines": 2 / 3, "end_ellipsis_lines": 2 / 3}),
    ),
)
