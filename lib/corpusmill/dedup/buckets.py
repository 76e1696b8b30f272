"""Buckets, the documents that share one band's hash: who shares which, who is first everywhere, and who is similar to the first few.

A bucket is streamed in the order of its documents with state carried across batches, so its size costs time, linearly, and no memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from corpusmill.dedup.curve import least_equal, similarity
from corpusmill.dedup.frames import Grouped, Matches, Members
from corpusmill.dedup.packing import from_matrix, to_matrix
from corpusmill.kernels.sketches import scan_buckets

_PIVOT = "is_pivot"
_COMPARED = "is_compared"
_IS_FIRST = "is_first"
_IS_LAST = "is_last"
_KEY_WORDS = 3
"""A key is 24 bytes, copied as three uint64."""
_PAIRS = 65_536
"""Pairs a kernel call returns at most: 2 MB."""
_FIRST_PIVOTS = 64
"""Room for pivots grows from here, so that an unlimited number of them takes only what the largest bucket needs."""


def shared_members(grouped: DataFrame) -> DataFrame:
    """`Members` of the documents that are first of their sketch. Singleton buckets go before sketches are attached."""
    firsts = grouped.where(F.col(Grouped.same_sketch) == F.col(Grouped.key))
    exploded = firsts.select(F.col(Grouped.key), F.posexplode(F.col(Grouped.bands)).alias(Members.band, Members.hash))
    shared = with_leaders(exploded)
    return shared.join(firsts.select(Grouped.key, Grouped.low), on=Members.key, how="inner").select(*Members.columns())


def with_leaders(members: DataFrame) -> DataFrame:
    """Members without those that are alone in their bucket, with `Members.is_leader` set anew."""
    bucket = Window.partitionBy(F.col(Members.band), F.col(Members.hash)).orderBy(F.col(Members.key))
    key = F.col(Members.key)
    flagged = members.withColumns({_IS_FIRST: F.lag(key).over(bucket).isNull(), _IS_LAST: F.lead(key).over(bucket).isNull()})
    shared = flagged.where(~(F.col(_IS_FIRST) & F.col(_IS_LAST)))
    leader = F.bool_and(F.col(_IS_FIRST)).over(Window.partitionBy(key))
    return shared.withColumn(Members.is_leader, leader).drop(_IS_FIRST, _IS_LAST)


def matches(members: DataFrame, is_pivot: Column, is_compared: Column, threshold: float, limit: int, first_only: bool) -> DataFrame:
    """`Matches` between the first `limit` pivots of each bucket and the compared members after them.

    `first_only`: each member's earliest match in the bucket alone. A pair comes once for each bucket it is found in.
    """
    columns = [F.col(c) for c in (Members.band, Members.hash, Members.key, Members.low)]
    flagged = members.select(*columns, is_pivot.alias(_PIVOT), is_compared.alias(_COMPARED))
    placed = flagged.repartition(F.col(Members.band), F.col(Members.hash))
    ordered = placed.sortWithinPartitions(F.col(Members.band), F.col(Members.hash), F.col(Members.key))
    return ordered.mapInArrow(partial(_scan, threshold=threshold, limit=limit, first_only=first_only), Matches.ddl())


@dataclass
class _Scan:
    """What is carried from batch to batch: the bucket at hand and its pivots."""

    values: int
    bucket: np.ndarray = field(default_factory=lambda: np.array([-1, 0, 0], dtype=np.int64))
    keys: np.ndarray = field(init=False)
    low: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.keys = np.zeros((_FIRST_PIVOTS, _KEY_WORDS), dtype=np.uint64)
        self.low = np.zeros((_FIRST_PIVOTS, self.values), dtype=np.uint8)

    def grow(self) -> None:
        """Double the room for pivots."""
        self.keys, self.low = np.concatenate([self.keys, self.keys]), np.concatenate([self.low, self.low])

    @property
    def is_full(self) -> bool:
        """Whether no pivot fits any more."""
        return int(self.bucket[2]) == len(self.low)


def _scan(batches: Iterator[pa.RecordBatch], threshold: float, limit: int, first_only: bool) -> Iterator[pa.RecordBatch]:
    """Matches of one partition, whose rows come sorted by (band, hash, key)."""
    scan: _Scan | None = None
    for batch in batches:
        if batch.num_rows == 0:
            continue
        low = to_matrix(batch.column(Members.low))
        scan = scan or _Scan(low.shape[1])
        least = least_equal(threshold, scan.values)
        yield from _scan_batch(scan, batch, low, least, limit, first_only)


def _scan_batch(scan: _Scan, batch: pa.RecordBatch, low: np.ndarray, least: int, limit: int, first_only: bool) -> Iterator[pa.RecordBatch]:
    """Matches of one batch, in as many pieces as the kernel's output takes."""
    band, hashes = (batch.column(name).to_numpy() for name in (Members.band, Members.hash))
    pivot, compared = (batch.column(name).to_numpy(zero_copy_only=False) for name in (_PIVOT, _COMPARED))
    keys = to_matrix(batch.column(Members.key))
    row = 0
    while row < batch.num_rows:
        size = max(_PAIRS, len(scan.low))
        earlier = np.empty((size, _KEY_WORDS), dtype=np.uint64)
        later, equal = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int32)
        row, pairs = scan_buckets(
            band, hashes, keys.view(np.uint64), low, pivot, compared, row, least, limit, first_only,
            scan.bucket, scan.keys, scan.low, earlier, later, equal,
        )  # fmt: skip
        if len(scan.low) < limit and scan.is_full:
            scan.grow()
        if pairs:
            found = [from_matrix(earlier[:pairs]), from_matrix(keys[later[:pairs]]), pa.array(similarity(equal[:pairs], scan.values))]
            yield pa.RecordBatch.from_arrays(found, names=list(map(str, Matches.columns())))
