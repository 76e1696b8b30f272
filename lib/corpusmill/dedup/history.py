"""What is kept is remembered by its hashes, and later snapshots are compared with it without a look at its text or its signals."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from corpusmill.bit_filter import HASH, BitFilter, make_filter
from corpusmill.dedup.decisions import URL
from corpusmill.dedup.exact import TEXT_HASH_BAND, URL_HASH_BAND
from corpusmill.dedup.frames import Candidates, Decisions, Grouped, Members, Touched
from corpusmill.dedup.members import exploded
from corpusmill.dedup.packing import words_at
from corpusmill.tables import History, HistorySketches

_HASHED = (Candidates.text_hash, Candidates.url_hash)
_RANK = "rank"


@dataclass(frozen=True)
class Kept:
    """The documents kept of earlier snapshots, as the tables hold them."""

    history: DataFrame
    sketches: DataFrame

    def touched(self, candidates: DataFrame, documents: int, bands: int) -> DataFrame:
        """`Touched`: the rows whose hash one of the candidates may have, and some more.

        Hashes are uniform, so that no clustering of files would spare reading them; cut down by a filter they are read once, and few are
        shuffled.
        """
        hashes = candidates.select(*_HASHED, Candidates.bands).mapInArrow(_hashes, f"`{HASH}` bigint")
        return cut(self.history, History.hash, 0, make_filter(hashes, documents * (bands + len(_HASHED)))).select(*Touched.columns())

    def sketches_of(self, touched: DataFrame, rows: int) -> DataFrame:
        """key, low of the documents that rows of `touched` name, about `rows` many."""
        keys = touched.select(F.col(Touched.key)).distinct()
        tails = keys.mapInArrow(partial(_tails, column=str(Touched.key)), f"`{HASH}` bigint")
        found = cut(self.sketches.select(HistorySketches.key, HistorySketches.low), HistorySketches.key, -8, make_filter(tails, rows))
        return found.join(keys, on=Touched.key, how="left_semi")


def cut(frame: DataFrame, column: str, at: int, chosen: BitFilter) -> DataFrame:
    """The rows whose binary `column` has, in the 8 bytes from `at` on (from the end where it is negative), a hash that the filter knows."""
    return frame.mapInArrow(partial(_cut, column=str(column), at=at, chosen=chosen), frame.schema)


def _cut(batches: Iterator[pa.RecordBatch], column: str, at: int, chosen: BitFilter) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield batch.filter(pa.array(chosen.contains(words_at(batch.column(column), at))))


def _hashes(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """All hashes of candidates as bigint: 8 bytes of those of text and URL, and their bands."""
    for batch in batches:
        firsts = [words_at(batch.column(name).drop_null(), 0) for name in _HASHED]
        found = np.concatenate([*firsts, batch.column(Candidates.bands).flatten().to_numpy()])
        yield pa.RecordBatch.from_arrays([pa.array(found)], names=[HASH])


def _tails(batches: Iterator[pa.RecordBatch], column: str) -> Iterator[pa.RecordBatch]:
    """The last 8 bytes of keys, half of the doc_id: what comes first in a key is not uniform."""
    for batch in batches:
        yield pa.RecordBatch.from_arrays([pa.array(words_at(batch.column(column), -8))], names=[HASH])


def band_hash(hash_: Column) -> Column:
    """A band's hash, bigint, as history holds it: 8 bytes, big-endian."""
    return F.unhex(F.lpad(F.hex(hash_), 16, "0"))


def remembered(decided: DataFrame, grouped: DataFrame, snapshot: str, pivots: int | None) -> DataFrame:
    """`History` of a snapshot: the text hash of each kept document, and with `pivots` its bands and the URLs that documents stood for.

    Of a bucket the first `pivots` documents. What stood for a URL and went for another reason leaves the URL to its keeper.
    """
    kept = F.col(Decisions.kind).isNull()
    rows = _rows(decided.where(kept), F.lit(TEXT_HASH_BAND), F.col(Decisions.text_hash), F.col(Decisions.key))
    if pivots is not None:
        stood = F.col(Decisions.url_hash).isNotNull() & (kept | (F.col(Decisions.kind) != URL))
        urls = _rows(decided.where(stood), F.lit(URL_HASH_BAND), F.col(Decisions.url_hash), F.col(Decisions.keeper))
        members = exploded(_in_buckets(decided, grouped))
        bands = _rows(members, F.col(Members.band), band_hash(F.col(Members.hash)), F.col(Members.key))
        rows = rows.unionByName(urls).unionByName(first_of_buckets(bands, pivots))
    return rows.select(F.lit(snapshot).alias(History.snapshot), *History.columns()[1:])


def first_of_buckets(rows: DataFrame, pivots: int) -> DataFrame:
    """Of rows with band, hash and key the first `pivots` of each bucket."""
    bucket = Window.partitionBy(F.col(History.band), F.col(History.hash)).orderBy(F.col(History.key))
    return rows.withColumn(_RANK, F.row_number().over(bucket)).where(F.col(_RANK) <= pivots).drop(_RANK)


def remembered_sketches(decided: DataFrame, grouped: DataFrame, snapshot: str) -> DataFrame:
    """`HistorySketches` of the kept documents of a snapshot."""
    kept = _in_buckets(decided, grouped)
    return kept.select(F.lit(snapshot).alias(HistorySketches.snapshot), F.col(Grouped.key), F.col(Grouped.low))


def _in_buckets(decided: DataFrame, grouped: DataFrame) -> DataFrame:
    """`Grouped` rows of the kept documents that have bands."""
    kept = decided.where(F.col(Decisions.kind).isNull()).select(F.col(Decisions.key))
    return grouped.where(F.size(F.col(Grouped.bands)) > 0).join(kept, on=Grouped.key, how="left_semi")


def _rows(frame: DataFrame, band: Column, hash_: Column, key: Column) -> DataFrame:
    return frame.select(band.alias(History.band), hash_.alias(History.hash), key.alias(History.key))
