"""Compares the members of buckets by sets of shingle hashes, streamed in order, with the first few of each: linear work a bucket."""

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import Hashes


@jit
def _similarity(common: int, size: int, other: int, of_smaller: bool) -> float:
    """Jaccard, or the share of the smaller set that is common; 0 where that has no members."""
    whole = min(size, other) if of_smaller else size + other - common
    return common / whole if whole > 0 else 0.0


@jit
def _least_common(size: int, other: int, threshold: float, of_smaller: bool) -> int:
    """The fewest common members that reach the threshold, one more than the smaller set has where none do.

    The same division decides as gives the similarity, and a formula only where to begin, so that no rounding moves the bound.
    """
    smaller = min(size, other)
    if threshold <= 0:
        return 0
    share = threshold if of_smaller else threshold / (1 + threshold)
    least = min(max(int(share * (smaller if of_smaller else size + other)) - 2, 0), smaller + 1)
    while least <= smaller and _similarity(least, size, other, of_smaller) < threshold:
        least += 1
    return least


@jit
def _common(a: Hashes, b: Hashes, least: int) -> int:
    """|A n B| of two sorted sets; fewer, and sooner, where it is below `least`."""
    i = j = common = 0
    spare, other_spare = a.size - least, b.size - least
    while i < a.size and j < b.size and i - common <= spare and j - common <= other_spare:
        x, y = a[i], b[j]
        common += x == y
        i += x <= y
        j += y <= x
    return common


@jit
def _compare(
    row: int, own: Hashes, pivots: int, threshold: float, of_smaller: bool, first_only: bool,
    pivot_keys: np.ndarray, pivot_first: np.ndarray, pivot_values: np.ndarray,
    pairs: int, earlier: np.ndarray, later: np.ndarray, similarity: np.ndarray,
) -> int:  # fmt: skip
    """Append the pairs of one row with the first `pivots` pivots; gives how many pairs there are then."""
    for pivot in range(pivots):
        other = pivot_values[pivot_first[pivot] : pivot_first[pivot + 1]]
        least = _least_common(own.size, other.size, threshold, of_smaller)
        common = _common(own, other, least)
        if common >= least:
            earlier[pairs], later[pairs] = pivot_keys[pivot], row
            similarity[pairs] = _similarity(common, own.size, other.size, of_smaller)
            pairs += 1
            if first_only:
                break
    return pairs


@jit
def scan_set_buckets(
    band: np.ndarray, hashes: np.ndarray, keys: np.ndarray, first: np.ndarray, values: np.ndarray,
    is_pivot: np.ndarray, is_compared: np.ndarray,
    start: int, threshold: float, of_smaller: bool, limit: int, first_only: bool,
    bucket: np.ndarray, pivot_keys: np.ndarray, pivot_first: np.ndarray, pivot_values: np.ndarray,
    earlier: np.ndarray, later: np.ndarray, similarity: np.ndarray,
) -> tuple[int, int]:  # fmt: skip
    """Compare rows from `start` on, sorted by (band, hash, key), with the pivots of their bucket that came before them.

    As `sketches.scan_buckets`, but row r has the sorted, distinct hashes values[first[r] : first[r + 1]], `first` int64[n + 1] and `values`
    uint64. A pair's similarity is |A n B| / |A u B|, with `of_smaller` |A n B| / min(|A|, |B|); those at or above `threshold` come out.
    State between calls, changed in place: `bucket` int64[3] (band, hash, pivots so far), `pivot_keys` uint64[p, 3], `pivot_first`
    int64[p + 1], beginning with 0, and `pivot_values` uint64[v], the pivots' sets one behind another.
    Output: `earlier` uint64[e, 3] (the pivot's key), `later` int64[e] (row) and `similarity` float64[e]; e must be at least p.

    Returns (next row, pairs). The next row is n when all are done; else the output is full, or the pivots are (`bucket[2]` is p then), or
    the row's set does not fit behind theirs (pivot_first[bucket[2]] plus its size is more than v then).
    """
    pairs = 0
    for row in range(start, band.shape[0]):
        if band[row] != bucket[0] or hashes[row] != bucket[1]:
            bucket[0], bucket[1], bucket[2] = band[row], hashes[row], 0
        count = bucket[2]
        own = values[first[row] : first[row + 1]]
        joins = is_pivot[row] and count < limit
        if joins and (count == pivot_keys.shape[0] or pivot_first[count] + own.size > pivot_values.size):
            return row, pairs
        if is_compared[row]:
            if pairs + count > later.size:
                return row, pairs
            pairs = _compare(
                row, own, count, threshold, of_smaller, first_only, pivot_keys, pivot_first, pivot_values, pairs, earlier, later, similarity
            )
        if joins:
            pivot_keys[count], pivot_first[count + 1] = keys[row], pivot_first[count] + own.size
            pivot_values[pivot_first[count] : pivot_first[count + 1]] = own
            bucket[2] = count + 1
    return band.shape[0], pairs
