"""The data source and the job on files: what is read, counted, repeated, replaced and read again after a run broke off."""

import contextlib
import io
import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from corpusmill.errors import ConfigError, InputError
from corpusmill.ingest import split
from corpusmill.ingest.ingest_documents import IngestDocuments
from corpusmill.ingest.rows import Records
from corpusmill.ingest.snapshots import add_snapshot
from corpusmill.ingest.warc import register
from corpusmill.settings import IngestSettings, StoreSettings
from corpusmill.slices import EVERYTHING
from corpusmill.store import Store
from corpusmill.tables import Documents, Inputs, RejectedRecords, Snapshots
from counted import counts
from pyspark.sql import functions as F

from tests.crawl import article, html, pages, write_jsonl, write_warc
from tests.runs import run_named
from tests.tables import everything, versions

pytestmark = pytest.mark.connect

JOB = ["ingest_documents"]


@pytest.fixture
def crawl(tmp_path):
    """Two files of three documents each, and in the second something that cannot be read."""
    return write_crawl(tmp_path)


@pytest.fixture(scope="module")
def ingested(spark, tmp_path_factory):
    """A store in which those two files are one chunk."""
    folder = tmp_path_factory.mktemp("ingested")
    write_crawl(folder)
    run_named(JOB, [f"ingest.paths={folder}/*.gz"], folder / "store")
    return folder / "store"


@pytest.fixture
def copy(ingested, tmp_path):
    """That store for a test alone."""
    return shutil.copytree(ingested, tmp_path / "store", dirs_exist_ok=True)


def write_crawl(folder):
    for number in range(2):
        found = {f"http://example.org/{number}/{i}": html(article(10 * number + i, 2)) for i in range(3)}
        write_warc(folder / f"{number}.warc.gz", found)
    with (folder / "1.warc.gz").open("ab") as file:
        file.write(b"garbage")
    return folder


def test_the_source_reads_a_path_or_a_list_by_itself(spark, crawl):
    register(spark)
    one = spark.read.format("warc").load(str(crawl / "1.warc.gz"))
    Records.check(one.schema, where="the source")
    assert one.where(F.col(Records.doc_id).isNotNull()).count() == 3
    assert [row.error for row in one.where(F.col(Records.error).isNotNull()).collect()] == [
        "broken_record: no gzip member or zstd frame here"
    ]
    paths = json.dumps([str(crawl / "*.warc.gz")])
    settings = IngestSettings(max_record_bytes=10).model_dump_json()
    listed = spark.read.format("warc").option("paths", paths).option("settings", settings).load()
    assert listed.where(F.col(Records.error).startswith("too_large")).count() == 6
    assert listed.where(F.col(Records.other).isNotNull()).count() == 2


def test_every_record_is_a_document_or_rejected_and_a_second_run_does_nothing(run_jobs, store, crawl, copy, tmp_path):
    assert counts(store) == (6, 1)
    assert [tuple(row) for row in store.read(Snapshots).collect()] == [("default", 0)]
    before = versions(tmp_path / "store")
    assert run_jobs(JOB, f"ingest.paths={crawl}/*.gz") == ["ingest_documents: up to date (1 slice)"]
    assert versions(tmp_path / "store") == before
    assert not (tmp_path / "store" / "_scratch" / "ingest_documents_default").exists()


def test_a_changed_file_reads_its_chunk_again_and_needs_the_whole_chunk(run_jobs, store, crawl, copy):
    write_warc(crawl / "1.warc.gz", pages(2, first=500))
    with pytest.raises(InputError, match=r"chunk 0 has to be read again.*0\.warc\.gz"):
        run_jobs(JOB, f"ingest.paths={crawl}/1.warc.gz")
    run_jobs(JOB, f"ingest.paths={crawl}/*.gz")
    assert counts(store) == (3 + 5, 0)


def test_files_that_are_not_named_later_stay(run_jobs, store, crawl):
    run_jobs(JOB, f"ingest.paths={crawl}/0.warc.gz")
    run_jobs(JOB, f"ingest.paths={crawl}/1.warc.gz")
    assert counts(store) == (6, 1)
    assert sorted((row.file, row.chunk) for row in store.read(Inputs).collect()) == [("0.warc.gz", 0), ("1.warc.gz", 1)]


def test_replace_forgets_what_contradicts_and_nothing_twice(run_jobs, store, crawl):
    run_jobs(JOB, f"ingest.paths={crawl}/*.gz", "ingest.chunk_bytes=1")
    with pytest.raises(ConfigError, match=r"ingest\.replace=true"):
        run_jobs(JOB, f"ingest.paths={crawl}/0.warc.gz", "ingest.domain=books")
    run_jobs(JOB, f"ingest.paths={crawl}/0.warc.gz", "ingest.domain=books", "ingest.replace=true")
    assert counts(store) == (3, 0)
    assert {row.domain for row in store.read(Documents).collect()} == {"books"}
    said = run_jobs(JOB, f"ingest.paths={crawl}/0.warc.gz", "ingest.domain=books", "ingest.replace=true")
    assert said == ["ingest_documents: up to date (1 slice)"]


def test_urls_are_denied_by_lists_whose_content_is_part_of_the_state(run_jobs, store, crawl, tmp_path):
    (crawl / "rows.jsonl").write_text('{"text": "denied", "url": "http://sub.bad.example/x"}\n')
    lists = tmp_path / "lists" / "adult"
    lists.mkdir(parents=True)
    (lists / "domains").write_text("bad.example\n")
    (lists / "urls").write_text("example.org/0/1\n")
    entries = ", ".join(f'{{name="adult", path="{tmp_path}/lists", kind="{kind}"}}' for kind in ("domains", "urls"))
    arguments = [f'ingest.paths=["{crawl}/*.gz", "{crawl}/rows.jsonl"]', f"ingest.url_lists=[{entries}]"]
    run_jobs(JOB, *arguments)
    assert counts(store) == (5, 3)
    assert sorted(row.error for row in store.read(RejectedRecords).collect())[1:] == ["url: adult"] * 2
    shutil.move(tmp_path / "lists", tmp_path / "moved")
    with pytest.raises(InputError, match=r"ingest\.url_lists: adult: there is no "):
        run_jobs(JOB, *arguments)
    moved = [argument.replace(f"{tmp_path}/lists", f"{tmp_path}/moved") for argument in arguments]
    assert run_jobs(JOB, *moved) == ["ingest_documents: up to date (1 slice)"]
    (tmp_path / "moved" / "adult" / "urls").write_text("example.org/0/1\nexample.org/1\n")
    with pytest.raises(ConfigError, match=r"ingest\.replace=true"):
        run_jobs(JOB, *moved)
    run_jobs(JOB, *moved, "ingest.replace=true")
    assert counts(store) == (2, 6)


def test_a_run_that_broke_off_goes_on_where_it_was(run_jobs, store, crawl, tmp_path, monkeypatch):
    arguments = [f"ingest.paths={crawl}/*.gz", "ingest.chunk_bytes=1"]
    whole = IngestDocuments.work

    def dies(self, run, piece):
        if piece.chunk == 1:
            raise RuntimeError("killed")
        return whole(self, run, piece)

    monkeypatch.setattr(IngestDocuments, "work", dies)
    with pytest.raises(RuntimeError, match="killed"):
        run_jobs(JOB, *arguments)
    monkeypatch.undo()
    said = run_jobs(JOB, *arguments)
    assert not [line for line in said if "parsing" in line]
    assert counts(store) == (6, 1)
    before = everything(store)
    run_jobs(JOB, *arguments, root=tmp_path / "other")
    assert everything(Store(store._spark, StoreSettings(root=str(tmp_path / "other")))) == before


def test_chunks_are_parsed_together_up_to_a_number_of_files(run_jobs, store, tmp_path):
    for number in range(5):
        write_jsonl(tmp_path / f"{number}.jsonl", {f"{number}": f"text {number}"})
    said = run_jobs(JOB, f"ingest.paths={tmp_path}/*.jsonl", "ingest.chunk_bytes=1", "ingest.files_at_once=2")
    parsing = [line.split("  ")[0].split(" ", 1)[1] for line in said if "parsing" in line]
    assert parsing == ["default/0-1", "default/2-3", "default/4"]
    assert sorted((row.chunk, row.text) for row in store.read(Documents).collect()) == [(i, f"text {i}") for i in range(5)]


def test_a_snapshot_added_in_the_meantime_keeps_its_ordinal(store, monkeypatch):
    """Between the look at the table and the insertion another ingest adds its snapshot."""
    add_snapshot(store, "first")
    read, reads = Store.read, []

    def stale(self, table, piece=EVERYTHING):
        frame = read(self, table, piece)
        reads.append(table)
        if len(reads) == 1:
            kept = store.frame(Snapshots, [tuple(row) for row in frame.collect()])
            add_snapshot(store, "other")
            return kept
        return frame

    monkeypatch.setattr(Store, "read", stale)
    add_snapshot(store, "mine")
    assert sorted((row.ordinal, row.snapshot) for row in store.read(Snapshots).collect()) == [(0, "first"), (1, "other"), (2, "mine")]


def test_snapshots_added_at_once_have_ordinals_of_their_own(store):
    names = [f"s{i}" for i in range(4)]
    with ThreadPoolExecutor(len(names)) as threads:
        list(threads.map(lambda name: add_snapshot(store, name), names))
    rows = store.read(Snapshots).collect()
    assert sorted(row.snapshot for row in rows) == names
    assert sorted(row.ordinal for row in rows) == [0, 1, 2, 3]


def test_scratch_of_other_settings_is_not_taken(run_jobs, store, crawl, monkeypatch):
    def dies(self, run, piece):
        raise RuntimeError("killed")

    monkeypatch.setattr(IngestDocuments, "work", dies)
    with pytest.raises(RuntimeError, match="killed"):
        run_jobs(JOB, f"ingest.paths={crawl}/*.gz")
    monkeypatch.undo()
    run_jobs(JOB, f"ingest.paths={crawl}/*.gz", "ingest.max_record_bytes=10")
    assert counts(store) == (0, 7)


def test_no_exchange_moves_text(store, copy):
    """The losers come to the text by a broadcast; the text is written where it was read."""
    rows = store.read(Documents).select(
        *(F.col(c) for c in (Documents.doc_id, Documents.url, Documents.host, Documents.fetched_at, Documents.text, Documents.text_digest)),
        F.col(Documents.extraction),
        F.col(Documents.attributes),
        F.lit(None).cast("string").alias(Records.domain),
        Documents.chunk,
        F.lit("f").alias(Records.input),
        F.col(Documents.origin)["offset"].alias(Records.number),
        F.lit("f").alias(Records.file),
        F.col(Documents.origin)["offset"].alias(Records.offset),
        F.lit(1).cast("bigint").alias(Records.length),
        F.lit("d").alias(Records.digest),
    )
    losers = split.repeated(split.narrow(rows))
    with contextlib.redirect_stdout(io.StringIO()) as plan:
        split.documents(rows, losers, 0, IngestSettings()).explain("simple")
    lines = [line for line in plan.getvalue().splitlines() if "Exchange" in line]
    assert any("BroadcastExchange" in line for line in lines)
    # The window over the narrow losers is the one shuffle; the scan under it reads no text.
    assert len([line for line in lines if "BroadcastExchange" not in line]) == 1
    below = plan.getvalue().split("Exchange hashpartitioning")[1]
    assert "text#" not in below.split("BroadcastExchange")[0]
