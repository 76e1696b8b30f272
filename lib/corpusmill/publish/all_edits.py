"""Every edit of each document: a union over the tables of the jobs that make edits, computed and never stored."""

from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.tables import Passages, Signals, names

_FOUND_ON = "found_on"


def with_all_edits(measured: DataFrame, passages: DataFrame) -> DataFrame:
    """`measured` (signals, any columns with the key, text_digest and edits) with the deletions of `passages` among its edits, by start.

    Reading fails where passages were found on another text than the signals were measured on.
    """
    key = names(Signals.snapshot, Signals.doc_id)
    found = passages.select(*key, F.col(Passages.text_digest).alias(_FOUND_ON), Passages.spans)
    edits = F.when(F.col(_FOUND_ON).isNull(), F.col(Signals.edits)).otherwise(F.array_sort(F.concat(Signals.edits, _deletions())))
    joined = measured.join(found, on=key, how="left")
    return joined.withColumn(Signals.edits, edits).drop(_FOUND_ON, Passages.spans)


def _deletions() -> SparkColumn:
    """The spans as edits."""
    moved = F.concat(F.lit("document "), F.col(Signals.doc_id), F.lit(" has changed since passages were found in it: run find_passages"))
    same = F.col(_FOUND_ON) == F.col(Signals.text_digest)
    spans = F.when(same, F.col(Passages.spans)).otherwise(F.raise_error(moved).cast(Passages.spans.type))
    return F.transform(
        spans,
        lambda span: F.struct(
            span.getField("start").alias("start"),
            span.getField("end").alias("end"),
            F.lit(None).cast("string").alias("replacement"),
            span.getField("reason").alias("reason"),
        ),
    )
