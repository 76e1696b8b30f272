"""What families of repeated n-grams have in common: Gopher's sizes (arXiv 2112.11446, table A1), their counts by name, and their fields."""

from collections.abc import Callable
from typing import Final

import numpy as np

from corpusmill.kernels.gram_counts import GRAMS, count_grams
from corpusmill.kernels.hashing import Hashes
from corpusmill.kernels.utf8 import Counts, Offsets
from corpusmill.signals.registry import Field, ratio

TOP: Final = (2, 3, 4)
DUPLICATED: Final = (5, 6, 7, 8, 9, 10)


def count_gopher_grams(first: Offsets, hashes: Hashes, characters: Counts) -> dict[str, Offsets]:
    """int64[n, 9] for each name of GRAMS: of TOP, then of DUPLICATED. Arguments as those of count_grams."""
    counts = count_grams(first, hashes, characters, np.array([*TOP, *DUPLICATED], np.int64))
    return dict(zip(GRAMS, np.moveaxis(counts, 2, 0), strict=True))


def shares(top: Offsets, of_top: Offsets, duplicated: Offsets, of_duplicated: Offsets) -> dict[str, np.ndarray]:
    """float64[n] for each field: columns of counts int64[n, 9] of a total, int64[n] or int64[n, 9]; 0 where that is 0."""
    found = {f"top_{n}_gram": _share(top, of_top, k) for k, n in enumerate(TOP)}
    return found | {f"duplicated_{n}_grams": _share(duplicated, of_duplicated, k) for k, n in enumerate(DUPLICATED, start=len(TOP))}


def _share(counts: Offsets, totals: Offsets, column: int) -> np.ndarray:
    return ratio(counts[:, column], totals if totals.ndim == 1 else totals[:, column], 0.0)


def fields(top: Callable[[int], str], duplicated: Callable[[int], str]) -> tuple[Field, ...]:
    """The fields of `shares`; what each means, given n."""
    tops = (Field(f"top_{n}_gram", "double", "raw", top(n), undefined=0.0) for n in TOP)
    return *tops, *(Field(f"duplicated_{n}_grams", "double", "raw", duplicated(n), undefined=0.0) for n in DUPLICATED)
