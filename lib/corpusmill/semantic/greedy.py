"""Ordered greedy within a cluster: in order, a document goes iff its cosine to an earlier one that stays is at or above the threshold.

SemDeDup as published (arXiv 2303.09540 section 3, and its code) removes a document that is similar to any earlier one of its cluster, removed or
not: of a chain A ~ B ~ C with A and C apart it removes B and C. Here C stays, so that what is removed always has a document that stands for it.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from corpusmill.semantic.vectors import Vectors, cosines, similar

_BLOCK = 128
"""Documents compared at once with those kept so far: enough for matrix products to be fast."""
_KEPT = 1 << 15
"""Kept documents compared at once: 42 MB with a block."""
_FIRST_ROOM = 256


class ClusterScan:
    """The kept documents of one cluster, whose members are added in order.

    Memory: 4 bytes a value of every kept vector, twice for a moment when the room doubles, and their names. Time: members times kept.
    """

    def __init__(self, size: int, threshold: float) -> None:
        """`size`: values of a vector."""
        self._threshold = threshold
        self._names: list[str] = []
        self._room: Vectors = np.empty((_FIRST_ROOM, size), np.float32)

    def add(self, names: Sequence[str], vectors: Vectors) -> tuple[npt.NDArray[np.int64], list[str], npt.NDArray[np.float64]]:
        """The next n members. Returns (numbers of those that go, the first kept one similar to each, their cosines)."""
        removed: list[npt.NDArray[np.int64]] = [np.empty(0, np.int64)]
        keepers: list[npt.NDArray[np.int64]] = [np.empty(0, np.int64)]
        similarities: list[npt.NDArray[np.float64]] = [np.empty(0, np.float64)]
        for start in range(0, len(vectors), _BLOCK):
            block = vectors[start : start + _BLOCK]
            keeper = self._decide(names[start : start + _BLOCK], block)
            gone = np.flatnonzero(keeper >= 0)
            removed.append(gone + start)
            keepers.append(keeper[gone])
            similarities.append(cosines(block, self._room, gone, keeper[gone]))
        return np.concatenate(removed), [self._names[k] for k in np.concatenate(keepers)], np.concatenate(similarities)

    def _decide(self, names: Sequence[str], block: Vectors) -> npt.NDArray[np.int64]:
        """The place among the kept of the first that each document is similar to, -1 for those that stay, which are kept from then on."""
        keeper = np.full(len(block), -1, np.int64)
        for start in range(0, len(self._names), _KEPT):
            left = np.flatnonzero(keeper < 0)
            found = similar(block[left], self._room[start : min(start + _KEPT, len(self._names))], self._threshold)
            hit = found.any(axis=1)
            keeper[left[hit]] = found[hit].argmax(axis=1) + start
        left = np.flatnonzero(keeper < 0)
        among = similar(block[left], block[left], self._threshold)
        kept_here: list[int] = []
        for number, row in enumerate(left.tolist()):
            repeated = np.flatnonzero(among[number, kept_here])
            if repeated.size:
                keeper[row] = len(self._names) - len(kept_here) + repeated[0]
            else:
                kept_here.append(number)
                self._keep(names[row], block[row])
        return keeper

    def _keep(self, name: str, vector: Vectors) -> None:
        if len(self._names) == len(self._room):
            self._room = np.concatenate([self._room, np.empty_like(self._room)])
        self._room[len(self._names)] = vector
        self._names.append(name)
