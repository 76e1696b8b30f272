"""Buckets are streamed in the order of their documents with state carried across batches, so that their size costs time, linearly, and no memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.frames import Matches, Members
from corpusmill.dedup.scanning import COMPARED, PIVOT, scan_sketches
from corpusmill.dedup.set_scanning import scan_sets
from corpusmill.settings import DedupSettings

Scanner = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


@dataclass(frozen=True)
class Comparison:
    """How the evidence of two members is compared, and from which similarity on they match."""

    settings: DedupSettings

    def scanner(self, limit: int, first_only: bool) -> Scanner:
        """What makes `Matches` of sorted rows with the first `limit` pivots of each bucket; `first_only`: each row's earliest match alone."""
        threshold, verify = self.settings.threshold, self.settings.verify
        if verify == "sketch":
            return partial(scan_sketches, threshold=threshold, limit=limit, first_only=first_only)
        return partial(scan_sets, threshold=threshold, contained=verify == "containment", limit=limit, first_only=first_only)


def matches(members: DataFrame, is_pivot: Column, is_compared: Column, scanner: Scanner) -> DataFrame:
    """`Matches` between pivots of each bucket and the compared members after them. A pair comes once for each bucket it is found in."""
    columns = [F.col(c) for c in (Members.band, Members.hash, Members.key, Members.evidence)]
    flagged = members.select(*columns, is_pivot.alias(PIVOT), is_compared.alias(COMPARED))
    placed = flagged.repartition(F.col(Members.band), F.col(Members.hash))
    ordered = placed.sortWithinPartitions(F.col(Members.band), F.col(Members.hash), F.col(Members.key))
    return ordered.mapInArrow(scanner, Matches.ddl())
