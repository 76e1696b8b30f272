"""Documents that passages were cut out of and whose text equals another one's since: the corpus never holds two equal texts."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from corpusmill.dedup.order import doc_id_column
from corpusmill.measure.measured_text import measured_text
from corpusmill.per_document import CHUNK, DOC_ID, SNAPSHOT
from corpusmill.publish.all_edits import with_all_edits
from corpusmill.table import Table, declare, names
from corpusmill.tables import Documents, Passages, Signals
from corpusmill.text.measure import hash_texts
from corpusmill.text.portions import portions
from corpusmill.text.spans import apply_edits

_FIRST = "first"


class PublishedTexts(Table):
    """The hash of what would be published of each document that is in."""

    name = "published_texts"
    doc_id = declare(*DOC_ID)
    snapshot = declare(*SNAPSHOT)
    chunk = declare(*CHUNK)
    key = declare("binary", "24 bytes whose order is the order of documents (dedup/order.py)")
    text_hash = declare("binary", "xxh3_128 of the text with all edits applied")
    is_cut = declare("boolean", "whether passages were cut out of it")


class EqualTexts(Table):
    """Documents that are left out for one that is published with the same text."""

    name = "equal_texts"
    doc_id = declare(*DOC_ID)
    snapshot = declare(*SNAPSHOT)
    chunk = declare(*CHUNK)
    duplicate_of = declare("string", "doc_id of the document that is published")


def published_texts(documents: DataFrame, still_in: DataFrame, passages: DataFrame, key: SparkColumn) -> DataFrame:
    """`PublishedTexts` of a chunk's documents `still_in` (signals). Those that are empty since are left out; `key` is made of columns of signals.

    Only texts that passages are cut out of are read: of the others measure has taken the hash.
    """
    keyed = still_in.withColumn(PublishedTexts.key, key)
    on = names(Passages.snapshot, Passages.doc_id)
    ids = passages.select(*on)
    columns = (PublishedTexts.doc_id, PublishedTexts.snapshot, PublishedTexts.chunk, PublishedTexts.key, PublishedTexts.text_hash)
    whole = keyed.join(ids, on=on, how="left_anti").select(*columns, F.lit(False).alias(PublishedTexts.is_cut))
    cut = with_all_edits(keyed.join(ids, on=on, how="left_semi"), passages)
    copied = (Documents.doc_id, Documents.snapshot, Documents.chunk)
    texts = measured_text(documents, cut, copied, (Signals.edits, PublishedTexts.key))
    return whole.unionByName(texts.mapInArrow(_hashed, PublishedTexts.ddl()))


def equal_texts(published: DataFrame) -> DataFrame:
    """`EqualTexts` of `PublishedTexts`: the documents that became equal to one that is whole, or else to the first of those cut alike.

    What is whole stays in any case: it is for deduplication to say which of equal texts goes.
    """
    first = F.min(F.struct(PublishedTexts.is_cut, PublishedTexts.key)).over(Window.partitionBy(PublishedTexts.text_hash))
    kept_key = F.col(_FIRST).getField(PublishedTexts.key)
    equal = published.withColumn(_FIRST, first).where(F.col(PublishedTexts.is_cut) & (kept_key != F.col(PublishedTexts.key)))
    return equal.withColumn(EqualTexts.duplicate_of, doc_id_column(kept_key)).select(*EqualTexts.columns())


def _hashed(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in portions(batches, Documents.text):
        texts = apply_edits(batch.column(Documents.text), batch.column(Signals.edits))
        columns = {
            **{name: batch.column(name) for name in (Documents.doc_id, Documents.snapshot, Documents.chunk, PublishedTexts.key)},
            PublishedTexts.text_hash: hash_texts(texts),
            PublishedTexts.is_cut: pa.array([True] * batch.num_rows),
        }
        rows = pa.RecordBatch.from_arrays([columns[c] for c in PublishedTexts.columns()], names=list(PublishedTexts.columns()))
        yield rows.filter(pc.not_equal(pc.binary_length(texts), 0))
