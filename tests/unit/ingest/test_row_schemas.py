"""Rows of published data sets: for each schema what a document takes from a row, in JSON lines and in Parquet alike."""

import datetime
import io
import json
from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corpusmill.config import load_config
from corpusmill.errors import ConfigError
from corpusmill.ingest.identity import native_id
from corpusmill.ingest.jsonl import read_jsonl
from corpusmill.ingest.parquet import read_parquet
from corpusmill.ingest.rows import Others, Record, Rejected
from corpusmill.ingest.schemas import SCHEMAS
from corpusmill.settings import FieldSettings, IngestSettings
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ingest.archives import errors, members, page, read, record, texts

UUID = "urn:uuid:ba044688-f2b2-412f-949e-019cd39b84cc"
META = {"url": "http://a.b/c", "timestamp": "2023-02-01T03:04:05Z", "source": "cc/2019-30", "language": "en"}
V2_META = {"url": "http://a.b/c", "date_download": "2023-02-01T03:04:05Z", "digest": "sha1:X", "source_domain": "a.b", "language": "en"}
MOMENT = "2023-02-01T03:04:05+00:00"
ROWS = {
    "plain": (
        {"text": "T", "id": 7, "url": "http://a.b/c", "domain": "books", "date": MOMENT, "title": "left out"},
        ("T", "books", "http://a.b/c", MOMENT, {}),
    ),
    "refinedweb": (
        {"content": "T", "url": "http://a.b/c", "timestamp": MOMENT, "dump": "CC-MAIN-2013-20", "segment": "1368", "image_urls": [["a", "b"]]},
        ("T", "web", "http://a.b/c", MOMENT, {"dump": "CC-MAIN-2013-20", "segment": "1368"}),
    ),
    "fineweb": (
        {
            "text": "T", "id": f"<{UUID}>", "dump": "CC-MAIN-2014-10", "url": "http://a.b/c", "date": "2023-02-01T03:04:05Z",
            "file_path": "s3://x", "language": "en", "language_score": 0.9345, "token_count": 193,
        },
        ("T", "web", "http://a.b/c", MOMENT, {"dump": "CC-MAIN-2014-10", "language": "en", "language_score": "0.9345"}),
    ),
    "dclm": (
        {
            "text": "T", "url": "http://a.b/c", "bff_contained_ngram_count_before_dedupe": 6, "previous_word_count": 55,
            "language_id_whole_page_fasttext": {"en": 0.95}, "warcinfo": "robots: classic",
            "metadata": {"WARC-Record-ID": f"<{UUID}>", "WARC-Date": MOMENT, "Content-Length": "472529", "WARC-Truncated": None},
            "fasttext_openhermes_reddit_eli5_vs_rw_v2_bigram_200k_train_prob": 0.25,
        },
        ("T", "web", "http://a.b/c", MOMENT, {"language_score": "0.95", "score": "0.25"}),
    ),
    "dolma": (
        {
            "id": "d1", "text": "T", "source": "pes2o", "added": "2023-05-01", "created": MOMENT,
            "metadata": {"url": "http://a.b/c", "title": "Über", "license": "MIT"},
        },
        ("T", "pes2o", "http://a.b/c", MOMENT, {"added": "2023-05-01", "title": "Über", "licence": "MIT"}),
    ),
    "c4": ({"text": "T", "timestamp": MOMENT, "url": "http://a.b/c"}, ("T", "web", "http://a.b/c", MOMENT, {})),
    "redpajama": (
        {"text": "T", "meta": META, "red_pajama_subset": "common_crawl"},
        ("T", "common_crawl", "http://a.b/c", MOMENT, {"source": "cc/2019-30", "language": "en"}),
    ),
    "redpajama_v2": (
        {"raw_content": "T", "doc_id": "2023-06/0000/en_head.json.gz/0", **V2_META},
        ("T", "web", "http://a.b/c", MOMENT, {"digest": "sha1:X", "source_domain": "a.b", "language": "en"}),
    ),
    "the_stack": (
        {
            "hexsha": "ab", "content": "T", "lang": "Ruby", "ext": "rb", "max_stars_repo_path": "lib/a.rb", "max_stars_repo_name": "o/r",
            "max_stars_repo_licenses": ["MIT", "Apache-2.0"], "max_stars_count": 3,
        },
        ("T", "code", None, None, {"language": "Ruby", "licence": "MIT, Apache-2.0", "path": "lib/a.rb", "repository": "o/r"}),
    ),
    "question_answer": ({"question": "Q?", "answer": "A."}, ("Q?\n\nA.", "qa", None, None, {})),
}  # fmt: skip


def jsonl(*rows, schema="plain", **settings):
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    return list(read_jsonl(io.BytesIO(data), "a.jsonl", IngestSettings(row_schema=schema, **settings)))[:-1]


def parquet(*rows, schema="plain", **settings):
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), out)
    out.seek(0)
    return list(read_parquet(out, "a.parquet", IngestSettings(row_schema=schema, **settings)))[:-1]


def seen(item):
    return item.text.decode(), item.domain, item.url, item.fetched_at and item.fetched_at.isoformat(), dict(item.attributes)


def test_every_schema_of_the_settings_is_in_the_table_and_here():
    assert set(IngestSettings.model_fields["row_schema"].annotation.__args__) == set(SCHEMAS) == set(ROWS)


@pytest.mark.parametrize("reader", [jsonl, parquet])
@pytest.mark.parametrize("schema", ROWS)
def test_a_row_as_published_is_a_document(schema, reader):
    row, expected = ROWS[schema]
    assert [seen(item) for item in reader(row, schema=schema)] == [expected]


@pytest.mark.parametrize("reader", [jsonl, parquet])
def test_meta_may_be_a_text_of_json(reader):
    row, expected = ROWS["redpajama"]
    assert [seen(item) for item in reader({**row, "meta": json.dumps(META)}, schema="redpajama")] == [expected]
    row, expected = ROWS["redpajama_v2"]
    loaded = {"raw_content": "T", "doc_id": row["doc_id"], "meta": json.dumps(V2_META), "quality_signals": "{}"}
    assert [seen(item) for item in reader(loaded, schema="redpajama_v2")] == [expected]
    for broken in ("no JSON", "[1]", "[" * 100_000, "5"):
        assert [seen(item) for item in reader({"text": "T", "meta": broken}, schema="redpajama")] == [("T", "web", None, None, {})]


def test_each_row_has_its_own_meta():
    rows = [{"text": "T", "meta": json.dumps({"url": f"http://a.b/{i}"})} for i in (0, 1, 0)]
    assert [item.url for item in jsonl(*rows, schema="redpajama")] == ["http://a.b/0", "http://a.b/1", "http://a.b/0"]


@pytest.mark.parametrize(("schema", "reader"), [("fineweb", jsonl), ("fineweb", parquet), ("dclm", jsonl), ("dclm", parquet)])
def test_a_page_of_a_crawl_has_the_id_that_it_has_in_the_crawl(schema, reader):
    crawled = read(members(record(page("T"), record_id=UUID)))
    assert [item.doc_id for item in reader(ROWS[schema][0], schema=schema)] == [crawled[0].doc_id]


def test_other_ids_are_of_the_source_and_two_sources_share_none():
    assert jsonl(ROWS["dolma"][0], schema="dolma", source="dolma")[0].doc_id == native_id("dolma", "d1")
    ids = {reader(ROWS["the_stack"][0], schema="the_stack", source=s)[0].doc_id for s in "ab" for reader in (jsonl, parquet)}
    assert len(ids) == 2


def test_the_domain_is_the_rows_else_the_settings_else_the_schemas():
    row = {"text": "T"}
    assert jsonl({**row, "domain": "law"}, domain="set")[0].domain == "law"
    assert jsonl(row, domain="set")[0].domain == "set"
    assert jsonl({"question": "Q", "answer": "A"}, schema="question_answer", domain="set")[0].domain == "set"
    assert jsonl(row)[0].domain == "web"


@pytest.mark.parametrize("reader", [jsonl, parquet])
def test_users_name_their_own_fields(reader):
    row = {"body": "T", "meta.lang": "de", "info": {"link": "http://a.b/c", "n": 5}, "tags": ["x", "y"], "day": datetime.date(2023, 2, 1)}
    if reader is jsonl:
        row["day"] = "2023-02-01"
    fields = FieldSettings(
        text="body", url=("link", "info.link"), date="day", attributes={"language": "meta.lang", "number": "info.n", "tags": "tags", "none": "x.y"}
    )  # fmt: skip
    found = reader(row, fields=fields)
    assert [seen(item) for item in found] == [
        ("T", "web", "http://a.b/c", "2023-02-01T00:00:00+00:00", {"language": "de", "number": "5", "tags": "x, y"})
    ]


def test_fields_come_from_the_command_line_beside_a_schema():
    words = ["ingest.schema=question_answer", 'ingest.fields.text=["prompt","completion"]', "ingest.fields.attributes.task=task_id"]
    settings = load_config([], words).ingest
    # What a worker is sent is read back as it was.
    assert IngestSettings.model_validate_json(settings.model_dump_json()) == settings
    found = list(read_jsonl(io.BytesIO(b'{"prompt": "P", "completion": "C", "task_id": "t/1"}'), "a.jsonl", settings))
    assert seen(found[0]) == ("P\n\nC", "qa", None, None, {"task": "t/1"})
    with pytest.raises(ConfigError, match=r"unknown key 'ingest\.fields\.body'"):
        load_config([], ["ingest.fields.body=x"])
    with pytest.raises(ConfigError, match=r"ingest\.schema.*'fineweb'.*got 'fine'"):
        load_config([], ["ingest.schema=fine"])


@pytest.mark.parametrize(
    ("row", "schema", "error"),
    [
        ({"text": "T"}, "refinedweb", "no_text: content is missing"),
        ({"content": ["T"]}, "refinedweb", "no_text: content is list"),
        ({"question": "Q"}, "question_answer", "no_text: answer is missing"),
    ],
)
def test_a_row_without_its_text_names_the_field(row, schema, error):
    assert errors(jsonl(row, schema=schema)) == [error]


def test_a_parquet_file_without_the_text_column_is_one_rejected_record():
    assert errors(parquet({"question": "Q"}, {"question": "R"}, schema="question_answer")) == ["no_text: 2 rows without a column answer"]
    assert errors(parquet({"a": {"c": "T"}}, fields=FieldSettings(text="a.b"))) == ["no_text: 1 rows without a column a.b"]


def test_of_a_struct_in_parquet_only_the_named_fields_are_decoded(monkeypatch):
    asked = []
    whole = pq.ParquetFile.iter_batches
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", lambda self, **options: asked.append(options["columns"]) or whole(self, **options))
    parquet(ROWS["dclm"][0], schema="dclm")
    assert "metadata" not in asked[0]
    assert {"metadata.WARC-Record-ID", "metadata.WARC-Date"} <= set(asked[0])


def test_invalid_utf8_inside_a_struct_is_replaced():
    inner = pa.StringArray.from_buffers(2, pa.array([0, 4, 9], pa.int32()).buffers()[1], pa.py_buffer(b"good\xff bad"))
    out = io.BytesIO()
    pq.write_table(pa.table({"row": pa.StructArray.from_arrays([inner], ["text"])}), out)
    out.seek(0)
    assert texts(list(read_parquet(out, "a.parquet", IngestSettings(fields=FieldSettings(text="row.text"))))) == ["good", "\ufffd bad"]


@pytest.mark.parametrize(
    ("licences", "kept"),
    [
        (["MIT"], True), (["mit"], True), (["MIT", "Apache-2.0"], True), (["MIT", "GPL-3.0"], False), ([], False), (None, False),
        ("MIT OR GPL-3.0", True),
    ],
)  # fmt: skip
def test_rows_under_other_licences_are_rejected(licences, kept):
    row = {"content": "T", "max_stars_repo_licenses": licences}
    found = jsonl(row, schema="the_stack", licenses=("MIT", "Apache-2.0"))
    assert len(texts(found)) == kept
    if not kept:
        assert errors(found) == [f"licence: {', '.join(licences) if licences else 'none'}"]
    assert len(texts(jsonl(row, schema="the_stack"))) == 1


def test_attributes_count_as_bytes_of_a_record():
    long = FieldSettings(attributes={"note": "note"})
    assert errors(jsonl({"text": "T", "note": "x" * 1000}, fields=long, max_record_bytes=1000)) == ["too_large: 1,001 bytes"]


def test_real_questions_and_answers(shared_data):
    path = shared_data / "benchmarks" / "gsm8k_test.jsonl"
    expected = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    with path.open("rb") as file:
        found = list(islice(read_jsonl(file, path.name, IngestSettings(row_schema="question_answer")), len(expected)))
    assert len(found) == 1319
    assert texts(found) == [f"{row['question']}\n\n{row['answer']}" for row in expected]
    assert {item.domain for item in found} == {"qa"}
    assert len({item.doc_id for item in found}) == 1319


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "T", "é\0\ud800", MOMENT, json.dumps(META)]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(["", *META]), inside, max_size=3),
    max_leaves=4,
)
NAMES = sorted({part for schema in SCHEMAS.values() for path in schema.paths() for part in (path, path.split(".")[0])})


@given(row=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8), schema=st.sampled_from(sorted(SCHEMAS)))
def test_any_row_is_a_document_or_rejected(row, schema):
    line = json.dumps(row).encode()
    found = list(read_jsonl(io.BytesIO(line), "a.jsonl", IngestSettings(row_schema=schema)))
    assert [type(item) for item in found] in ([Record, Others], [Rejected, Others])
    if isinstance(found[0], Record):
        assert all(isinstance(value, str) and value.encode() for value in found[0].attributes.values())
