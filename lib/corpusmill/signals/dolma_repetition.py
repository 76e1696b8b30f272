"""Gopher's n-gram shares as Dolma's tagger gopher_v1 counts them (allenai/dolma 669f534, python/dolma/taggers/gopher.py)."""

import numpy as np
import pyarrow as pa

from corpusmill.kernels.gram_counts import GRAMS, count_grams
from corpusmill.kernels.hashing import hash_spans
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.views import Views

_TOP, _DUPLICATED = (2, 3, 4), (5, 6, 7, 8, 9, 10)


def _measure(views: Views) -> pa.StructArray:
    raw, pieces = views.raw, views.raw.pieces
    hashes = hash_spans(raw.data, pieces.start, pieces.end)
    counts = count_grams(pieces.first, hashes, pieces.characters, np.array([*_TOP, *_DUPLICATED], np.int64))
    column = dict(zip(GRAMS, np.moveaxis(counts, 2, 0), strict=True))
    shares = {f"top_{n}_gram": ratio(column["top_first"][:, k], raw.piece_counts["characters"], 0.0) for k, n in enumerate(_TOP)}
    for k, n in enumerate(_DUPLICATED, start=len(_TOP)):
        shares[f"duplicated_{n}_grams"] = ratio(column["repeated_characters"][:, k], column["characters"][:, k], 0.0)
    return FAMILY.struct(**shares)


def _top(n: int) -> Field:
    return Field(
        f"top_{n}_gram", "double", "raw", f"characters of all times of the most frequent {n}-gram, of those of all words", undefined=0.0
    )


def _duplicated(n: int) -> Field:
    doc = f"characters of {n}-grams that are there twice or more, each time counted, of those of all {n}-grams"
    return Field(f"duplicated_{n}_grams", "double", "raw", doc, undefined=0.0)


FAMILY = Family(
    name="dolma_repetition",
    version=1,
    doc="Gopher's n-gram shares as Dolma counts them, of what white space parts",
    fields=(*map(_top, _TOP), *map(_duplicated, _DUPLICATED)),
    measure=_measure,
    examples=(
        ("", {"top_2_gram": 0.0, "duplicated_5_grams": 0.0}),
        ("one two", {"top_2_gram": 1.0, "top_3_gram": 0.0}),
        ("a b c a b", {"top_2_gram": 4 / 5, "top_3_gram": 3 / 5}),
        ("one two three four five one two three four five", {"duplicated_5_grams": 38 / 114, "duplicated_6_grams": 0.0}),
    ),
    always=False,
)
