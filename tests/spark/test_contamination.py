"""Decontamination over tables: the same rows as without Spark, what is out is not looked at, and text is never shuffled."""

import json

import pytest
from corpusmill.decontaminate.find_contamination import ContaminationStage, FindContamination, PackedIndex
from corpusmill.decontaminate.index import build_index
from corpusmill.errors import InputError
from corpusmill.job import Run
from corpusmill.ledger import Ledger
from corpusmill.pipeline import run_job
from corpusmill.settings import BenchmarkSettings, Config, ContaminationSettings
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.tables import Contamination, Documents, Duplicates, SemanticDuplicates, Signals, Verdicts
from narrow_rows import document, done, duplicate, frame, put, semantic_duplicate, signal, verdict

pytestmark = pytest.mark.connect

ITEM = "Janet's ducks lay 16 eggs per day. She eats three for breakfast every morning and bakes muffins."
WORDS = ITEM.split()
SPLIT = f"{' '.join(WORDS[:9])}\nAccept cookies\n{' '.join(WORDS[9:])}"
DOCUMENTS = [
    document(1, f"Grüße. {ITEM} Bye."), document(2, "A clean page."), document(3, ITEM), document(4, ITEM), document(5, SPLIT),
    document(6, f"Call 555. {ITEM}"), document(7, ITEM),
]  # fmt: skip
COOKIES = (SPLIT.index("Accept"), SPLIT.index("Accept") + len("Accept cookies\n"), None, "c4_cookies")
SIGNALS = [
    *(signal(d) for d in DOCUMENTS[:4]), signal(DOCUMENTS[4], [COOKIES]), signal(DOCUMENTS[5], [(10, 106, "<PHONE>", "phone")]),
    signal(DOCUMENTS[6]),
]  # fmt: skip
VERDICTS = [verdict(d) for d in DOCUMENTS if d is not DOCUMENTS[2]] + [verdict(DOCUMENTS[2], "language")]
DUPLICATES = [duplicate(DOCUMENTS[3], DOCUMENTS[0], "exact")]
SEMANTIC = [semantic_duplicate(DOCUMENTS[6], DOCUMENTS[0])]
TABLES = ((Documents, DOCUMENTS), (Signals, SIGNALS), (Verdicts, VERDICTS), (Duplicates, DUPLICATES), (SemanticDuplicates, SEMANTIC))


def stage(action="drop"):
    index = build_index([("gsm8k", ["other", ITEM]), ("copy", [ITEM])], ContaminationSettings())
    return ContaminationStage(index=PackedIndex(data=index.to_bytes()), ratio=0.1, action=action)


def test_documents_still_in_are_looked_at_after_their_line_edits(store):
    frames = [frame(store, table, rows) for table, rows in TABLES]
    rows = stage()(*frames).collect()
    found = {(int(r.doc_id, 16), r.benchmark): (r.item, [(s.start, s.end) for s in r.spans]) for r in rows}
    body = ITEM.removesuffix(".")
    expected = {1: (9, 9 + len(body)), 5: (0, len(SPLIT) - 1), 6: (10, 10 + len(body))}
    assert found == {(d, b): (item, [span]) for d, span in expected.items() for b, item in (("gsm8k", "1"), ("copy", "0"))}
    assert {r.text_digest for r in rows} == {DOCUMENTS[d - 1]["text_digest"] for d in expected}
    assert {r.action for r in rows} == {"drop"}


def test_text_is_not_shuffled(store):
    from test_publish import plan, shuffled_columns

    put(store, DOCUMENTS, SIGNALS, VERDICTS, DUPLICATES)
    text = plan(stage()(*(store.read(table, EVERYTHING) for table in ContaminationStage.reads)))
    assert "BroadcastHashJoin" in text
    assert not [columns for columns in shuffled_columns(text) if "text#" in columns], text


def settings(path, *names):
    benchmarks = tuple(BenchmarkSettings(name=name, path=str(path), fields=("q",)) for name in names)
    return Config(contamination=ContaminationSettings(benchmarks=benchmarks))


def opened(spark, store, config):
    said = []
    return Run(spark, store, config, Ledger(store), said.append), said


@pytest.fixture
def judged(spark, store):
    """A store whose only chunk is judged."""
    put(store, DOCUMENTS, SIGNALS, VERDICTS, semantic=SEMANTIC)
    run, _ = opened(spark, store, Config())
    done(run, Slice("default", 0), "ingest_documents", "measure_documents", "judge_documents")
    return store


def test_benchmarks_come_change_and_go(spark, judged, tmp_path):
    path = tmp_path / "b.jsonl"
    path.write_text(json.dumps({"q": ITEM}) + "\n" + json.dumps({"q": "too short"}) + "\n")
    run, said = opened(spark, judged, Config())
    assert run_job(FindContamination(), run) == 0

    run, said = opened(spark, judged, settings(path, "one"))
    assert run_job(FindContamination(), run) == 1
    assert "find_contamination: 1 items of one have fewer than 8 words and are not looked for" in said
    assert judged.read(Contamination).count() == 4
    assert run_job(FindContamination(), run) == 0

    path.write_text(json.dumps({"q": "nothing that any page holds " * 5}))
    assert run_job(FindContamination(), run) == 1
    assert judged.read(Contamination).count() == 0

    path.write_text(json.dumps({"q": ITEM}))
    assert run_job(FindContamination(), run) == 1
    run, _ = opened(spark, judged, Config())
    assert run_job(FindContamination(), run) == 1
    assert judged.read(Contamination).count() == 0
    assert run_job(FindContamination(), run) == 0


def test_a_large_index_goes_through_a_file(spark, judged, tmp_path, monkeypatch):
    from corpusmill import carried

    (tmp_path / "b.jsonl").write_text(json.dumps({"q": ITEM}))
    monkeypatch.setattr(carried, "LARGEST_CARRIED", 10)
    run, _ = opened(spark, judged, settings(tmp_path / "b.jsonl", "one"))
    assert run_job(FindContamination(), run) == 1
    assert judged.read(Contamination).count() == 4
    assert list((tmp_path / "store" / "files" / "contamination").glob("*.npz"))


def test_a_missing_benchmark_is_one_line(spark, judged, tmp_path):
    run, _ = opened(spark, judged, settings(tmp_path / "nowhere.jsonl", "one"))
    with pytest.raises(InputError, match=r"benchmark one: there is no file .*nowhere.jsonl") as raised:
        run_job(FindContamination(), run)
    assert "\n" not in str(raised.value)
