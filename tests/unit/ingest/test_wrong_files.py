"""Files that are not what their name says: each ends in rejected records that say what was found."""

import gzip
import io
import json
import os
import tarfile
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from corpusmill.ingest.formats import read_records
from corpusmill.ingest.rows import Others, Record, Rejected, record_batches
from corpusmill.settings import IngestSettings

HTML = b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head>\n<body>There is no such file.</body></html>\n"
LINE = b'{"text": "a row"}\n'
ROWS = [{"text": f"row {i}"} for i in range(50)]


def archive(form):
    out = io.BytesIO()
    if form == "zip":
        with zipfile.ZipFile(out, "w") as opened:
            opened.writestr("a.py", os.urandom(5000))
    else:
        with tarfile.open(fileobj=out, mode="w") as opened:
            info = tarfile.TarInfo("a.py")
            info.size = 5000
            opened.addfile(info, io.BytesIO(b"x" * 5000))
    return out.getvalue()


def parquet():
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), out)
    return out.getvalue()


WRONG = {
    "garbage in gzip": ("a.jsonl.gz", gzip.compress(os.urandom(3000)), 0, "broken_record: not JSON"),
    "garbage after gzip": ("a.jsonl.gz", gzip.compress(LINE) + b"garbage", 1, "broken_record: no gzip member or zstd frame here"),
    "garbage as gzip": ("a.jsonl.gz", os.urandom(3000), 0, "broken_record: no gzip member or zstd frame here"),
    "cut gzip": ("a.jsonl.gz", gzip.compress(LINE * 9)[:-9], 9, "broken_record: the file ends inside a gzip member"),
    "cut zstd": ("a.jsonl.zst", zstandard.compress(LINE * 9)[:-3], 0, "broken_record: the file ends inside a zstd frame"),
    "a page as JSON lines": ("a.jsonl", HTML, 0, "broken_record: not JSON"),
    "a page as Parquet": ("a.parquet", HTML, 0, "broken_record: Parquet: "),
    "a page as a zip": ("a.zip", HTML, 0, "broken_record: zip: File is not a zip file"),
    "a page as a tar": ("a.tar", HTML, 0, "broken_record: tar: "),
    "a page as a packed tar": ("a.tar.gz", HTML, 0, "broken_record: tar: no gzip member or zstd frame here"),
    "JSON lines as Parquet": ("a.parquet", LINE, 0, "broken_record: Parquet: "),
    "Parquet as JSON lines": ("a.jsonl", parquet(), 0, "broken_record: not JSON"),
    "a tar in gzip as JSON lines": ("a.jsonl.gz", gzip.compress(archive("tar")), 0, "broken_record: not JSON"),
    "cut Parquet": ("a.parquet", parquet()[:-200], 0, "broken_record: Parquet: "),
    "a cut zip": ("a.zip", archive("zip")[:-60], 0, "broken_record: zip: File is not a zip file"),
    "a cut tar": ("a.tar", archive("tar")[:3000], 0, "broken_record: tar: the file ends after"),
    "a cut packed tar": ("a.tgz", gzip.compress(archive("tar"))[:-20], 0, "broken_record: tar: the file ends inside a gzip member"),
    "one array in one line": ("a.json", json.dumps(ROWS).encode(), 0, "no_text: the line is a JSON list, not an object"),
    "one array in many lines": ("a.json", json.dumps(ROWS, indent=1).encode(), 0, "broken_record: not JSON"),
    "one array too long to hold": ("a.json", json.dumps(ROWS * 10_000).encode(), 0, "too_large: a line of more than "),
    "an empty name": ("a.jsonl", b'{"": "a row"}', 0, "no_text: text is missing"),
    "a numpy file": ("a.jsonl", b"\x93NUMPY\x01\0v\0" + bytes(1000), 0, "broken_record: not JSON"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_rejected_records(case, tmp_path):
    name, data, documents, error = WRONG[case]
    (tmp_path / name).write_bytes(data)
    items = list(read_records(str(tmp_path / name), IngestSettings(max_record_bytes=100_000)))
    assert [type(item) for item in items[-1:]] == [Others]
    assert sum(isinstance(item, Record) for item in items) == documents
    rejected = [item for item in items if isinstance(item, Rejected)]
    assert rejected
    assert any(item.error.startswith(error) for item in rejected), rejected[:3]
    for batch in record_batches(items, name):
        batch.validate(full=True)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.parquet", "a.zip", "a.tar", "a.tar.gz"])
def test_an_empty_file_has_no_documents(name, tmp_path):
    (tmp_path / name).write_bytes(b"")
    assert not [item for item in read_records(str(tmp_path / name), IngestSettings()) if isinstance(item, Record)]
