"""Snapshots of small documents in a store, as if they had been ingested, measured and judged."""

import random
from dataclasses import replace
from datetime import UTC, datetime

from corpusmill.job import Run
from corpusmill.ledger import Entry, Ledger
from corpusmill.settings import Config, DedupSettings, MeasureSettings, StoreSettings
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.tables import Documents, Duplicates, Signals, Snapshots, Verdicts
from dedup_instances import THRESHOLD, random_case
from narrow_rows import done, frame

UNLIMITED = 10**9


def open_run(spark, store, snapshots, measured=None, **dedup):
    """A run with these snapshots, in order, and settings of `dedup`."""
    config = Config(
        store=StoreSettings(root="unused"), measure=measured or MeasureSettings(), dedup=DedupSettings(**{"threshold": THRESHOLD, **dedup})
    )
    store.replace(Snapshots, store.frame(Snapshots, [(name, number) for number, name in enumerate(snapshots)]), EVERYTHING)
    return Run(spark, store, config, Ledger(store), lambda line: None)


def put(run, snapshot, docs, out=(), pages=None):
    """Signals and verdicts of a snapshot; the documents `out` have a reason; `pages`: {doc_id: (url, second)}."""
    for chunk in (0, 1):
        piece, here = Slice(snapshot, chunk), [d for d in docs if d.chunk == chunk]
        signals = [dict(zip(("doc_id", "snapshot", "chunk", "counts", "text_hash", "sketch"), d.row(snapshot), strict=True)) for d in here]
        for row, this in zip(signals, here, strict=True):
            row["counts"] = counts(this.words)
        verdicts = [{"doc_id": d.doc_id, "snapshot": snapshot, "chunk": chunk, "reasons": ["out"] if d in out else []} for d in here]
        run.store.replace(Signals, frame(run.store, Signals, signals), piece)
        run.store.replace(Verdicts, frame(run.store, Verdicts, verdicts), piece)
        if pages is not None:
            run.store.replace(Documents, frame(run.store, Documents, [document(d, snapshot, pages) for d in here]), piece)
        done(run, piece, "ingest_documents", "measure_documents", "judge_documents")


def document(this, snapshot, pages):
    url, second = pages.get(this.doc_id, (None, None))
    fetched = None if second is None else datetime.fromtimestamp(second, tz=UTC)
    return {"doc_id": this.doc_id, "snapshot": snapshot, "chunk": this.chunk, "url": url, "fetched_at": fetched, "text": "no text is read"}


def counts(words):
    column = next(c for c in Signals.columns() if c == "counts")
    names = [part.split(":")[0] for part in column.type.removeprefix("struct<").removesuffix(">").split(",")]
    return tuple(words if name == "words" else 0 for name in names)


def judged_anew(run, snapshot):
    """The ledger says that the verdicts of a snapshot are others now."""
    for chunk in (0, 1):
        before = run.ledger.entry("judge_documents", Slice(snapshot, chunk))
        run.ledger.record([Entry("judge_documents", before.piece, before.state + " moved", before.inputs, "{}", "done")])


def found(store, *snapshots):
    """{(snapshot, doc_id): (duplicate_of, similarity, kind)}."""
    rows = [row for snapshot in snapshots for row in store.read(Duplicates, Slice(snapshot)).collect()]
    return {(r.snapshot, r.doc_id): (r.duplicate_of, None if r.similarity is None else round(r.similarity, 12), r.kind) for r in rows}


def in_snapshots(cases, snapshots):
    """The documents of seeded cases, each in a random one of the snapshots: {snapshot: documents}. Equal texts have equal sketches and words."""
    rng = random.Random(cases)
    dealt = {name: [] for name in snapshots}
    for case in range(cases):
        first_of_text = {}
        for this in random_case(case):
            first = first_of_text.setdefault(this.text, this)
            dealt[rng.choice(snapshots)].append(replace(this, words=first.words, values=first.values, bands=first.bands))
    return dealt
