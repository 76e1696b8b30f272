"""Counts for the report. Every query ends in an aggregate or a limit, so that what reaches the driver does not grow with the corpus."""

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from corpusmill.reasons import REASONED, STAGES, Reasons, first_reasons, reasons
from corpusmill.reports.content import ReasonCount, ShareCount, Training
from corpusmill.settings import TrainSettings
from corpusmill.store import Store
from corpusmill.tables import (
    Corpus,
    Documents,
    Inputs,
    RejectedRecords,
    Runs,
    Shards,
    Signals,
    names,
)

HOSTS = 15
"""Hosts shown."""
CURVE_POINTS = 1000
_CHARACTERS = "counts.characters"
_LANGUAGE = "language.code"
_COUNT, _SIZE, _KEPT, _NAME = "documents_counted", "characters_counted", "documents_kept", "name"


def decided(store: Store) -> DataFrame:
    """Rows of `Reasons`, the first of each document that has one."""
    return first_reasons(reasons(*(store.read(table) for table in REASONED)))


def rejected(store: Store) -> tuple[tuple[str, int], ...]:
    """(kind of error, records), most frequent first; the kind is what stands before the colon."""
    kind = F.substring_index(F.col(RejectedRecords.error), ":", 1).alias(_NAME)
    counts = store.read(RejectedRecords).groupBy(kind).agg(F.count(F.lit(1)).alias(_COUNT)).collect()
    return tuple(sorted(((row[_NAME], row[_COUNT]) for row in counts), key=lambda pair: (-pair[1], pair[0])))


def records(store: Store) -> int:
    """Records that count: documents and rejected ones, as ingest counted them file by file."""
    return int(_one(store.read(Inputs).agg(F.sum(Inputs.records)))[0] or 0)


def documents(store: Store) -> int:
    """Rows of `documents`."""
    return store.read(Documents).count()


def corpus(store: Store) -> tuple[int, int]:
    """(documents, characters) of the corpus."""
    row = _one(store.read(Corpus).agg(F.count(F.lit(1)), F.sum(Corpus.characters)))
    return int(row[0]), int(row[1] or 0)


def shards(store: Store) -> tuple[int, int]:
    """(shards, tokens) of the manifest."""
    row = _one(store.read(Shards).agg(F.count(F.lit(1)), F.sum(Shards.tokens)))
    return int(row[0]), int(row[1] or 0)


def tallies(store: Store, first: DataFrame) -> list[Row]:
    """(stage, reason, language, documents, characters) over all measured documents; stage and reason null: none has removed them."""
    key = names(Signals.snapshot, Signals.doc_id)
    measured = store.read(Signals).select(*key, F.col(_CHARACTERS).alias(_SIZE), F.col(_LANGUAGE).alias(_NAME))
    reasoned = first.select(*key, Reasons.stage, Reasons.reason)
    sums = F.count(F.lit(1)).alias(_COUNT), F.sum(_SIZE).alias(_SIZE)
    return measured.join(reasoned, on=key, how="left").groupBy(Reasons.stage, Reasons.reason, _NAME).agg(*sums).collect()


def by_reason(rows: list[Row]) -> tuple[ReasonCount, ...]:
    """Tallies over languages, in stage order and by frequency."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        if row[Reasons.reason] is not None:
            count, size = sums.get((row[Reasons.stage], row[Reasons.reason]), (0, 0))
            sums[row[Reasons.stage], row[Reasons.reason]] = count + row[_COUNT], size + row[_SIZE]
    counts = [ReasonCount(stage, reason, *numbers) for (stage, reason), numbers in sums.items()]
    return tuple(sorted(counts, key=lambda c: (STAGES.index(c.stage), -c.documents, c.reason)))


def by_language(rows: list[Row]) -> tuple[ShareCount, ...]:
    """Tallies over reasons, most frequent language first."""
    sums: dict[str, tuple[int, int]] = {}
    for row in rows:
        count, kept = sums.get(row[_NAME] or "", (0, 0))
        sums[row[_NAME] or ""] = count + row[_COUNT], kept + (row[_COUNT] if row[Reasons.reason] is None else 0)
    counts = [ShareCount(name or "none", *numbers) for name, numbers in sums.items()]
    return tuple(sorted(counts, key=lambda c: (-c.documents, c.name)))


def characters(rows: list[Row]) -> int:
    """Characters of all measured documents."""
    return sum(row[_SIZE] for row in rows)


def hosts(store: Store, first: DataFrame) -> tuple[ShareCount, ...]:
    """The hosts with most documents."""
    key = names(Documents.snapshot, Documents.doc_id)
    place = store.read(Documents).where(F.col(Documents.host).isNotNull()).select(*key, Documents.host)
    joined = place.join(first.select(*key, Reasons.reason), on=key, how="left")
    kept = F.count_if(F.col(Reasons.reason).isNull()).alias(_KEPT)
    counts = joined.groupBy(Documents.host).agg(F.count(F.lit(1)).alias(_COUNT), kept)
    rows = counts.orderBy(F.col(_COUNT).desc(), F.col(Documents.host)).limit(HOSTS).collect()
    return tuple(ShareCount(row[Documents.host], row[_COUNT], row[_KEPT]) for row in rows)


def training(store: Store, settings: TrainSettings) -> Training | None:
    """The curve of one run, or None where it has no steps."""
    run = store.read(Runs).where((F.col(Runs.run) == settings.run) & F.col(Runs.domain).isNull())
    ends = _one(run.agg(F.min(Runs.step), F.max(Runs.step)))
    if ends[0] is None:
        return None
    first, last = int(ends[0]), int(ends[1])
    stride = -(-(last - first + 1) // CURVE_POINTS)
    shown = ((F.col(Runs.step) - first) % stride == 0) | (F.col(Runs.step) == last)
    rows = run.where(shown).select(Runs.step, Runs.loss).orderBy(Runs.step).collect()
    return Training(settings.backend, settings.world_size, tuple((row[Runs.step], row[Runs.loss]) for row in rows))


def _one(frame: DataFrame) -> Row:
    """The only row of an aggregate."""
    (row,) = frame.collect()
    return row
