"""Which of equal passages go, and what that is of each document: two streams of sorted rows, of which each remembers one.

However often a passage occurs, it costs time in proportion and no memory.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.passages.frames import Candidates, LookedAt, Repeats
from corpusmill.passages.units import KINDS
from corpusmill.settings.passages import PASSAGE_REASONS
from corpusmill.tables import Passages

Integers = NDArray[np.int64]


def repeats(candidates: DataFrame) -> DataFrame:
    """`Repeats`: the passages that equal an earlier one, of an earlier document or before them in their own without touching them.

    So of a sentence said over and over one whole run stays, and of a document of one word the first stretch.
    """
    by_value = candidates.repartition(F.col(Candidates.hash))
    ordered = by_value.sortWithinPartitions(*map(F.col, (Candidates.hash, Candidates.second, Candidates.key, Candidates.start)))
    by_document = ordered.mapInArrow(_later, Repeats.ddl()).repartition(F.col(Repeats.key))
    placed = by_document.sortWithinPartitions(*map(F.col, (Repeats.key, Repeats.kind, Repeats.start, Repeats.end)))
    return placed.mapInArrow(_united, Repeats.ddl())


def passages(repeated: DataFrame, looked: DataFrame) -> DataFrame:
    """`Passages`: a row a document that has any."""
    reasons = F.array(*(F.lit(PASSAGE_REASONS[kind]) for kind in KINDS))
    span = F.struct(F.col(Repeats.start), F.col(Repeats.end), F.element_at(reasons, F.col(Repeats.kind) + 1).alias("reason"))
    spans = repeated.groupBy(F.col(Repeats.key)).agg(F.array_sort(F.collect_list(span)).alias(Passages.spans))
    named = looked.select(LookedAt.key, LookedAt.doc_id, LookedAt.snapshot, LookedAt.chunk, LookedAt.text_digest)
    return spans.join(named, on=LookedAt.key, how="inner").select(*Passages.columns())


def _later(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Of rows sorted by (hash, second, key, start) those that are not the first of theirs, nor in its document and touching it."""
    head: pa.RecordBatch | None = None
    for batch in batches:
        if batch.num_rows == 0:
            continue
        rows = batch if head is None else pa.concat_batches([head, batch])
        fresh = _changes(rows, Candidates.hash, Candidates.second)
        first = np.maximum.accumulate(np.where(fresh, np.arange(rows.num_rows), 0))
        key, start, end = rows.column(Candidates.key), _integers(rows, Candidates.start), _integers(rows, Candidates.end)
        own = pc.equal(key, key.take(pa.array(first))).to_numpy(zero_copy_only=False)
        touches = own & (start < end[first])
        yield rows.filter(pa.array(~fresh & ~touches)).select(list(Repeats.columns()))
        head = rows.slice(int(first[-1]), 1)


def _united(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows sorted by (key, kind, start), those of one document and kind that overlap or adjoin made one."""
    head: pa.RecordBatch | None = None
    for batch in batches:
        if batch.num_rows == 0:
            continue
        rows = _unite(batch if head is None else pa.concat_batches([head, batch]))
        yield rows.slice(0, rows.num_rows - 1)
        head = rows.slice(rows.num_rows - 1)
    if head is not None:
        yield head


def _unite(rows: pa.RecordBatch) -> pa.RecordBatch:
    start, end = _integers(rows, Repeats.start), _integers(rows, Repeats.end)
    opens = _changes(rows, Repeats.key, Repeats.kind)
    # The furthest end so far in the group: groups are kept apart by adding more than any end.
    apart = (np.cumsum(opens) - 1) * (int(end.max()) + 1)
    furthest = np.maximum.accumulate(end + apart) - apart
    opens[1:] |= start[1:] > furthest[:-1]
    chosen = rows.filter(pa.array(opens))
    index = chosen.schema.get_field_index(Repeats.end)
    return chosen.set_column(index, chosen.schema.field(index), pa.array(furthest[np.roll(opens, -1)]))


def _changes(rows: pa.RecordBatch, *columns: str) -> NDArray[np.bool_]:
    """Where any of the columns differs from the row before; true at the first."""
    changed = np.zeros(rows.num_rows, np.bool_)
    changed[0] = True
    for column in columns:
        values = rows.column(column)
        changed[1:] |= pc.not_equal(values.slice(1), values.slice(0, rows.num_rows - 1)).to_numpy(zero_copy_only=False)
    return changed


def _integers(rows: pa.RecordBatch, column: str) -> Integers:
    return np.asarray(rows.column(column).to_numpy())
