"""What is kept is remembered by its hashes, and later snapshots are compared with it without a look at its text or its signals."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from corpusmill.bit_filter import HASH, BitFilter, make_filter
from corpusmill.dedup.decisions import URL
from corpusmill.dedup.exact import TEXT_HASH_BAND, URL_HASH_BAND
from corpusmill.dedup.frames import Candidates, Decisions, Grouped, Members, Touched
from corpusmill.dedup.members import exploded
from corpusmill.tables import History, HistorySketches

_HASHED, _RANK = "hashed", "rank"


@dataclass(frozen=True)
class Kept:
    """The documents kept of earlier snapshots, as the tables hold them."""

    history: DataFrame
    sketches: DataFrame

    def touched(self, candidates: DataFrame, in_bands: bool) -> DataFrame:
        """`Touched`: the rows whose hash one of the candidates may have, and few others; not `in_bands`: those of texts alone.

        Hashes are uniform, so that no clustering of files would spare reading them; cut down by a filter they are read once, and few are
        shuffled.
        """
        listed = F.array(F.col(Candidates.text_hash))
        if in_bands:
            whole = F.array(F.col(Candidates.text_hash), F.col(Candidates.url_hash))
            listed = F.concat(whole, F.transform(F.col(Candidates.bands), band_hash))
        count = candidates.agg(F.coalesce(F.sum(F.size(listed)), F.lit(0))).collect()[0][0]
        hashes = candidates.select(F.explode(listed).alias(HASH)).where(F.col(HASH).isNotNull())
        chosen = make_filter(hashes.select(F.xxhash64(HASH).alias(HASH)), count)
        return cut(self.history, History.hash, chosen).select(*Touched.columns())

    def sketches_of(self, older: DataFrame, rows: int) -> DataFrame:
        """key, low of the documents that `older` names in about `rows` rows."""
        keys = older.select(F.col(Touched.key)).distinct()
        chosen = make_filter(keys.select(F.xxhash64(Touched.key).alias(HASH)), rows)
        found = cut(self.sketches.select(HistorySketches.key, HistorySketches.low), HistorySketches.key, chosen)
        return found.join(keys, on=Touched.key, how="left_semi")


def cut(frame: DataFrame, column: str, chosen: BitFilter) -> DataFrame:
    """The rows whose binary `column` the filter may know by its xxhash64."""
    hashed = frame.withColumn(_HASHED, F.xxhash64(F.col(column)))
    return hashed.mapInArrow(partial(_cut, chosen=chosen), hashed.schema).drop(_HASHED)


def _cut(batches: Iterator[pa.RecordBatch], chosen: BitFilter) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield batch.filter(pa.array(chosen.contains(batch.column(_HASHED).to_numpy())))


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
