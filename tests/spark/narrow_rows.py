"""Frames of the store's tables from a few dictionaries: columns that a test does not name are null, empty or the table's usual value."""

import hashlib

from corpusmill.tables import Contamination, Documents, Duplicates, SemanticDuplicates, Signals, Verdicts


def document(number, text, snapshot="default", chunk=0, domain="web"):
    return {
        "doc_id": f"{number:032x}", "snapshot": snapshot, "chunk": chunk, "source": "test", "domain": domain, "url": f"http://x/{number}",
        "text": text, "text_digest": hashlib.sha256(text.encode()).digest(),
    }  # fmt: skip


def signal(of, edits=(), lang="en"):
    """The signals row of a document; `edits` are (start, end, replacement, reason)."""
    return {**_key(of), "text_digest": of["text_digest"], "language": _language(lang), "edits": list(edits)}


def verdict(of, *reasons):
    return {**_key(of), "reasons": list(reasons)}


def duplicate(of, kept, kind="near"):
    return {**_key(of), "duplicate_of": kept["doc_id"], "similarity": 0.9, "kind": kind}


def semantic_duplicate(of, kept):
    return {**_key(of), "duplicate_of": kept["doc_id"], "similarity": 0.995}


def contaminated(of, benchmark="gsm8k", action="drop"):
    return {
        **_key(of), "text_digest": of["text_digest"], "benchmark": benchmark, "item": "0", "hits": 1, "spans": [(0, 1)], "action": action
    }  # fmt: skip


def frame(store, table, rows):
    return store.frame(table, [tuple(row.get(str(column)) for column in table.columns()) for row in rows])


def put(store, documents, signals, verdicts, duplicates=(), contamination=(), semantic=()):
    """Write the tables whole."""
    from corpusmill.slices import EVERYTHING

    given = {Documents: documents, Signals: signals, Verdicts: verdicts, Duplicates: duplicates}
    given |= {SemanticDuplicates: semantic, Contamination: contamination}
    for table, rows in given.items():
        store.replace(table, frame(store, table, rows), EVERYTHING)


def _key(of):
    return {"doc_id": of["doc_id"], "snapshot": of["snapshot"], "chunk": of["chunk"]}


def _language(code):
    column = next(c for c in Signals.columns() if c == "language")
    names = [part.split(":")[0] for part in column.type.removeprefix("struct<").removesuffix(">").split(",")]
    return tuple(code if name == "code" else None for name in names)


def done(run, piece, *jobs):
    """Make the ledger say that `jobs` made a slice; each must come after those it reads."""
    from corpusmill.jobs import make_job
    from corpusmill.ledger import Entry
    from corpusmill.pipeline import _inputs_state

    for name in jobs:
        inputs = _inputs_state(make_job(name), run, piece)
        run.ledger.record([Entry(name, piece, f"state of {name} {piece} {inputs}", inputs, "{}", "done")])
