"""Which documents take part in deduplication, and what of them: those that judge keeps, without text and with one byte a sketch value."""

from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.frames import Candidates, Pages
from corpusmill.dedup.packing import low_bytes
from corpusmill.tables import Signals, Verdicts, names

_VALUES = "sketch.values"
_BANDS = "sketch.bands"


def candidates(signals: DataFrame, verdicts: DataFrame, pages: DataFrame | None, key: Column) -> DataFrame:
    """The documents that have no reason, as `Candidates`; `pages` is None where URLs do not count. `key`: as document_keys.py makes it.

    The low bytes are taken before the join, so that 8 bytes a value are never shuffled.
    """
    columns = [
        F.col(Signals.snapshot),
        F.col(Signals.doc_id),
        key.alias(Candidates.key),
        F.col(Signals.chunk).alias(Candidates.chunk),
        F.col(Signals.text_hash).alias(Candidates.text_hash),
        F.col(_VALUES).alias(Candidates.low),
        F.coalesce(F.col(_BANDS), F.array().cast(Candidates.bands.type)).alias(Candidates.bands),
    ]
    narrow = signals.select(*columns).mapInArrow(_take_low_bytes, _narrow_ddl())
    document = names(Signals.snapshot, Signals.doc_id)
    kept = verdicts.where(F.size(F.col(Verdicts.reasons)) == 0).select(*document)
    found = narrow.join(kept, on=document, how="left_semi")
    if pages is None:
        none = {str(column): F.lit(None).cast(column.type) for column in (Candidates.url_hash, Candidates.fetched)}
        return found.withColumns(none).select(*Candidates.columns())
    return found.join(pages.select(*Pages.columns()), on=document, how="left").select(*Candidates.columns())


def _narrow_ddl() -> str:
    """Of `Candidates` what signals tell, and the document's id to join by."""
    told = [c for c in Candidates.columns() if c not in (Candidates.snapshot, Candidates.url_hash, Candidates.fetched)]
    columns = [(Signals.snapshot, "string"), (Signals.doc_id, "string"), *((c, c.type) for c in told)]
    return ", ".join(f"`{name}` {kind}" for name, kind in columns)


def _take_low_bytes(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Replace sketch values by their low bytes."""
    for batch in batches:
        index = batch.schema.get_field_index(Candidates.low)
        yield batch.set_column(index, Candidates.low, low_bytes(batch.column(index)))
