"""Sources of several kinds in one run of the job: real files, rows, source code, wrong files, and records that share an id."""

import json
import zipfile

import pytest
from corpusmill.tables import Documents, Inputs, RejectedRecords
from counted import counts
from pyspark.sql import functions as F

from tests.crawl import article, html, write_jsonl, write_warc

pytestmark = pytest.mark.connect

JOB = ["ingest_documents"]


def test_real_files_beside_a_damaged_one(run_jobs, store, shared_data):
    names = ["geocities_2009.warc.gz", "bad.arc.gz", "office_documents.warc.gz", "cc_whirlwind.warc.gz"]
    paths = json.dumps([str(shared_data / "warc" / name) for name in names])
    run_jobs(JOB, f"ingest.paths={paths}", "ingest.snapshot=real")
    found = {row.file: (row.records, row.documents, row.rejected, row.other) for row in store.read(Inputs).collect()}
    assert found["geocities_2009.warc.gz"] == (299, 130, 169, 523)
    assert found["bad.arc.gz"] == (5, 1, 4, 1)
    assert found["office_documents.warc.gz"] == (9, 0, 9, 12)
    assert found["cc_whirlwind.warc.gz"] == (1, 1, 0, 3)
    counts(store)


def test_pages_rows_source_code_and_wrong_files_in_one_run(run_jobs, store, tmp_path):
    write_warc(tmp_path / "crawl.warc.gz", {"http://example.org/": html(article(1))})
    rows = [{"question": "Q?", "answer": "A.", "license": ["MIT"]}, {"question": "Q?"}, {"question": "Q?", "answer": "B."}]
    (tmp_path / "qa.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "qa.parquet").write_bytes(b"<html>404</html>")
    with zipfile.ZipFile(tmp_path / "repo.zip", "w") as archive:
        archive.writestr("repo/a.py", "# SPDX-License-Identifier: MIT\n")
        archive.writestr("repo/b.py", "pass\n")
        archive.writestr("repo/c.bin", "\0")
    words = ["ingest.schema=question_answer", "ingest.fields.attributes.licence=license", "ingest.licenses=MIT"]
    run_jobs(JOB, f"ingest.paths={tmp_path}/*.*", *words)
    assert counts(store) == (3, 4)
    found = {(row.domain, row.origin.file): (row.text, row.attributes) for row in store.read(Documents).collect()}
    assert found["code", "repo.zip"][1] == {"language": "Python", "path": "repo/a.py", "licence": "MIT"}
    assert found["qa", "qa.jsonl"] == ("Q?\n\nA.", {"licence": "MIT"})
    assert found["web", "crawl.warc.gz"][1] == {}
    errors = {(row.file, row.error.partition(";")[0]) for row in store.read(RejectedRecords).collect()}
    assert errors >= {("qa.jsonl", "no_text: answer is missing"), ("qa.jsonl", "licence: none"), ("repo.zip", "licence: none")}
    assert {row.file: row.other for row in store.read(Inputs).collect()}["repo.zip"] == 1


def test_of_records_with_one_id_the_earliest_stays(run_jobs, store, tmp_path):
    for name, text in (("b.jsonl", "later file"), ("a.jsonl", "earlier file")):
        write_jsonl(tmp_path / name, {"same": text, name: "its own"})
    with (tmp_path / "a.jsonl").open("a") as file:
        file.write('{"id": "same", "text": "later line"}\n')
    arguments = [f"ingest.paths={tmp_path}/*.jsonl", "ingest.chunk_bytes=1"]
    run_jobs(JOB, *arguments)
    assert counts(store) == (3, 2)
    assert sorted(row.text for row in store.read(Documents).collect()) == ["earlier file", "its own", "its own"]
    lost = store.read(RejectedRecords).collect()
    assert sorted((row.chunk, row.file) for row in lost) == [(0, "a.jsonl"), (1, "b.jsonl")]
    assert all(row.error.startswith("repeated_record: ") for row in lost)
    # A chunk that comes later loses to what is committed.
    write_jsonl(tmp_path / "0.jsonl", {"same": "sorts first, comes last"})
    run_jobs(JOB, *arguments)
    assert counts(store) == (3, 3)
    assert store.read(RejectedRecords).where(F.col(RejectedRecords.file) == "0.jsonl").count() == 1
