"""Joins what was found, equal URLs, texts and sketches and near duplicates, into one answer a document."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.frames import Decisions, Grouped, Matches
from corpusmill.dedup.order import doc_id_column
from corpusmill.tables import Duplicates

_FIRST = "first"
_SKETCH = "first_of_sketch"
_FIRST_KEEPER = "first_keeper"
URL, EXACT, NEAR = "url", "exact", "near"
_OWN = (Grouped.key, Grouped.snapshot, Grouped.chunk, Grouped.text_hash, Grouped.url_hash)


def decisions(grouped: DataFrame, near: DataFrame) -> DataFrame:
    """`Decisions` on the documents that stand for their URL, from `Grouped` and the `Matches` of documents first of their sketch.

    Followers take their first's answer: a copy of a near duplicate is named as near to the document that is kept, as its exact
    original is not.
    """
    grouped = grouped.where(F.col(Grouped.same_url) == F.col(Grouped.key))
    firsts = grouped.select(F.col(Grouped.key).alias(_FIRST), F.coalesce(F.col(Grouped.same_sketch), F.col(Grouped.key)).alias(_SKETCH))
    own = grouped.select(*_OWN, Grouped.same_text)
    with_sketch = own.join(firsts, on=F.col(Grouped.same_text) == F.col(_FIRST), how="left")
    answered = with_sketch.join(near, on=F.col(_SKETCH) == F.col(Matches.later), how="left")
    keeper = F.coalesce(F.col(Matches.earlier), F.col(_SKETCH), F.col(Grouped.same_text))
    kind = F.when(keeper == F.col(Grouped.key), F.lit(None)).when(keeper == F.col(Grouped.same_text), F.lit(EXACT)).otherwise(F.lit(NEAR))
    return answered.select(
        *_OWN,
        keeper.alias(Decisions.keeper),
        F.coalesce(F.col(Matches.similarity), F.lit(1.0)).alias(Decisions.similarity),
        kind.alias(Decisions.kind),
    )


def of_urls(grouped: DataFrame, decided: DataFrame) -> DataFrame:
    """`Decisions` on the documents for whose URL another one stands, whatever became of that one: `decided` says, else it is of history."""
    firsts = decided.select(F.col(Decisions.key).alias(_FIRST), F.col(Decisions.keeper).alias(_FIRST_KEEPER))
    followers = grouped.where(F.col(Grouped.same_url) != F.col(Grouped.key))
    return followers.join(firsts, on=F.col(Grouped.same_url) == F.col(_FIRST), how="left").select(
        *_OWN,
        F.coalesce(F.col(_FIRST_KEEPER), F.col(Grouped.same_url)).alias(Decisions.keeper),
        F.lit(None).cast("double").alias(Decisions.similarity),
        F.lit(URL).alias(Decisions.kind),
    )


def duplicates(decided: DataFrame) -> DataFrame:
    """`Duplicates`: the documents that another one stands for."""
    return decided.where(F.col(Decisions.kind).isNotNull()).select(
        doc_id_column(F.col(Decisions.key)).alias(Duplicates.doc_id),
        F.col(Decisions.snapshot).alias(Duplicates.snapshot),
        F.col(Decisions.chunk).alias(Duplicates.chunk),
        doc_id_column(F.col(Decisions.keeper)).alias(Duplicates.duplicate_of),
        F.col(Decisions.similarity).alias(Duplicates.similarity),
        F.col(Decisions.kind).alias(Duplicates.kind),
    )
