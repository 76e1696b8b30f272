"""Exact duplicates: of equal text hashes, in the snapshot and in the history of earlier ones, the earliest document stays."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from corpusmill.dedup.frames import Candidates, Grouped
from corpusmill.tables import History

TEXT_HASH_BAND = -1
"""The band of `history` that holds text hashes."""
_OLDER = "older"


def same_text(frame: DataFrame, history: DataFrame | None) -> DataFrame:
    """`Candidates` with `Grouped.same_text`. `history` holds earlier snapshots only; None where there are none.

    A window, not groupBy and a join: one shuffle, and Spark spills a text that occurs millions of times.
    """
    first = F.min(F.col(Candidates.key)).over(Window.partitionBy(F.col(Candidates.text_hash)))
    found = frame.withColumn(Grouped.same_text, first)
    if history is None:
        return found
    texts = history.where(F.col(History.band) == TEXT_HASH_BAND)
    older = texts.groupBy(F.col(History.hash)).agg(F.min(F.col(History.key)).alias(History.key))
    older = older.select(F.col(History.hash).alias(Candidates.text_hash), F.col(History.key).alias(_OLDER))
    joined = found.join(older, on=Candidates.text_hash, how="left")
    return joined.withColumn(Grouped.same_text, F.coalesce(F.col(_OLDER), F.col(Grouped.same_text))).drop(_OLDER)
