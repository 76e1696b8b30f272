"""The report over hand-made tables: every count by hand, and no report where documents do not add up."""

import json
import shutil
from dataclasses import replace

import pytest
from corpusmill.dedup.curve import estimated_recall
from corpusmill.errors import NotReadyError
from corpusmill.job import Run
from corpusmill.ledger import Entry, Ledger
from corpusmill.pipeline import run_job
from corpusmill.reports.content import Duplication
from corpusmill.reports.duplication import duplication
from corpusmill.reports.write_report import WriteReport
from corpusmill.settings import Config, DedupSettings, MeasureSettings, StoreSettings, TrainSettings
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.store import Store
from corpusmill.tables import Corpus, Exclusions, Inputs, RejectedRecords, Runs, Shards
from narrow_rows import contaminated, document, done, duplicate, frame, put, signal, verdict

pytestmark = pytest.mark.connect

PIECE = Slice("default", 0)
RULES = [{"reason": "language", "signal": "language.code", "in": ["en"]}]
TRAIN = TrainSettings(world_size=2)
MAIL = "jane.doe@example.org"


def measured(of, lang, edits=()):
    """A signals row with its count of characters."""
    row = signal(of, edits, lang)
    return {**row, "counts": _counts(len(of["text"]))}


def _counts(characters):
    from corpusmill.tables import Signals

    column = next(c for c in Signals.columns() if c == "counts")
    fields = [part.split(":")[0] for part in column.type.removeprefix("struct<").removesuffix(">").split(",")]
    return tuple(characters if field == "characters" else None for field in fields)


@pytest.fixture(scope="module")
def written(spark, tmp_path_factory):
    """Six documents: two stay; out are one of another language (also too short), one near duplicate, one contaminated, one left empty."""
    root = tmp_path_factory.mktemp("report") / "store"
    store = Store(spark, StoreSettings(root=str(root)))
    texts = ["Kept as it is.", f"Kept, write to {MAIL}.", f"Auf Deutsch, {MAIL}", "Kept, a copy.", "Quotes an item.", "Menu"]
    documents = [{**document(n, text), "host": "a.org" if n < 4 else "b.org"} for n, text in enumerate(texts)]
    signals = [measured(d, "de" if n == 2 else "en") for n, d in enumerate(documents)]
    start = texts[1].index(MAIL)
    signals[1]["edits"] = [(start, start + len(MAIL), "<EMAIL>", "email")]
    verdicts = [verdict(d, *(["language", "short"] if n == 2 else [])) for n, d in enumerate(documents)]
    put(store, documents, signals, verdicts, [duplicate(documents[3], documents[0])], [contaminated(documents[4])])
    kept = [{**d, "characters": len(d["text"]), "lang": "en"} for d in documents[:2]]
    store.replace(Corpus, frame(store, Corpus, kept), EVERYTHING)
    key = {name: documents[5][name] for name in ("doc_id", "snapshot", "chunk")}
    store.replace(Exclusions, frame(store, Exclusions, [{**key, "reason": "empty_after_edits"}]), EVERYTHING)
    rejected = [{"snapshot": "default", "chunk": 0, "file": "a", "offset": n, "error": e} for n, e in enumerate(["type: a", "type: b"])]
    store.replace(RejectedRecords, frame(store, RejectedRecords, rejected), EVERYTHING)
    store.replace(Inputs, frame(store, Inputs, [{"snapshot": "default", "chunk": 0, "file": "a", "records": 8}]), EVERYTHING)
    store.replace(
        Shards, frame(store, Shards, [{"snapshot": "default", "chunk": 0, "tokens": n, "path": str(n)} for n in (30, 12)]), EVERYTHING
    )
    losses = [{"run": "default", "step": n, "loss": 6.0 - n} for n in (1, 2, 3)]
    store.replace(Runs, frame(store, Runs, losses), EVERYTHING)
    return root


@pytest.fixture
def filled(spark, written, tmp_path):
    """A store of a test's own with those rows."""
    return Store(spark, StoreSettings(root=str(shutil.copytree(written, tmp_path / "store"))))


def opened(spark, store, said=None):
    run = Run(spark, store, Config(), Ledger(store), (said if said is not None else []).append)
    done(run, PIECE, "ingest_documents", "measure_documents", "judge_documents")
    done(run, Slice("default"), "find_duplicates")
    done(run, PIECE, "find_contamination", "publish_corpus")
    judged = run.ledger.entry("judge_documents", PIECE)
    trained = Entry("train_model", EVERYTHING, "state", "inputs", json.dumps({"train": TRAIN.model_dump(mode="json")}), "done")
    run.ledger.record([replace(judged, settings=json.dumps({"rules": json.dumps(RULES)})), trained])
    return run


def summary(tmp_path):
    return json.loads((tmp_path / "store" / "files" / "reports" / "summary.json").read_text(encoding="utf-8"))


def test_every_count(spark, filled, tmp_path):
    run_job(WriteReport(), opened(spark, filled))
    found = summary(tmp_path)
    assert found["by_reason"] == {"language": 1, "near_duplicate": 1, "contaminated:gsm8k": 1, "empty_after_edits": 1}
    assert (found["records"], found["documents"], found["rejected_records"]) == (8, 6, 2)
    assert (found["corpus_documents"], found["corpus_characters"]) == (2, len("Kept as it is.") + len(f"Kept, write to {MAIL}."))
    assert (found["tokens"], found["shards"]) == (42, 2)
    assert found["train"] == {"backend": "torch", "world_size": 2, "steps": 3, "first_loss": 5.0, "last_loss": 3.0}


def test_the_page_says_why_and_hides_personal_data(spark, filled, tmp_path):
    run_job(WriteReport(), opened(spark, filled))
    page = (tmp_path / "store" / "files" / "reports" / "report.html").read_text(encoding="utf-8")
    for shown in (
        "language.code is de, kept: language.code in en",
        "similarity 0.90 to a document",
        "1 n-grams of gsm8k",
        "its edits leave no text",
        "repeats http://x/0",
        "a.org",
        "b.org",
        "&lt;EMAIL&gt;",
    ):
        assert shown in page, shown
    assert MAIL not in page


@pytest.mark.parametrize("lost", [Corpus, Exclusions, Inputs])
def test_what_does_not_add_up_is_said_and_writes_nothing(spark, filled, tmp_path, lost):
    filled.replace(lost, frame(filled, lost, []), EVERYTHING)
    with pytest.raises(NotReadyError, match=r"write_report: \d+ (documents|records), but"):
        run_job(WriteReport(), opened(spark, filled))
    assert not (tmp_path / "store" / "files" / "reports" / "summary.json").exists()


def test_a_report_that_somebody_removed_is_written_again(spark, filled, tmp_path):
    run = opened(spark, filled)
    run_job(WriteReport(), run)
    (tmp_path / "store" / "files" / "reports" / "report.html").unlink()
    assert [run_job(WriteReport(), run) for _ in range(2)] == [1, 0]


REPEATS = {0: [3, 4, 5], 1: [6], 7: [2]}
"""Who repeats the documents 0, 1 and 7: a cluster of four and two of two."""


@pytest.fixture
def repeated(store):
    """Nine documents in two snapshots, with clusters of four and two; one of the old snapshot has the doc_id of a kept one, and is a duplicate."""
    documents = [
        {
            **document(n, f"Page {n}, write to {MAIL}.", snapshot="new" if n > 3 else "old", chunk=n % 2),
            "host": "a.org" if n < 5 else "b.org",
        }
        for n in range(8)
    ]
    documents += [{**document(7, "Another of that id", snapshot="old"), "host": "a.org"}]
    found = [
        {**duplicate(documents[n], documents[kept], kind), "similarity": similarity}
        for kept, members in REPEATS.items()
        for n, (kind, similarity) in zip(members, (("near", 0.9), ("exact", 1.0), ("url", None)), strict=False)
    ]
    found += [{**duplicate(documents[8], documents[1], "near"), "similarity": 0.8}]
    put(store, documents, [], [], found)
    return store


def test_clusters_hosts_and_recall(repeated):
    found = duplication(repeated, MeasureSettings(), DedupSettings())
    assert found.kinds == (("near", 4), ("exact", 1), ("url", 1))
    assert (found.removed, found.clusters) == (6, 3)
    assert [(size.least, size.clusters, size.documents) for size in found.sizes] == [(2, 2, 5), (4, 1, 4)]
    assert [(host.name, host.documents, host.removed) for host in found.hosts] == [("a.org", 6, 4), ("b.org", 3, 2)]
    assert found.threshold == 0.75
    assert found.recall == estimated_recall({0.9: 3, 0.8: 1}, 14, 8)


def test_the_biggest_clusters_come_with_beginnings_of_a_few_of_their_documents(repeated):
    found = duplication(repeated, None, None).biggest
    assert [(int(cluster.duplicate_of, 16), cluster.size) for cluster in found] == [(0, 4), (1, 3), (7, 2)]
    assert [(cluster.kept.snapshot, cluster.kept.url) for cluster in found] == [
        ("old", "http://x/0"),
        ("old", "http://x/1"),
        ("new", "http://x/7"),
    ]
    shown = [[(excerpt.snapshot, excerpt.passage.after) for excerpt in cluster.members] for cluster in found]
    assert shown == [
        [("old", "Page 3, write to <EMAIL>."), ("new", "Page 4, write to <EMAIL>.")],
        [("new", "Page 6, write to <EMAIL>."), ("old", "Another of that id")],
        [("old", "Page 2, write to <EMAIL>.")],
    ]


def test_recall_is_told_where_bands_and_similarities_are_of_one_kind_alone(repeated):
    sets = duplication(repeated, MeasureSettings(preset="dclm"), DedupSettings(verify="exact"))
    assert sets.recall == estimated_recall({0.9: 3, 0.8: 1}, 93, 15)
    for settings in (DedupSettings(verify="containment"), DedupSettings(method="components")):
        assert duplication(repeated, MeasureSettings(), settings).recall is None
    unknown = duplication(repeated, MeasureSettings(), None)
    assert (unknown.recall, unknown.threshold) == (None, None)


def test_no_duplicates(store):
    assert duplication(store, MeasureSettings(), DedupSettings()) == Duplication(threshold=0.75)


@pytest.mark.parametrize(
    "settings", ["{}", json.dumps({"dedup": DedupSettings().model_dump(mode="json")})], ids=["no settings", "settings"]
)
def test_the_report_has_a_section_on_duplicates(spark, filled, tmp_path, settings):
    run = opened(spark, filled)
    measured, decided = run.ledger.entry("measure_documents", PIECE), run.ledger.entry("find_duplicates", Slice("default"))
    sketched = json.dumps({"measure": MeasureSettings().model_dump(mode="json")})
    run.ledger.record([replace(measured, settings=sketched), replace(decided, settings=settings)])
    run_job(WriteReport(), run)
    found = summary(tmp_path)["duplication"]
    assert (found["removed"], found["kinds"], found["clusters"]) == (1, {"near": 1}, 1)
    assert found["hosts"] == [{"host": "a.org", "documents": 4, "removed": 1}]
    assert (found["estimated_recall"] is None) == (settings == "{}")
    page = (tmp_path / "store" / "files" / "reports" / "report.html").read_text(encoding="utf-8")
    assert "1 document repeats another one, in 1 cluster: 1 nearly." in page
