"""The pipeline's data jobs on the real crawls of shared data."""

from pathlib import Path

import pytest
from corpusmill.reasons import REASONED, first_reasons, reasons
from corpusmill.tables import Corpus, Documents

from tests.answers import assert_inspect_agrees

RECIPE = Path(__file__).resolve().parents[2] / "conf" / "recipes" / "fineweb.toml"
JOBS = ["ingest_documents", "measure_documents", "judge_documents", "find_duplicates", "find_contamination", "publish_corpus"]


@pytest.mark.connect
def test_geocities(run_jobs, store, shared_data):
    run_jobs(JOBS, "--conf", str(RECIPE), f"ingest.paths={shared_data / 'warc' / 'geocities_2009.warc.gz'}")
    assert assert_inspect_agrees(store, RECIPE) == 130
    found = first_reasons(reasons(*(store.read(table) for table in REASONED))).count()
    assert store.read(Documents).count() == store.read(Corpus).count() + found
