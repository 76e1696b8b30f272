"""Joins what was found, equal texts, equal sketches and near duplicates, into one answer a document."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.exact import TEXT_HASH_BAND
from corpusmill.dedup.frames import Decisions, Grouped, Matches
from corpusmill.dedup.order import doc_id_column
from corpusmill.tables import Duplicates, History

_FIRST = "first"
_SKETCH = "first_of_sketch"
EXACT, NEAR = "exact", "near"


def decisions(grouped: DataFrame, near: DataFrame) -> DataFrame:
    """`Decisions` from `Grouped` and the `Matches` of documents first of their sketch.

    Followers take their first's answer: a copy of a near duplicate is named as near to the document that is kept, as its exact
    original is not.
    """
    firsts = grouped.select(F.col(Grouped.key).alias(_FIRST), F.coalesce(F.col(Grouped.same_sketch), F.col(Grouped.key)).alias(_SKETCH))
    own = grouped.select(Grouped.key, Grouped.chunk, Grouped.text_hash, Grouped.same_text)
    with_sketch = own.join(firsts, on=F.col(Grouped.same_text) == F.col(_FIRST), how="left")
    answered = with_sketch.join(near, on=F.col(_SKETCH) == F.col(Matches.later), how="left")
    keeper = F.coalesce(F.col(Matches.earlier), F.col(_SKETCH), F.col(Grouped.same_text))
    kind = F.when(keeper == F.col(Grouped.key), F.lit(None)).when(keeper == F.col(Grouped.same_text), F.lit(EXACT)).otherwise(F.lit(NEAR))
    return answered.select(
        F.col(Grouped.key),
        F.col(Grouped.chunk),
        F.col(Grouped.text_hash),
        keeper.alias(Decisions.keeper),
        F.coalesce(F.col(Matches.similarity), F.lit(1.0)).alias(Decisions.similarity),
        kind.alias(Decisions.kind),
    )


def duplicates(decided: DataFrame, snapshot: str) -> DataFrame:
    """`Duplicates`: the documents that another one stands for."""
    return decided.where(F.col(Decisions.kind).isNotNull()).select(
        doc_id_column(F.col(Decisions.key)).alias(Duplicates.doc_id),
        F.lit(snapshot).alias(Duplicates.snapshot),
        F.col(Decisions.chunk).alias(Duplicates.chunk),
        doc_id_column(F.col(Decisions.keeper)).alias(Duplicates.duplicate_of),
        F.col(Decisions.similarity).alias(Duplicates.similarity),
        F.col(Decisions.kind).alias(Duplicates.kind),
    )


def history(decided: DataFrame, snapshot: str) -> DataFrame:
    """`History`: the text hash of each kept document."""
    return decided.where(F.col(Decisions.kind).isNull()).select(
        F.lit(snapshot).alias(History.snapshot),
        F.lit(TEXT_HASH_BAND).alias(History.band),
        F.col(Decisions.text_hash).alias(History.hash),
        F.col(Decisions.key).alias(History.key),
    )
