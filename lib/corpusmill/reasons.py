"""Why each document is out: a union over the tables of all deciding jobs, computed and never stored."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.tables import Contamination, Duplicates, Exclusions, SemanticDuplicates, Signals, Table, Verdicts, declare, names

STAGES = ("judge_documents", "find_duplicates", "find_semantic_duplicates", "find_contamination", "publish_corpus")
"""Jobs that give reasons, in the order in which they do."""
REASONED: tuple[type[Table], ...] = (Verdicts, Duplicates, SemanticDuplicates, Contamination, Exclusions)
"""The tables those jobs write, which `reasons` takes in this order."""
SEMANTIC = "semantic_duplicate"
"""The reason of a document in `semantic_duplicates`."""


class Reasons(Table):
    """A row for each reason of each document; a document without a row is in."""

    name = "reasons"
    doc_id = Verdicts.doc_id
    snapshot = Verdicts.snapshot
    chunk = Verdicts.chunk
    stage = declare("string", "the job that gives it, one of STAGES")
    place = declare("int", "among the document's reasons of that job: the recipe's order for judge, else 0")
    reason = declare("string", "its name")


def reasons(verdicts: DataFrame, duplicates: DataFrame, semantic: DataFrame, contamination: DataFrame, exclusions: DataFrame) -> DataFrame:
    """Rows of `Reasons` from the five tables, or from slices of them. Contamination that is only annotated gives none."""
    key = (Reasons.doc_id, Reasons.snapshot, Reasons.chunk)
    judged = verdicts.select(*key, F.posexplode(Verdicts.reasons).alias(Reasons.place, Reasons.reason))
    duplicate = F.concat(F.col(Duplicates.kind), F.lit("_duplicate"))
    dropped = dropping(contamination)
    contaminated = F.concat(F.lit("contaminated:"), F.col(Contamination.benchmark))
    parts = (
        judged,
        duplicates.select(*key, F.lit(0).alias(Reasons.place), duplicate.alias(Reasons.reason)),
        semantic.select(*key, F.lit(0).alias(Reasons.place), F.lit(SEMANTIC).alias(Reasons.reason)),
        dropped.select(*key, F.lit(0).alias(Reasons.place), contaminated.alias(Reasons.reason)),
        exclusions.select(*key, F.lit(0).alias(Reasons.place), F.col(Exclusions.reason).alias(Reasons.reason)),
    )
    staged = [part.withColumn(Reasons.stage, F.lit(stage)).select(*Reasons.columns()) for stage, part in zip(STAGES, parts, strict=True)]
    union = staged[0]
    for part in staged[1:]:
        union = union.unionByName(part)
    return union


def first_reasons(found: DataFrame) -> DataFrame:
    """Of `Reasons` rows, one a document: its first in stage order, then recipe order, then by name. A report counts these."""
    rank = F.array_position(F.array(*(F.lit(stage) for stage in STAGES)), F.col(Reasons.stage))
    fields = (Reasons.chunk, Reasons.stage, Reasons.place, Reasons.reason)
    order = F.struct(rank.alias("rank"), Reasons.place, Reasons.reason)
    least = found.groupBy(Reasons.snapshot, Reasons.doc_id).agg(F.min_by(F.struct(*fields), order).alias("least"))
    return least.select(Reasons.doc_id, Reasons.snapshot, *(F.col("least").getField(name).alias(name) for name in fields)).select(
        *Reasons.columns()
    )


def kept(measured: DataFrame, verdicts: DataFrame, *reasoned: DataFrame) -> DataFrame:
    """The rows of `measured` (signals, any columns with the key) whose verdict has no reason and that no frame of `reasoned` names.

    Reading fails where a measured document has no verdict: what was never judged is not published.
    """
    verdict = verdicts.select(Verdicts.snapshot, Verdicts.doc_id, Verdicts.reasons)
    missing = F.concat(F.lit("document "), F.col(Signals.doc_id), F.lit(" was measured but never judged: run judge_documents"))
    judged = F.when(F.col(Verdicts.reasons).isNull(), F.raise_error(missing).cast("boolean")).otherwise(F.size(Verdicts.reasons) == 0)
    key = names(Signals.snapshot, Signals.doc_id)
    left = measured.join(verdict, on=key, how="left").where(judged).drop(Verdicts.reasons)
    for frame in reasoned:
        left = left.join(frame.select(*key).distinct(), on=key, how="left_anti")
    return left


def dropping(contamination: DataFrame) -> DataFrame:
    """The rows of `contamination` that take their document out; the others only annotate."""
    return contamination.where(F.col(Contamination.action) == "drop")


def removed_most(first: DataFrame, documents: int) -> str:
    """Which first reason took most of `documents`, as a sentence; `first` as `first_reasons` gives it."""
    counted = first.groupBy(Reasons.reason).agg(F.count(F.lit(1)).alias("documents"))
    rows = counted.orderBy(F.col("documents").desc(), F.col(Reasons.reason)).limit(1).collect()
    if not rows:
        return f"nothing removed any of the {documents:,} documents"
    return f"what removed most is {rows[0][Reasons.reason]}, {rows[0]['documents']:,} of {documents:,} documents"
