"""What is up to date, what runs again, and what each run reads and commits."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from corpusmill.errors import ConfigError, NotReadyError
from corpusmill.ledger import Ledger
from corpusmill.slices import Slice
from corpusmill.tables import Corpus, Documents, Inputs, Signals, Verdicts
from pyspark.sql import functions as F

from tests.crawl import pages, write_warc
from tests.runs import run_named
from tests.tables import rows, versions

pytestmark = pytest.mark.connect

JOBS = ["ingest_documents", "measure_documents", "judge_documents", "find_duplicates", "publish_corpus"]
RECIPE = ["--conf", str(Path(__file__).resolve().parents[2] / "conf" / "recipes" / "fineweb.toml")]


@pytest.fixture(scope="module")
def crawl(tmp_path_factory):
    return write_warc(tmp_path_factory.mktemp("crawl") / "a.warc.gz", pages(8))


@pytest.fixture(scope="module")
def finished(spark, crawl, tmp_path_factory):
    """A store in which all of JOBS are done."""
    root = tmp_path_factory.mktemp("finished") / "store"
    run_named(JOBS, [*RECIPE, f"ingest.paths={crawl}"], root)
    return root


@pytest.fixture(autouse=True)
def copy(finished, tmp_path):
    """Every test has that store for itself."""
    shutil.copytree(finished, tmp_path / "store")


def test_nothing_changed_runs_nothing_and_commits_nothing(run_jobs, crawl, tmp_path):
    arguments = [*RECIPE, f"ingest.paths={crawl}"]
    before = versions(tmp_path / "store")
    said = run_jobs(JOBS, *arguments)
    assert said == [f"{job}: up to date (1 slice)" for job in JOBS]
    assert versions(tmp_path / "store") == before


def test_an_added_file_is_parsed_alone_into_a_chunk_of_its_own(run_jobs, store, crawl, tmp_path):
    before = {row.file: row.etag for row in store.read(Inputs).collect()}
    added = write_warc(tmp_path / "b.warc.gz", pages(8, first=100))
    said = run_jobs(JOBS, *RECIPE, f'ingest.paths=["{crawl}", "{added}"]')
    started = [line for line in said if "parsing" in line]
    assert len(started) == 1
    assert started[0].startswith("ingest_documents: default/1  parsing 1 file,")
    pieces = {job: {line.split("  ")[0] for line in said if line.startswith(job)} for job in JOBS}
    per_chunk = {job: {f"{job}: default/1"} for job in ("ingest_documents", "measure_documents", "judge_documents")}
    assert pieces == {
        **per_chunk,
        "find_duplicates": {"find_duplicates: default"},
        "publish_corpus": {"publish_corpus: default/0", "publish_corpus: default/1"},
    }
    for table in ("documents", "signals", "verdicts"):
        log = sorted((tmp_path / "store" / table / "_delta_log").glob("*.json"))
        actions = [json.loads(line) for line in log[-1].read_text().splitlines()]
        assert {a["add"]["partitionValues"]["chunk"] for a in actions if "add" in a} == {"1"}, table
        assert not [a for a in actions if "remove" in a], table
    assert {row.file: row.etag for row in store.read(Inputs).collect()}["a.warc.gz"] == before["a.warc.gz"]


def test_a_moved_bound_judges_again_without_text_and_makes_dedup_stale(run_jobs, store, crawl, tmp_path):
    (tmp_path / "strict.toml").write_text(
        '[[rules]]\nreason = "short"\nsignal = "counts.words"\nmin = 100000\nsource = "a test"\n', encoding="utf-8"
    )
    strict = [*RECIPE, "--conf", str(tmp_path / "strict.toml"), f"ingest.paths={crawl}"]
    documents = tmp_path / "store" / "documents"
    hidden = documents.rename(tmp_path / "store" / "hidden")
    said = run_jobs(["judge_documents"], *strict)
    hidden.rename(documents)
    assert said[0].startswith("judge_documents: default/0")
    assert store.read(Verdicts).where(F.size(F.col(Verdicts.reasons)) == 0).count() == 0
    with pytest.raises(NotReadyError, match="find_duplicates of default is older than what it was made from: run find_duplicates first"):
        run_jobs(["publish_corpus"], *strict)
    run_jobs(["find_duplicates", "publish_corpus"], *strict)
    assert store.read(Corpus).count() == 0


def test_going_back_to_the_first_bound_runs_again(run_jobs, store, crawl, tmp_path):
    first = [*RECIPE, f"ingest.paths={crawl}"]
    before = rows(store, Verdicts)
    strict = tmp_path / "strict.toml"
    strict.write_text('[[rules]]\nreason = "short"\nsignal = "counts.words"\nmin = 100000\nsource = "a test"\n', encoding="utf-8")
    run_jobs(["judge_documents"], *first, "--conf", str(strict))
    said = run_jobs(["judge_documents"], *first)
    assert said[0].startswith("judge_documents: default/0")
    assert rows(store, Verdicts) == before


def test_signals_of_other_edits_are_refused(run_jobs):
    with pytest.raises(NotReadyError, match="measured with other"):
        run_jobs(["judge_documents"], *RECIPE, "edits.spans=[]")


def test_a_job_before_its_time_names_what_to_run(run_jobs, tmp_path):
    with pytest.raises(NotReadyError, match="run ingest_documents first"):
        run_jobs(["measure_documents"], *RECIPE, root=tmp_path / "new")


def test_other_extraction_settings_need_replace(run_jobs, store, crawl):
    with pytest.raises(ConfigError, match=r"ingest\.replace"):
        run_jobs(["ingest_documents"], f"ingest.paths={crawl}", "ingest.main_content=false")
    run_jobs(["ingest_documents"], f"ingest.paths={crawl}", "ingest.main_content=false", "ingest.replace=true")
    assert store.read(Documents, Slice("default", 0)).where(F.col(Documents.text).contains("About")).count() > 0
    for later in (Signals, Verdicts, Corpus):
        assert store.read(later).count() == 0, "rows of chunks that there are no more"


def test_an_input_that_broke_off_is_not_passed_over(run_jobs, store):
    ledger = Ledger(store)
    ledger.record([replace(ledger.entry("find_duplicates", Slice("default")), status="running")])
    with pytest.raises(NotReadyError, match="find_duplicates broke off at default: run find_duplicates first"):
        run_jobs(["publish_corpus"], *RECIPE)
