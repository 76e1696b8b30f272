"""The lexicographically first maximal independent set of the verified pairs: a document goes iff an earlier neighbour stays."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.frames import Matches, Removed


def peel(edges: DataFrame) -> DataFrame:
    """`Removed`: the neighbours of all documents that have no earlier neighbour."""
    later = edges.select(F.col(Matches.later).alias(Matches.earlier)).distinct()
    return edges.join(later, on=Matches.earlier, how="left_anti").select(F.col(Matches.later)).distinct()


def without(edges: DataFrame, removed: DataFrame) -> DataFrame:
    """The edges that touch no removed document. Those of a document that was just found to stay all end in removed ones."""
    starts = removed.select(F.col(Removed.later).alias(Matches.earlier))
    return edges.join(removed, on=Matches.later, how="left_anti").join(starts, on=Matches.earlier, how="left_anti").select(*edges.columns)


def finish(edges: DataFrame) -> DataFrame:
    """`Removed`, decided edge by edge in the order of documents, in one partition whose memory is the set of removed keys."""
    ordered = edges.select(Matches.later, Matches.earlier).coalesce(1).sortWithinPartitions(F.col(Matches.later), F.col(Matches.earlier))
    return ordered.mapInArrow(_decide, Removed.ddl())


def _decide(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Edges sorted by (later, earlier): when one comes, its earlier document is decided already."""
    removed: set[bytes] = set()
    for batch in batches:
        found = []
        pairs: Iterator[tuple[Any, Any]] = zip(*(batch.column(name).to_pylist() for name in (Matches.later, Matches.earlier)), strict=True)
        for later, earlier in pairs:
            if earlier not in removed and later not in removed:
                removed.add(later)
                found.append(later)
        if found:
            yield pa.RecordBatch.from_arrays([pa.array(found, pa.binary())], names=[str(Removed.later)])
