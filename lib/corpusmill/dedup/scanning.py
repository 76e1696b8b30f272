"""Compares the members of sorted buckets with the first few of each, batch by batch, with state carried from one to the next."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa

from corpusmill.dedup.curve import least_equal, similarity
from corpusmill.dedup.frames import Matches, Members
from corpusmill.dedup.packing import from_matrix, to_matrix
from corpusmill.kernels.sketches import scan_buckets

PIVOT: Final = "is_pivot"
COMPARED: Final = "is_compared"
"""Columns of what is scanned, beside those of `Members`."""
KEY_WORDS: Final = 3
"""A key is 24 bytes, copied as three uint64."""
PAIRS: Final = 65_536
"""Pairs a kernel call returns at most: 2 MB."""
FIRST_PIVOTS: Final = 64
"""Room for pivots grows from here, so that an unlimited number of them takes only what the largest bucket needs."""


@dataclass
class _Scan:
    """What is carried from batch to batch: the bucket at hand and its pivots."""

    values: int
    bucket: np.ndarray = field(default_factory=lambda: np.array([-1, 0, 0], dtype=np.int64))
    keys: np.ndarray = field(init=False)
    low: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.keys = np.zeros((FIRST_PIVOTS, KEY_WORDS), dtype=np.uint64)
        self.low = np.zeros((FIRST_PIVOTS, self.values), dtype=np.uint8)

    def grow(self) -> None:
        """Double the room for pivots."""
        self.keys, self.low = np.concatenate([self.keys, self.keys]), np.concatenate([self.low, self.low])

    @property
    def is_full(self) -> bool:
        """Whether no pivot fits any more."""
        return int(self.bucket[2]) == len(self.low)


def scan_sketches(batches: Iterator[pa.RecordBatch], threshold: float, limit: int, first_only: bool) -> Iterator[pa.RecordBatch]:
    """`Matches` of one partition, whose rows come sorted by (band, hash, key), by the low bytes of sketch values."""
    scan: _Scan | None = None
    for batch in batches:
        if batch.num_rows == 0:
            continue
        low = to_matrix(batch.column(Members.evidence))
        scan = scan or _Scan(low.shape[1])
        least = least_equal(threshold, scan.values)
        yield from _scan_batch(scan, batch, low, least, limit, first_only)


def _scan_batch(scan: _Scan, batch: pa.RecordBatch, low: np.ndarray, least: int, limit: int, first_only: bool) -> Iterator[pa.RecordBatch]:
    """Matches of one batch, in as many pieces as the kernel's output takes."""
    band, hashes, pivot, compared, keys = unpacked(batch)
    row = 0
    while row < batch.num_rows:
        size = max(PAIRS, len(scan.low))
        earlier = np.empty((size, KEY_WORDS), dtype=np.uint64)
        later, equal = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int32)
        row, pairs = scan_buckets(
            band, hashes, keys.view(np.uint64), low, pivot, compared, row, least, limit, first_only,
            scan.bucket, scan.keys, scan.low, earlier, later, equal,
        )  # fmt: skip
        if len(scan.low) < limit and scan.is_full:
            scan.grow()
        if pairs:
            yield packed(earlier[:pairs], keys[later[:pairs]], similarity(equal[:pairs], scan.values))


def unpacked(batch: pa.RecordBatch) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Band, hash, whether pivot, whether compared, and the keys (uint8[n, 24]) of a batch's rows."""
    band, hashes = (batch.column(name).to_numpy() for name in (Members.band, Members.hash))
    pivot, compared = (batch.column(name).to_numpy(zero_copy_only=False) for name in (PIVOT, COMPARED))
    return band, hashes, pivot, compared, to_matrix(batch.column(Members.key))


def packed(earlier: np.ndarray, later: np.ndarray, similarities: np.ndarray) -> pa.RecordBatch:
    """A batch of `Matches` from keys and similarities (float64[n])."""
    found = [from_matrix(earlier), from_matrix(later), pa.array(similarities)]
    return pa.RecordBatch.from_arrays(found, names=list(map(str, Matches.columns())))
