"""Examples for the report: a few removed documents a reason and one edit a kind, with passages in which personal data are masked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from corpusmill.reasons import Reasons
from corpusmill.reports.content import EditCount, Passage, Removal
from corpusmill.reports.passages import LENGTH, cut_passage
from corpusmill.reports.reasoning import Evidence, explain
from corpusmill.rules.scores import with_scores
from corpusmill.settings import Config
from corpusmill.slices import Slice
from corpusmill.store import Store
from corpusmill.tables import Contamination, Documents, Duplicates, Passages, SemanticDuplicates, Signals, names

_MARGIN = 400
"""Bytes read around a span: more than is shown, so that an address at the edge is seen whole and masked."""
_RANK, _SPAN, _START, _END, _BEFORE, _MARKED, _AFTER, _SPANS, _DOCUMENTS, _FIRST = (
    "rank", "span", "start", "end", "before", "marked", "after", "spans", "documents_counted", "first_span",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Bytes [start, end) of a document's text."""

    snapshot: str
    chunk: int
    doc_id: str
    start: int = 0
    end: int = 0


def removals(store: Store, first: DataFrame, judged: Config) -> tuple[Removal, ...]:
    """`report.examples` removed documents of each reason, those with the least doc_id (which is a hash: a sample).

    `judged` has the rules and scores of the verdicts.
    """
    count = judged.report.examples
    rank = F.row_number().over(Window.partitionBy(Reasons.reason).orderBy(Reasons.doc_id, Reasons.snapshot)).alias(_RANK)
    chosen = first.select("*", rank).where(F.col(_RANK) <= count).collect() if count else []
    if not chosen:
        return ()
    ids = [row[Reasons.doc_id] for row in chosen]
    evidence = Evidence(
        judged,
        with_scores(store, judged, store.read(Signals).where(F.col(Signals.doc_id).isin(ids))).toArrow(),
        {
            (r[Duplicates.snapshot], r[Duplicates.doc_id]): r
            for table in (Duplicates, SemanticDuplicates)
            for r in store.read(table).where(F.col(Duplicates.doc_id).isin(ids)).collect()
        },
        {(r[Contamination.snapshot], r[Contamination.doc_id], r[Contamination.benchmark]): r for r in _contaminated(store, ids)},
    )
    passages = read_passages(store, [_shown(row, evidence) for row in chosen])
    others = _urls(store, [row[Duplicates.duplicate_of] for row in evidence.duplicates.values()])
    return tuple(_removal(row, evidence, passages, others) for row in chosen)


def _contaminated(store: Store, ids: list[str]) -> list[Row]:
    """The contamination of a few documents, with the first span alone: there may be thousands."""
    found = store.read(Contamination).where(F.col(Contamination.doc_id).isin(ids))
    return found.withColumn(Contamination.spans, F.slice(Contamination.spans, 1, 1)).collect()


def _removal(row: Row, evidence: Evidence, passages: dict[Place, tuple[str, Passage]], others: dict[str, str]) -> Removal:
    url, passage = passages.get(_shown(row, evidence), ("", Passage()))
    key = row[Reasons.snapshot], row[Reasons.doc_id]
    repeated = evidence.duplicates.get(key) if row[Reasons.reason].endswith("_duplicate") else None
    other = repeated[Duplicates.duplicate_of] if repeated else ""
    why = explain(row[Reasons.reason], key, evidence)
    return Removal(row[Reasons.reason], row[Reasons.doc_id], url, why, passage, others.get(other, other))


def _shown(row: Row, evidence: Evidence) -> Place:
    """The passage that shows the reason: for contamination the first span, else the beginning of the text."""
    place = Place(row[Reasons.snapshot], row[Reasons.chunk], row[Reasons.doc_id])
    found = evidence.contaminated(row[Reasons.reason], (place.snapshot, place.doc_id))
    if found is None or not found[Contamination.spans]:
        return place
    span = found[Contamination.spans][0]
    return replace(place, start=span[_START], end=span[_END])


def edits(store: Store) -> tuple[EditCount, ...]:
    """How often each kind of edit was found over all measured documents, and over those in which passages were looked for; one example of each."""
    key = (Signals.snapshot, Signals.chunk, Signals.doc_id)
    single = store.read(Signals).select(*key, F.explode(Signals.edits).alias(_SPAN)).select(*key, f"{_SPAN}.*")
    cut = store.read(Passages).select(*key, F.explode(Passages.spans).alias(_SPAN)).select(*key, f"{_SPAN}.*")
    single = single.unionByName(cut.withColumn("replacement", F.lit(None).cast("string")))
    place = F.struct(Signals.doc_id, Signals.snapshot, Signals.chunk, _START, _END)
    kinds = single.groupBy("reason", "replacement").agg(
        F.count(F.lit(1)).alias(_SPANS),
        F.count_distinct(Signals.snapshot, Signals.doc_id).alias(_DOCUMENTS),
        F.min(place).alias(_FIRST),
    )
    rows = kinds.orderBy(F.col(_SPANS).desc(), "reason").limit(50).collect()
    places = [Place(**{name: row[_FIRST][name] for name in Place.__dataclass_fields__}) for row in rows]
    passages = read_passages(store, places)
    return tuple(
        EditCount(row["reason"], row["replacement"], row[_DOCUMENTS], row[_SPANS], passages.get(place, ("", None))[1])
        for row, place in zip(rows, places, strict=True)
    )


def read_passages(store: Store, places: Sequence[Place]) -> dict[Place, tuple[str, Passage]]:
    """(URL, passage) of each place. Texts are cut where they are stored; a few hundred bytes of each reach the driver."""
    if not places:
        return {}
    wanted = store.small_frame(
        f"snapshot string, chunk int, doc_id string, {_START} bigint, {_END} bigint",
        [(p.snapshot, p.chunk, p.doc_id, p.start, p.end) for p in dict.fromkeys(places)],
    )
    data, start, end = F.encode(Documents.text, "UTF-8"), F.col(_START).cast("int"), F.col(_END).cast("int")
    from_byte = F.greatest(start - _MARGIN, F.lit(0))
    # By name, so that Spark reads the text of their chunks alone: it does not infer that from the join.
    chunks = " OR ".join(f"({piece.predicate()})" for piece in sorted({Slice(p.snapshot, p.chunk) for p in places}))
    joined = (
        store.read(Documents)
        .where(chunks)
        .join(F.broadcast(wanted), on=names(Documents.snapshot, Documents.chunk, Documents.doc_id), how="inner")
    )
    rows = joined.select(
        Documents.snapshot, Documents.chunk, Documents.doc_id, _START, _END, Documents.url,
        F.substring(data, from_byte + 1, start - from_byte).alias(_BEFORE),
        F.substring(data, start + 1, F.least(end - start, F.lit(4 * LENGTH))).alias(_MARKED),
        F.substring(data, end + 1, F.when(end > 0, _MARGIN).otherwise(4 * LENGTH)).alias(_AFTER),
    ).collect()  # fmt: skip
    shown = {}
    for row in rows:
        place = Place(row[Documents.snapshot], row[Documents.chunk], row[Documents.doc_id], row[_START], row[_END])
        shown[place] = (row[Documents.url] or "", cut_passage(bytes(row[_BEFORE]), bytes(row[_MARKED]), bytes(row[_AFTER])))
    return shown


def _urls(store: Store, ids: list[str]) -> dict[str, str]:
    """URLs of a few documents."""
    rows = store.read(Documents).where(F.col(Documents.doc_id).isin(ids)).select(Documents.doc_id, Documents.url).collect() if ids else []
    return {row[Documents.doc_id]: row[Documents.url] or row[Documents.doc_id] for row in rows}
