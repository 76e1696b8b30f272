"""JSON lines and Parquet: ids, fields, damage, and the same id through any path and packing."""

import gzip
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from corpusmill.ingest.jsonl import read_jsonl
from corpusmill.ingest.parquet import read_parquet
from corpusmill.settings import IngestSettings

from tests.unit.ingest.archives import errors, texts

SETTINGS = IngestSettings(source="books")
ROWS = [{"id": i, "text": f"Text {i} é", "url": f"http://Example.org/{i}", "domain": "books", "date": "2024-03-01"} for i in range(5)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()


def jsonl(data, name="a.jsonl", settings=SETTINGS):
    return list(read_jsonl(io.BytesIO(data), name, settings))


def parquet(rows, **options):
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out, **options)
    return out.getvalue()


def test_json_lines_in_every_packing_and_parquet_give_the_same_documents():
    expected = jsonl(LINES)
    assert texts(expected) == [row["text"] for row in ROWS]
    assert (expected[0].url, expected[0].domain, expected[0].fetched_at.isoformat()) == (
        "http://Example.org/0", "books", "2024-03-01T00:00:00+00:00",
    )  # fmt: skip
    for name, data in (("b.jsonl.gz", gzip.compress(LINES)), ("c.jsonl.zst", zstandard.compress(LINES)), ("d.jsonl", LINES.rstrip(b"\n"))):
        assert [(i.doc_id, i.text, i.offset) for i in jsonl(data, name)[:-1]] == [(i.doc_id, i.text, i.offset) for i in expected[:-1]]
    found = list(read_parquet(io.BytesIO(parquet(ROWS)), "e.parquet", SETTINGS))
    assert [(i.doc_id, i.text, i.fetched_at) for i in found[:-1]] == [(i.doc_id, i.text, i.fetched_at) for i in expected[:-1]]


def test_ids_depend_on_the_source_and_without_one_on_the_place():
    assert jsonl(LINES)[0].doc_id != jsonl(LINES, settings=IngestSettings(source="papers"))[0].doc_id
    nameless = b'{"text": "a"}\n{"text": "a"}\n'
    ids = [item.doc_id for item in jsonl(nameless)[:-1]]
    assert len(set(ids)) == 2
    assert ids == [item.doc_id for item in jsonl(gzip.compress(nameless))[:-1]]
    assert ids != [item.doc_id for item in jsonl(nameless, "b.jsonl")[:-1]]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"{broken", "broken_record: not JSON"),
        (b'["text"]', "no_text: the line is a JSON list"),
        (b'{"id": 1}', "no_text: text is missing"),
        (b'{"text": 5}', "no_text: text is int"),
        (b'{"text": null}', "no_text: text is missing"),
        (b"[" * 100_000, "broken_record: not JSON"),
        (b'{"text": "' + b"x" * 1001 + b'"}', "too_large: 1,001 bytes"),
        (b"\xff\xfe", "broken_record: not JSON"),
    ],
)
def test_a_bad_line_is_an_error_row_and_the_next_is_read(line, error):
    items = jsonl(line + b'\n\n  \n{"text": "after"}\n', settings=IngestSettings(max_record_bytes=1000))
    assert errors(items)[0].startswith(error)
    assert texts(items) == ["after"]


def test_a_line_without_end_is_passed_over_in_bounded_memory():
    small = IngestSettings(max_record_bytes=1000)
    items = jsonl(b'{"text": "' + b"x" * 3_000_000 + b'"}\n{"text": "after"}\n', settings=small)
    assert errors(items) == ["too_large: a line of more than 268,144 bytes"]
    assert texts(items) == ["after"]


def test_a_broken_gzip_member_costs_its_rest_alone():
    packed = [gzip.compress(line + b"\n") for line in LINES.splitlines()]
    broken = bytearray(packed[2])
    broken[-6] ^= 1
    items = jsonl(b"".join([*packed[:2], bytes(broken), *packed[3:]]), "a.jsonl.gz")
    assert {t for t in texts(items)} >= {ROWS[i]["text"] for i in (0, 1, 3, 4)}
    assert len(errors(items)) == 1


def test_lone_surrogates_and_nul_are_replaced():
    assert texts(jsonl(b'{"text": "a\\u0000b\\ud800c", "id": "\\ud800"}\n')) == ["a b\ufffdc"]


def test_parquet_that_is_none_or_has_no_text_is_an_error_row():
    for data, error in ((b"PAR1 no", "broken_record: Parquet"), (parquet([{"body": "x"}]), "no_text: 1 rows without a column text")):
        items = list(read_parquet(io.BytesIO(data), "a.parquet", SETTINGS))
        assert errors(items)[0].startswith(error)
    good = parquet(ROWS * 500, row_group_size=100, compression="gzip")
    damaged = bytearray(good)
    damaged[len(good) // 4] ^= 0xFF
    assert texts(list(read_parquet(io.BytesIO(bytes(damaged)), "a.parquet", SETTINGS))) is not None


def test_parquet_with_invalid_utf8_is_read_with_replacements():
    offsets = pa.array([0, 4, 9], pa.int32()).buffers()[1]
    column = pa.StringArray.from_buffers(2, offsets, pa.py_buffer(b"good\xff bad"))
    out = io.BytesIO()
    pq.write_table(pa.table({"text": column}), out)
    assert texts(list(read_parquet(io.BytesIO(out.getvalue()), "a.parquet", SETTINGS))) == ["good", "\ufffd bad"]


def test_an_empty_id_is_none():
    items = jsonl(b'{"id": "", "text": "a"}\n{"id": " ", "text": "b"}\n')[:-1]
    assert len({item.doc_id for item in items}) == 2


def test_a_date_outside_pythons_calendar_is_no_date():
    dates = pa.array([253402300800000, 0, None], pa.timestamp("ms"))
    out = io.BytesIO()
    pq.write_table(pa.table({"text": ["a", "b", "c"], "date": dates}), out)
    out.seek(0)
    found = list(read_parquet(out, "a.parquet", SETTINGS))[:-1]
    assert [item.fetched_at and item.fetched_at.year for item in found] == [None, 1970, None]
