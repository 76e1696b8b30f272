"""The sets of shingles of documents, made from their texts anew: what `dedup.verify` compares candidates by where sketches are not enough."""

from collections.abc import Iterator
from functools import partial

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.packing import from_sets
from corpusmill.kernels import shingle_sets as kernel
from corpusmill.measure.measured_text import measured_text
from corpusmill.settings import MeasureSettings
from corpusmill.tables import Documents, Signals, Table, declare
from corpusmill.text.batch import TextBatch
from corpusmill.text.portions import portions
from corpusmill.text.spans import EditView


class ShingleSets(Table):
    """Documents and their shingles."""

    name = "shingle_sets"
    key = declare("binary", "24 bytes whose order is the order of documents (order.py)")
    shingles = declare(
        "binary", "the distinct XXH64 of the shingles of the `lines` view, sorted, as little-endian uint64; empty where too short"
    )


def shingle_sets(documents: DataFrame, chosen: DataFrame, measure: MeasureSettings) -> DataFrame:
    """`ShingleSets` of the documents that `chosen` names: the hashes that the sketches measured with these settings are made of.

    `chosen`: snapshot, doc_id, text_digest and edits of signals, of the edits those of lines (`measured_text.line_edits`), and `key`. It reaches the
    text as the broadcast side of a join, so that it should name documents of a chunk at a time. A set takes 8 bytes a shingle, which is about
    one and a half times the text.
    """
    copied, measured = (Documents.snapshot, Documents.doc_id), (Signals.edits, ShingleSets.key)
    texts = measured_text(documents, chosen, copied, measured).select(*(F.col(c) for c in (ShingleSets.key, Signals.edits, Documents.text)))
    return texts.mapInArrow(partial(_sets, words=measure.shingle_words), ShingleSets.ddl())


def _sets(batches: Iterator[pa.RecordBatch], words: int) -> Iterator[pa.RecordBatch]:
    """Sets of texts after their line edits."""
    for batch in portions(batches, Documents.text):
        texts = TextBatch(EditView(batch.column(Documents.text), batch.column(Signals.edits)).texts)
        sets = from_sets(*kernel.shingle_sets(texts.data, texts.offsets, words))
        yield pa.RecordBatch.from_arrays([batch.column(ShingleSets.key), sets], names=list(map(str, ShingleSets.columns())))
