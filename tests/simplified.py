"""The simplified text of each document, one after another, as the sketch kernel makes them one at a time."""

from itertools import pairwise

import numpy as np
from corpusmill.kernels.simplify import LARGEST_GROWTH, simplify
from corpusmill.kernels.utf8 import Bytes, Offsets, largest_step


def simplify_documents(data: Bytes, offsets: Offsets) -> tuple[Bytes, Offsets]:
    """(data, offsets int64[n+1]) of the simplified texts."""
    parts = []
    simple = np.empty(LARGEST_GROWTH * largest_step(offsets), np.uint8)
    for begin, end in pairwise(offsets):
        parts.append(simple[: simplify(data, begin, end, simple)].copy())
    sizes = np.array([0, *(part.size for part in parts)], np.int64)
    return np.concatenate([np.empty(0, np.uint8), *parts]), np.cumsum(sizes)
