"""Which label most of a document has, when its parts have labels and weights."""

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.utf8 import Counts, Offsets


@jit
def weigh_labels(first: Offsets, labels: Counts, weights: Counts, own: Counts, count: int) -> tuple[Counts, Offsets]:
    """(int32[n], int64[n, 3]): the heaviest label of each document, of several the smallest, -1 where no part has one; and three weights.

    Those are of all labelled parts, of those with that label, and of those whose label is not `own` int32[n]. `labels`, `weights` int32[m]: labels
    are below `count`, and negative where a part has none.
    """
    heaviest, sums = np.full(first.size - 1, -1, np.int32), np.zeros((first.size - 1, 3), np.int64)
    totals = np.zeros(count, np.int64)
    for d in range(first.size - 1):
        for k in range(first[d], first[d + 1]):
            if labels[k] >= 0:
                totals[labels[k]] += weights[k]
                sums[d, 0] += weights[k]
                sums[d, 2] += weights[k] if labels[k] != own[d] else 0
        for k in range(first[d], first[d + 1]):
            label = labels[k]
            if label >= 0 and (totals[label] > sums[d, 1] or (totals[label] == sums[d, 1] and label < heaviest[d])):
                heaviest[d], sums[d, 1] = label, totals[label]
        for k in range(first[d], first[d + 1]):
            if labels[k] >= 0:
                totals[labels[k]] = 0
    return heaviest, sums
