"""The whole pipeline on a small crawl: same tables from any partitioning, after a crash, after a lost worker, in separate executors."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from corpusmill.cli import parse_arguments
from corpusmill.jobs import make_job
from corpusmill.pipeline import open_run, run_job, run_stages
from corpusmill.settings import StoreSettings
from corpusmill.store import Store
from corpusmill.tables import TABLES, Corpus, Jobs, Runs, Shards

from tests.crawl import pages, write_benchmark, write_warc
from tests.tables import TIMES, everything

ROOT = Path(__file__).resolve().parents[2]
RECIPE = str(ROOT / "conf" / "recipes" / "fineweb.toml")
TINY = [
    "tokenizer.vocab_size=400", "shards.tokens=4000", "train.steps=4", "train.warmup_steps=1", "train.layers=1", "train.hidden=32",
    "train.intermediate=64", "train.heads=2", "train.kv_heads=1", "train.sequence_length=32", "train.batch_sequences=4",
    "train.checkpoint_steps=2", "ingest.chunk_bytes=20000",
]  # fmt: skip
DATA_JOBS = [
    "ingest_documents", "measure_documents", "judge_documents", "find_duplicates", "find_contamination", "publish_corpus",
    "train_tokenizer", "encode_corpus", "write_shards",
]  # fmt: skip
QUESTION = "A keeper of bees has twelve hives and each hive gives nine jars of honey in a year, how many jars are that?"


@pytest.fixture(scope="module")
def arguments(tmp_path_factory):
    """Two files in two chunks, and a benchmark whose item one page quotes."""
    folder = tmp_path_factory.mktemp("crawl")
    first = pages(14)
    first["http://example.org/quote"] = first["http://example.org/3"].replace(b"</main>", f"<p>{QUESTION} Nobody knew.</p></main>".encode())
    del first["http://example.org/3"]
    write_warc(folder / "a.warc.gz", first)
    write_warc(folder / "b.warc.gz", pages(14, first=50))
    write_benchmark(folder / "bees.jsonl", [QUESTION])
    contamination = folder / "benchmark.toml"
    contamination.write_text(
        f'[[contamination.benchmarks]]\nname = "bees"\npath = "{folder / "bees.jsonl"}"\nfields = ["question"]\n', encoding="utf-8"
    )
    return ["--conf", RECIPE, "--conf", str(contamination), f"ingest.paths={folder}/*.warc.gz", *TINY]


def opened_run(arguments, root, said=None):
    return open_run("run_pipeline", parse_arguments([*arguments, f"store.root={root}"]), (said if said is not None else []).append)


@pytest.fixture(scope="module")
def finished(spark, arguments, tmp_path_factory):
    """The store of one undisturbed run to the end."""
    root = tmp_path_factory.mktemp("finished") / "store"
    opened = opened_run(arguments, root)
    run_stages([make_job(stage) for stage in opened.config.pipeline.stages], opened)
    return root, everything(opened.store, leave_out=(Jobs, Runs))


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for name in expected:
        assert found[name] == expected[name], name


@pytest.mark.connect
def test_the_pipeline_runs_to_a_model_and_a_report(spark, finished):
    root, _ = finished
    summary = json.loads((root / "files" / "reports" / "summary.json").read_text())
    assert summary["documents"] == summary["corpus_documents"] + sum(summary["by_reason"].values())
    assert summary["records"] == summary["documents"] + summary["rejected_records"]
    assert summary["by_reason"]["contaminated:bees"] == 1
    assert summary["by_reason"]["near_duplicate"] == 2
    assert summary["by_reason"]["exact_duplicate"] == 2
    assert summary["train"]["steps"] == 4
    assert (root / "files" / "reports" / "report.html").stat().st_size > 5_000
    store = Store(spark, StoreSettings(root=str(root)))
    texts = [row.text for row in store.read(Corpus).select(Corpus.text).collect()]
    assert len(set(texts)) == len(texts) == summary["corpus_documents"]
    assert sum(row.tokens for row in store.read(Shards).collect()) == summary["tokens"]


@pytest.mark.connect
def test_no_two_rows_have_one_key(finished):
    for table in TABLES:
        columns = [c for c in table.columns() if c not in TIMES]
        if table.primary_key and table.name in finished[1]:
            keys = [tuple(row[columns.index(name)] for name in table.primary_key) for row in finished[1][table.name]]
            assert len(set(keys)) == len(keys), table.name


@pytest.mark.connect
def test_a_second_run_finds_everything_up_to_date(spark, finished, arguments):
    root, _ = finished
    said: list[str] = []
    opened = opened_run(arguments, root, said)
    run_stages([make_job(stage) for stage in opened.config.pipeline.stages], opened)
    assert all("up to date" in line for line in said), said


@pytest.mark.slow
@pytest.mark.parametrize("partitions", ["1", "64"])
def test_any_number_of_partitions_gives_the_same_tables(spark, finished, arguments, tmp_path, partitions):
    kept = spark.conf.get("spark.sql.shuffle.partitions")
    spark.conf.set("spark.sql.shuffle.partitions", partitions)
    spark.conf.set("spark.sql.adaptive.enabled", "false")
    try:
        opened = opened_run(arguments, tmp_path / "store")
        for job in DATA_JOBS:
            run_job(make_job(job), opened)
    finally:
        spark.conf.set("spark.sql.shuffle.partitions", kept)
        spark.conf.set("spark.sql.adaptive.enabled", "true")
    assert_same(everything(opened.store, leave_out=(Jobs, Runs)), finished[1])


def test_every_job_that_dies_after_its_commit_is_made_again_alike(spark, finished, arguments, tmp_path, monkeypatch):
    class DiedError(Exception):
        pass

    root = tmp_path / "store"
    for job in DATA_JOBS:
        dying = opened_run(arguments, root)
        record = dying.ledger.record

        def die_when_done(entries, record=record):
            if any(entry.status == "done" for entry in entries):
                raise DiedError
            record(entries)

        monkeypatch.setattr(dying.ledger, "record", die_when_done)
        with pytest.raises(DiedError):
            run_job(make_job(job), dying)
        again = opened_run(arguments, root)
        assert run_job(make_job(job), again) > 0, job
    assert_same(everything(again.store, leave_out=(Jobs, Runs)), finished[1])


def kill_one(process, what):
    """Kill -9 one process below `process` whose command line holds `what`."""
    for child in psutil.Process(process.pid).children(recursive=True):
        try:
            if any(what in word for word in child.cmdline()):
                child.kill()
                return True
        except psutil.NoSuchProcess:
            continue
    return False


@pytest.mark.slow
def test_separate_executors_of_which_one_is_killed_give_the_same_tables(spark, finished, arguments, tmp_path):
    stages = json.dumps(DATA_JOBS)
    command = [
        sys.executable,
        "-m",
        "corpusmill.cli",
        "run",
        "run_pipeline",
        *arguments,
        f"store.root={tmp_path / 'store'}",
        f"pipeline.stages={stages}",
    ]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SPARK_", "PYSPARK_"))}
    with (tmp_path / "stderr").open("w") as errors:
        running = subprocess.Popen(
            command, env={**clean, "MASTER": "local-cluster[2,1,1024]"}, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT
        )
        killed = []
        for line in running.stdout:
            if line.startswith("ingest_documents:") and not killed:
                time.sleep(1.5)
                killed.append(kill_one(running, "CoarseGrainedExecutorBackend"))
            if line.startswith("judge_documents:") and len(killed) == 1:
                killed.append(kill_one(running, "pyspark.daemon"))
        assert running.wait() == 0, (tmp_path / "stderr").read_text()[-3000:]
    assert killed == [True, True]
    assert_same(everything(Store(spark, StoreSettings(root=str(tmp_path / "store"))), leave_out=(Jobs, Runs)), finished[1])


def test_a_corpus_too_small_to_train_on_is_one_line_with_a_report(spark, tmp_path):
    write_warc(tmp_path / "a.warc.gz", pages(1))
    root = tmp_path / "store"
    said: list[str] = []
    opened = opened_run(["--conf", RECIPE, f"ingest.paths={tmp_path}/a.warc.gz"], root, said)
    run_stages([make_job(stage) for stage in opened.config.pipeline.stages], opened)
    assert (root / "files" / "reports" / "report.html").exists()
    ended = [line for line in said if "removed most" in line]
    assert len(ended) == 1, said
    assert "\n" not in ended[0]
