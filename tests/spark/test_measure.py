"""Measuring over tables: the same rows as `measure` without Spark, however the documents are cut; and what makes it stale."""

import hashlib

import pyarrow as pa
import pytest
from corpusmill.errors import ConfigError
from corpusmill.job import Run
from corpusmill.ledger import Ledger
from corpusmill.measure.measure_documents import MeasureDocuments, MeasureStage
from corpusmill.pipeline import run_job
from corpusmill.settings import Config, EditSettings, MeasureSettings
from corpusmill.slices import Slice
from corpusmill.tables import Documents, Signals
from corpusmill.text.measure import measure, signals_schema
from narrow_rows import document, done, frame

pytestmark = pytest.mark.connect

EDITS = EditSettings(lines=("c4_no_terminal_punc",), spans=("email", "ip", "phone"))
TEXTS = [
    "",
    "Write to john@example.com, or call +1 (555) 123-4567.\r\nMenu\nThe server is 93.184.216.34 and it is up.[1]",
    "我们去北京天安门看升旗。" * 20,
    "😀 \u200b\n\n# { lorem ipsum",
    "The same words come again and again. " * 300,
]
DOCUMENTS = [document(n, text, chunk=n % 2) for n, text in enumerate(TEXTS)]


def without_spark(documents, edits):
    batch = pa.RecordBatch.from_pydict(
        {
            "doc_id": pa.array([d["doc_id"] for d in documents]),
            "snapshot": pa.array([d["snapshot"] for d in documents]),
            "chunk": pa.array([d["chunk"] for d in documents], pa.int32()),
            "text": pa.array([d["text"] for d in documents]),
            "text_digest": pa.array([d["text_digest"] for d in documents], pa.binary()),
        }
    )
    return {row["doc_id"]: row for row in measure(batch, edits, MeasureSettings()).to_pylist()}


def as_rows(signals):
    return {row[Signals.doc_id]: row.asDict(recursive=True) for row in signals.collect()}


@pytest.mark.parametrize("edits", [EditSettings(), EDITS], ids=["no edits", "edits"])
def test_equal_to_measuring_without_spark(store, edits):
    found = MeasureStage(edits=edits)(frame(store, Documents, DOCUMENTS))
    assert [field.name for field in found.schema.fields] == list(Signals.columns()) == signals_schema().names
    rows, expected = as_rows(found), without_spark(DOCUMENTS, edits)
    for doc_id, row in rows.items():
        for binary in (Signals.text_hash, Signals.text_digest):
            row[binary] = bytes(row[binary])
        row[Signals.sketch]["values"] = bytes(row[Signals.sketch]["values"])
        assert row == expected[doc_id]
    assert len(rows) == len(TEXTS)


def test_text_hash_and_digest_name_their_texts(store):
    rows = as_rows(MeasureStage(edits=EDITS)(frame(store, Documents, DOCUMENTS)))
    assert {bytes(row[Signals.text_digest]) for row in rows.values()} == {hashlib.sha256(text.encode()).digest() for text in TEXTS}
    assert all(len(row[Signals.text_hash]) == 16 for row in rows.values())
    # C4's edits leave nothing of the fourth text: its hash is that of the first, which is empty.
    assert len({bytes(row[Signals.text_hash]) for row in rows.values()}) == len(TEXTS) - 1


def test_job_replaces_its_chunk_and_sees_its_settings(spark, store):
    for chunk in (0, 1):
        piece = Slice("default", chunk)
        store.replace(Documents, frame(store, Documents, [d for d in DOCUMENTS if d["chunk"] == chunk]), piece)
    said = []
    run = Run(spark, store, Config(edits=EDITS), Ledger(store), said.append)
    for chunk in (0, 1):
        done(run, Slice("default", chunk), "ingest_documents")
    assert run_job(MeasureDocuments(), run) == 2
    assert store.read(Signals).count() == len(TEXTS)
    assert run_job(MeasureDocuments(), run) == 0
    assert "up to date" in said[-1]
    other = Run(spark, store, Config(), Ledger(store), said.append)
    assert run_job(MeasureDocuments(), other) == 2


def test_an_unknown_edit_is_an_error_before_anything_runs(spark, store):
    run = Run(spark, store, Config(edits=EditSettings(lines=("c44",))), Ledger(store), print)
    with pytest.raises(ConfigError, match="did you mean 'c4'"):
        MeasureDocuments().settings(run)
