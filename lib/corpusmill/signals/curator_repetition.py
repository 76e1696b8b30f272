"""NeMo Curator's RepeatingDuplicateNGramsFilter (NVIDIA-NeMo/Curator 1e2e427, stages/text/filters/heuristic/repetition/repetition.py).

Its RepeatingTopNGramsFilter takes one of the most frequent n-grams in the order of a set, which differs from run to run; dolma_repetition has the
first.
"""

import numpy as np
import pyarrow as pa

from corpusmill.kernels.gram_counts import GRAMS, count_grams
from corpusmill.signals.registry import Family, Field, ratio
from corpusmill.text.views import Views

_SIZES = (2, 3, 4, 5, 6, 7, 8, 9, 10)


def _measure(views: Views) -> pa.StructArray:
    raw, pieces = views.raw, views.raw.pieces
    counts = count_grams(pieces.first, pieces.hash, pieces.characters, np.array(_SIZES, np.int64))
    again = counts[:, :, GRAMS.index("again")]
    shares = {f"duplicated_{n}_grams": ratio(again[:, k], raw.characters, 1.0) for k, n in enumerate(_SIZES)}
    for n in _SIZES:
        shares[f"duplicated_{n}_grams"][pieces.counts < n] = 1.0
    return FAMILY.struct(**shares)


def _field(n: int) -> Field:
    doc = f"characters of {n}-grams seen before with a blank between words, what two share counted once, of all; 1 of fewer than {n} words"
    return Field(f"duplicated_{n}_grams", "double", "raw", doc, undefined=1.0)


FAMILY = Family(
    name="curator_repetition",
    version=1,
    doc="n-grams seen before, as NeMo Curator counts them",
    fields=tuple(map(_field, _SIZES)),
    measure=_measure,
    examples=(
        ("", {"duplicated_2_grams": 1.0}),
        ("a b a b a", {"duplicated_2_grams": 5 / 9, "duplicated_3_grams": 5 / 9, "duplicated_6_grams": 1.0}),
        ("aa b c aa b d", {"duplicated_2_grams": 4 / 13, "duplicated_3_grams": 0.0}),
    ),
    always=False,
)
