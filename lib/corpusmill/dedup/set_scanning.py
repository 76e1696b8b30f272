"""As scanning.py, where members are compared by their sets of shingles."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from corpusmill.dedup.frames import Members
from corpusmill.dedup.packing import to_sets
from corpusmill.dedup.scanning import FIRST_PIVOTS, KEY_WORDS, PAIRS, packed, unpacked
from corpusmill.kernels.set_scans import scan_set_buckets

_FIRST_VALUES = 1 << 16


@dataclass
class _Scan:
    """What is carried from batch to batch: the bucket at hand, its pivots and their sets, which have so much room as the largest bucket needs."""

    bucket: np.ndarray = field(default_factory=lambda: np.array([-1, 0, 0], dtype=np.int64))
    keys: np.ndarray = field(default_factory=lambda: np.zeros((FIRST_PIVOTS, KEY_WORDS), dtype=np.uint64))
    first: np.ndarray = field(default_factory=lambda: np.zeros(FIRST_PIVOTS + 1, dtype=np.int64))
    values: np.ndarray = field(default_factory=lambda: np.zeros(_FIRST_VALUES, dtype=np.uint64))

    def make_room(self, size: int, limit: int) -> None:
        """Double what is too small for one more pivot of `size` hashes."""
        count = int(self.bucket[2])
        if count == len(self.keys) and count < limit:
            self.keys = np.concatenate([self.keys, self.keys])
            self.first = np.concatenate([self.first, np.zeros(count, dtype=np.int64)])
        while self.first[count] + size > len(self.values):
            self.values = np.concatenate([self.values, self.values])


def scan_sets(
    batches: Iterator[pa.RecordBatch], threshold: float, contained: bool, limit: int, first_only: bool
) -> Iterator[pa.RecordBatch]:
    """`Matches` of one partition, whose rows come sorted by (band, hash, key), by Jaccard of their sets or the share `contained` in the other."""
    scan = _Scan()
    for batch in batches:
        if batch.num_rows:
            yield from _scan_batch(scan, batch, threshold, contained, limit, first_only)


def _scan_batch(
    scan: _Scan, batch: pa.RecordBatch, threshold: float, contained: bool, limit: int, first_only: bool
) -> Iterator[pa.RecordBatch]:  # fmt: skip
    band, hashes, pivot, compared, keys = unpacked(batch)
    first, values = to_sets(batch.column(Members.evidence))
    row = 0
    while row < batch.num_rows:
        size = max(PAIRS, len(scan.keys))
        earlier = np.empty((size, KEY_WORDS), dtype=np.uint64)
        later, similarity = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.float64)
        row, pairs = scan_set_buckets(
            band, hashes, keys.view(np.uint64), first, values, pivot, compared, row, threshold, contained, limit, first_only,
            scan.bucket, scan.keys, scan.first, scan.values, earlier, later, similarity,
        )  # fmt: skip
        if row < batch.num_rows:
            scan.make_room(int(first[row + 1] - first[row]), limit)
        if pairs:
            yield packed(earlier[:pairs], keys[later[:pairs]], similarity[:pairs])
