"""Which documents take part in deduplication, and what of them: those that judge keeps, without text and with one byte a sketch value."""

from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.frames import Candidates
from corpusmill.dedup.order import order_key_column
from corpusmill.dedup.packing import low_bytes
from corpusmill.tables import Signals, Verdicts

_WORDS = "counts.words"
_VALUES = "sketch.values"
_BANDS = "sketch.bands"


def candidates(signals: DataFrame, verdicts: DataFrame, ordinal: int) -> DataFrame:
    """The documents of the snapshot with this ordinal that have no reason, as `Candidates`.

    The low bytes are taken before the join, so that 8 bytes a value are never shuffled.
    """
    key = order_key_column(ordinal, F.col(_WORDS), F.col(Signals.doc_id)).alias(Candidates.key)
    text_hash = F.col(Signals.text_hash).alias(Candidates.text_hash)
    values = F.col(_VALUES).alias(Candidates.low)
    bands = F.coalesce(F.col(_BANDS), F.array().cast(Candidates.bands.type)).alias(Candidates.bands)
    kept = verdicts.where(F.size(F.col(Verdicts.reasons)) == 0).select(F.col(Verdicts.doc_id))
    columns = [F.col(Signals.doc_id), key, F.col(Signals.chunk).alias(Candidates.chunk), text_hash, values, bands]
    schema = f"`{Signals.doc_id}` string, {Candidates.ddl()}"
    narrow = signals.select(*columns).mapInArrow(_take_low_bytes, schema)
    return narrow.join(kept, on=Signals.doc_id, how="left_semi").select(*Candidates.columns())


def _take_low_bytes(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Replace sketch values by their low bytes."""
    for batch in batches:
        index = batch.schema.get_field_index(Candidates.low)
        yield batch.set_column(index, Candidates.low, low_bytes(batch.column(index)))
