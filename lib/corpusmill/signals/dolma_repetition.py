"""Gopher's n-gram shares as Dolma's tagger gopher_v1 counts them (allenai/dolma 669f534, python/dolma/taggers/gopher.py)."""

import pyarrow as pa

from corpusmill.signals.gram_shares import count_gopher_grams, fields, shares
from corpusmill.signals.registry import Family
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    raw, pieces = views.raw, views.raw.pieces
    counts = count_gopher_grams(pieces.first, pieces.hash, pieces.characters)
    return FAMILY.struct(**shares(counts["top_first"], raw.piece_counts["characters"], counts["repeated_characters"], counts["characters"]))


FAMILY = Family(
    name="dolma_repetition",
    version=1,
    doc="Gopher's n-gram shares as Dolma counts them, of what white space parts",
    fields=fields(
        lambda n: f"characters of all times of the most frequent {n}-gram, of those of all words",
        lambda n: f"characters of {n}-grams that are there twice or more, each time counted, of those of all {n}-grams",
    ),
    measure=_measure,
    examples=(
        ("", {"top_2_gram": 0.0, "duplicated_5_grams": 0.0}),
        ("one two", {"top_2_gram": 1.0, "top_3_gram": 0.0}),
        ("a b c a b", {"top_2_gram": 4 / 5, "top_3_gram": 3 / 5}),
        ("one two three four five one two three four five", {"duplicated_5_grams": 38 / 114, "duplicated_6_grams": 0.0}),
    ),
    always=False,
)
