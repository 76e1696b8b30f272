"""Compares the members of buckets, streamed in order, with the first few of each: linear work a bucket, memory for the first few alone."""

import numpy as np

from corpusmill.kernels import jit


@jit
def scan_buckets(
    band: np.ndarray, hashes: np.ndarray, keys: np.ndarray, low: np.ndarray, is_pivot: np.ndarray, is_compared: np.ndarray,
    start: int, least_equal: int, limit: int, first_only: bool,
    bucket: np.ndarray, pivot_keys: np.ndarray, pivot_low: np.ndarray,
    earlier: np.ndarray, later: np.ndarray, equal: np.ndarray,
) -> tuple[int, int]:  # fmt: skip
    """Compare rows from `start` on, sorted by (band, hash, key), with the pivots of their bucket that came before them.

    Rows: `band` int32[n], `hashes` int64[n], `keys` uint64[n, 3] (24 bytes, only copied), `low` uint8[n, K] (low byte of each value),
    `is_pivot`, `is_compared` bool[n]. A pivot row joins the bucket's pivots while they are fewer than `limit`, after it was compared.
    State between calls, changed in place: `bucket` int64[3] (band, hash, pivots so far), `pivot_keys` uint64[p, 3],
    `pivot_low` uint8[p, K].
    Output: `earlier` uint64[e, 3] (the pivot's key), `later` int64[e] (row) and `equal` int32[e] of each pair with at least `least_equal`
    equal bytes; with `first_only` of each row's first such pair alone. e must be at least p.

    Returns (next row, pairs). The next row is n when all are done; else the output is full, or the pivots are (`bucket[2]` is p then).
    """
    pairs = 0
    for row in range(start, band.shape[0]):
        if band[row] != bucket[0] or hashes[row] != bucket[1]:
            bucket[0], bucket[1], bucket[2] = band[row], hashes[row], 0
        count = bucket[2]
        joins = is_pivot[row] and count < limit
        if (is_compared[row] and pairs + count > earlier.shape[0]) or (joins and count == pivot_low.shape[0]):
            return row, pairs
        if is_compared[row]:
            for pivot in range(count):
                same = 0
                for position in range(low.shape[1]):
                    same += low[row, position] == pivot_low[pivot, position]
                if same >= least_equal:
                    earlier[pairs], later[pairs], equal[pairs] = pivot_keys[pivot], row, same
                    pairs += 1
                    if first_only:
                        break
        if joins:
            pivot_keys[count], pivot_low[count] = keys[row], low[row]
            bucket[2] = count + 1
    return band.shape[0], pairs
