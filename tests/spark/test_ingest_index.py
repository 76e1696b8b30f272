"""The job on parts of a columnar index: documents are those of the whole WARC files, each once, though rows and parts repeat records."""

import json

import pytest
from corpusmill.errors import ConfigError
from corpusmill.tables import Documents, Inputs, RejectedRecords
from pyspark.sql import functions as F

from tests.unit.ingest.byte_server import ByteServer
from tests.unit.ingest.cc_index import parquet, picks, settings, whole, write_crawl

pytestmark = pytest.mark.connect

JOB = ["ingest_documents"]
RULES = {"domains": ["example.org", "news.gov.uk"], "languages": ["eng", "isl"]}


def arguments(folder, base):
    rules = [f"ingest.index.{name}={json.dumps(value)}" for name, value in RULES.items()]
    return [f"ingest.paths={folder}/part-*.parquet", "ingest.format=cc_index", f"ingest.index.base={base}", *rules]


def origins(frame):
    """Everything of documents but snapshot, chunk and source, by origin."""
    columns = (
        Documents.doc_id,
        Documents.url,
        Documents.host,
        Documents.fetched_at,
        Documents.text,
        Documents.extraction,
        Documents.origin,
    )
    return sorted((tuple(row) for row in frame.select(*columns).collect()), key=lambda row: (row[-1]["file"], row[-1]["offset"]))


def test_documents_of_an_index_are_those_of_the_whole_warcs_each_once(run_jobs, store, tmp_path):
    rows = write_crawl(tmp_path / "crawl")
    chosen = [row for row in rows if picks(row, **RULES)]
    # Two parts share a third of the rows; one has a row twice, and another that leads nowhere.
    half = len(rows) // 3
    gone = {**chosen[0], "warc_filename": "crawl-data/gone.warc.gz"}
    (tmp_path / "part-00000.c000.gz.parquet").write_bytes(parquet([*rows[: 2 * half], chosen[0], gone]))
    (tmp_path / "part-00001.c000.gz.parquet").write_bytes(parquet(rows[half:]))
    picked = [[row for row in some if picks(row, **RULES)] for some in ([*rows[: 2 * half], chosen[0], gone], rows[half:])]
    with ByteServer(tmp_path / "crawl", faults={"": [503, "cut", "reset"]}) as server:
        run_jobs(JOB, *arguments(tmp_path, server.url), "ingest.snapshot=index", "ingest.index.longest_wait_seconds=0.01")
    index = store.read(Documents).where(F.col(Documents.snapshot) == "index")

    # Every row that was picked is a document or rejected; what is named again is a repeated record.
    counted = {row.file: (row.records, row.documents + row.rejected, row.other) for row in store.read(Inputs).collect()}
    assert counted == {f"part-0000{i}.c000.gz.parquet": (len(some), len(some), 0) for i, some in enumerate(picked)}
    expected = [item for item in whole(tmp_path / "crawl", chosen, settings("")) if hasattr(item, "text")]
    assert index.count() == len(expected)
    rejected = store.read(RejectedRecords).collect()
    assert sum(row.error.startswith("repeated_record") for row in rejected) >= 1
    assert [row.file for row in rejected if row.error == "fetch: HTTP 404"] == ["gone.warc.gz"]
    assert len(rejected) == sum(len(some) for some in picked) - len(expected)

    # The same documents as through the whole files, which hold more.
    run_jobs(JOB, f"ingest.paths={tmp_path}/crawl/**/*.warc.gz", "ingest.snapshot=whole")
    places = {(item.file, item.offset) for item in expected}
    documents = origins(store.read(Documents).where(F.col(Documents.snapshot) == "whole"))
    assert origins(index) == [row for row in documents if (row[-1]["file"], row[-1]["offset"]) in places]
    assert len(documents) > len(expected)

    # Another base is no other crawl; another rule is.
    again = [*arguments(tmp_path, tmp_path / "crawl"), "ingest.snapshot=index"]
    assert run_jobs(JOB, *again) == ["ingest_documents: up to date (1 slice)"]
    with pytest.raises(ConfigError, match="other settings"):
        run_jobs(JOB, *again, "ingest.index.sample=0.5")


def test_rules_and_base_are_checked_before_spark_starts(run_jobs, tmp_path):
    (tmp_path / "part-0.parquet").write_bytes(b"<html>")
    with pytest.raises(ConfigError, match=r"ingest\.index\.url_regex"):
        run_jobs(JOB, *arguments(tmp_path, tmp_path), "ingest.index.url_regex=(")
    with pytest.raises(ConfigError, match=r"ingest\.index\.base"):
        run_jobs(JOB, *arguments(tmp_path, tmp_path / "none"))
