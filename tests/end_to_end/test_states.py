"""What is up to date, what runs again, and what each run reads and commits."""

import json
from pathlib import Path

import pytest
from corpusmill.errors import ConfigError, NotReadyError
from corpusmill.slices import Slice
from corpusmill.tables import Corpus, Documents, Inputs, Verdicts
from pyspark.sql import functions as F

from tests.crawl import pages, write_warc
from tests.tables import versions

pytestmark = pytest.mark.connect

JOBS = ["ingest_documents", "measure_documents", "judge_documents", "find_duplicates", "publish_corpus"]
RECIPE = ["--conf", str(Path(__file__).resolve().parents[2] / "conf" / "recipes" / "fineweb.toml")]


@pytest.fixture
def crawl(tmp_path):
    return write_warc(tmp_path / "a.warc.gz", pages(8))


def test_nothing_changed_runs_nothing_and_commits_nothing(run_jobs, crawl, tmp_path):
    arguments = [*RECIPE, f"ingest.paths={crawl}"]
    run_jobs(JOBS, *arguments)
    before = versions(tmp_path / "store")
    said = run_jobs(JOBS, *arguments)
    assert said == [f"{job}: up to date (1 slice)" for job in JOBS]
    assert versions(tmp_path / "store") == before


def test_an_added_file_is_parsed_alone_into_a_chunk_of_its_own(run_jobs, crawl, tmp_path):
    run_jobs(JOBS, *RECIPE, f"ingest.paths={crawl}")
    added = write_warc(tmp_path / "b.warc.gz", pages(8, first=100))
    # Were it opened again, this would be an error: the first file is unreadable now, but unchanged in size and ends.
    said = run_jobs(JOBS, *RECIPE, f'ingest.paths=["{crawl}", "{added}"]')
    assert [line.split("  ")[0] for line in said if line.startswith("ingest")] == ["ingest_documents: default/1"]
    assert [line.split("  ")[0] for line in said if line.startswith("measure")] == ["measure_documents: default/1"]
    assert [line.split("  ")[0] for line in said if line.startswith("find_dup")] == ["find_duplicates: default"]


def test_an_added_file_leaves_the_first_chunk_unread(run_jobs, store, crawl, tmp_path):
    run_jobs(["ingest_documents"], f"ingest.paths={crawl}")
    before = {row.file: row.etag for row in store.read(Inputs).collect()}
    added = write_warc(tmp_path / "b.warc.gz", pages(3, first=100))
    run_jobs(["ingest_documents"], f'ingest.paths=["{crawl}", "{added}"]')
    log = sorted((tmp_path / "store" / "documents" / "_delta_log").glob("*.json"))
    actions = [json.loads(line) for line in log[-1].read_text().splitlines()]
    assert {a["add"]["partitionValues"]["chunk"] for a in actions if "add" in a} == {"1"}
    assert not [a for a in actions if "remove" in a]
    assert {row.file: row.etag for row in store.read(Inputs).collect()}["a.warc.gz"] == before["a.warc.gz"]


def test_a_moved_bound_judges_again_without_text_and_makes_dedup_stale(run_jobs, store, crawl, tmp_path):
    arguments = [*RECIPE, f"ingest.paths={crawl}"]
    run_jobs(JOBS, *arguments)
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
    first = [f"ingest.paths={crawl}"]
    run_jobs(["ingest_documents", "measure_documents", "judge_documents"], *first)
    strict = tmp_path / "strict.toml"
    strict.write_text('[[rules]]\nreason = "short"\nsignal = "counts.words"\nmin = 100000\nsource = "a test"\n', encoding="utf-8")
    run_jobs(["judge_documents"], *first, "--conf", str(strict))
    said = run_jobs(["judge_documents"], *first)
    assert said[0].startswith("judge_documents: default/0")
    assert store.read(Verdicts).where(F.size(F.col(Verdicts.reasons)) > 0).count() == 0


def test_signals_of_other_edits_are_refused(run_jobs, crawl):
    run_jobs(["ingest_documents", "measure_documents"], *RECIPE, f"ingest.paths={crawl}")
    with pytest.raises(NotReadyError, match="measured with other"):
        run_jobs(["judge_documents"], *RECIPE, "edits.spans=[]")


def test_a_job_before_its_time_names_what_to_run(run_jobs, crawl):
    with pytest.raises(NotReadyError, match="run ingest_documents first"):
        run_jobs(["measure_documents"], *RECIPE)


def test_other_extraction_settings_need_replace(run_jobs, store, crawl):
    run_jobs(["ingest_documents"], f"ingest.paths={crawl}")
    with pytest.raises(ConfigError, match=r"ingest\.replace"):
        run_jobs(["ingest_documents"], f"ingest.paths={crawl}", "ingest.main_content=false")
    run_jobs(["ingest_documents"], f"ingest.paths={crawl}", "ingest.main_content=false", "ingest.replace=true")
    assert store.read(Documents, Slice("default", 0)).where(F.col(Documents.text).contains("About")).count() > 0
