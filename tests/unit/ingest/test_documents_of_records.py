"""What becomes a document, with which text and id, and what is rejected with which word."""

import gzip
import re
import zlib
from urllib.parse import urlsplit

import pytest
from corpusmill.ingest.http import find_header
from corpusmill.ingest.identity import host_of, moment, record_id
from corpusmill.ingest.rows import BATCH_BYTES, Others, Record, Rejected, record_batches
from corpusmill.settings import IngestSettings
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.ingest.archives import SETTINGS, arc_record, errors, others, page, read, record, texts


def one(block, settings=SETTINGS, **options):
    return read(record(block, **options), "a.warc", settings)


@pytest.mark.parametrize(
    ("block", "error"),
    [
        (page(status="404 Not Found"), "http_status: 404"),
        (page(status="301 Moved"), "http_status: 301"),
        (page(status="206 Partial"), "http_status: 206"),
        (page(status="what"), "http_status: none"),
        (page(content_type="image/png"), "type: image/png"),
        (page(content_type="TEXT/CSS; charset=utf-8"), "type: text/css"),
        (page(content_type=""), "type: none"),
        (page(content_type="text/" + "x" * 500), "type: text/" + "x" * 95),
    ],
)
def test_other_statuses_and_types_are_rejected_by_name(block, error):
    assert errors(one(block)) == [error]


def test_a_record_without_http_header_is_rejected_by_type():
    assert errors(one(b"20240301 127.0.0.1", fields=["Content-Type: text/dns"])) == ["type: text/dns"]
    assert errors(one(b"<p>x</p>", fields=["Content-Type: text/html"])) == ["type: text/html without HTTP header"]


def test_statuses_are_a_setting():
    wider = SETTINGS.model_copy(update={"statuses": (200, 404)})
    assert texts(one(page("Gone", status="404 Not Found"), wider)) == ["Gone"]


@pytest.mark.parametrize("kind", ["request", "warcinfo", "metadata", "revisit", "continuation", "unknown"])
def test_other_records_are_counted_alone(kind):
    items = one(page(), kind=kind)
    assert (texts(items), errors(items), others(items)) == ([], [], 1)


def test_conversion_and_resource_records_are_their_text():
    for kind in ("conversion", "resource"):
        items = one("Grüße\naus Köln".encode(), kind=kind, fields=["Content-Type: text/plain"])
        assert texts(items) == ["Grüße\naus Köln"]
        assert items[0].extraction.name == "none"
    assert texts(one(b"<p>A page</p>", kind="resource", fields=["Content-Type: text/html"])) == ["A page"]


def test_plain_text_is_kept_and_html_without_text_is_an_empty_document():
    assert texts(one(page(b"  a\t<b>\r\n", content_type="text/plain"))) == ["  a\t<b>\r\n"]
    assert texts(one(page(b"<html><script>var x = 1;</script></html>"))) == [""]
    assert texts(one(page(b""))) == [""]


def test_stored_text_has_no_nul_and_is_valid_utf8():
    assert texts(one(page(b"a\0b\xff\xfe\xfa", content_type="text/plain; charset=utf-8"))) == ["a b\ufffd\ufffd\ufffd"]


@pytest.mark.parametrize("size", [999, 1000])
def test_the_size_limit_is_of_the_payload_and_is_kept(size):
    small = IngestSettings(max_record_bytes=999)
    items = one(page(b"x" * size, content_type="text/plain"), small)
    assert texts(items) == (["x" * 999] if size == 999 else [])
    assert errors(items) == ([] if size == 999 else ["too_large: 1,000 bytes"])


def test_a_record_far_too_large_is_passed_over_with_its_own_reason():
    small = IngestSettings(max_record_bytes=1000)
    items = read(
        record(page(b"x" * 200_000, content_type="text/plain"))
        + record(page(b"x" * 200_000, content_type="video/mp4"))
        + record(page(b"x" * 200_000), kind="request")
        + record(page("After")),
        "a.warc",
        small,
    )
    assert texts(items) == ["After"]
    assert errors(items)[0].startswith("too_large: 200,")
    assert errors(items)[1:] == ["type: video/mp4"]
    assert others(items) == 1


BODY = b"<p>" + b"Coded text. " * 50 + b"</p>"
CHUNKED = b"%x\r\n" % 20 + BODY[:20] + b"\r\n" + b"%x\r\n" % (len(BODY) - 20) + BODY[20:] + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("Content-Encoding: gzip", gzip.compress(BODY)),
        ("Content-Encoding: x-gzip", gzip.compress(BODY)),
        ("Content-Encoding: deflate", zlib.compress(BODY)),
        ("Content-Encoding: deflate", zlib.compress(BODY)[2:-4]),
        ("Transfer-Encoding: chunked", CHUNKED),
        ("Transfer-Encoding: chunked", BODY),
        ("Content-Encoding: gzip", BODY),
        ("Content-Encoding: utf-8", BODY),
        ("Content-Encoding: identity", BODY),
    ],
    ids=["gzip", "x-gzip", "zlib", "bare deflate", "chunked", "chunked in name", "gzip in name", "utf-8", "identity"],
)
def test_codings_are_undone_where_they_are_real(field, body):
    assert texts(one(page(body, headers=[field])))[0].strip() == BODY[3:-4].decode().strip()


def test_a_bomb_and_an_unknown_coding_are_rejected():
    bomb = page(gzip.compress(b"x" * 3_000_000), headers=["Content-Encoding: gzip"])
    assert errors(one(bomb, IngestSettings(max_record_bytes=1_000_000))) == ["too_large: more than 1,000,000 bytes decoded"]
    assert errors(one(page(b"\x01\x02\x03", headers=["Content-Encoding: zap"]))) == ["coding: zap: unknown coding"]


def test_ids_follow_the_record_and_not_its_place():
    block = page("The same")
    by_id = [one(block, record_id="urn:uuid:same")[0].doc_id, read(b"\r\n" + record(block, record_id="urn:uuid:same"), "b.warc")[0].doc_id]
    assert by_id == [record_id("<urn:uuid:same>")] * 2
    by_capture = {
        one(block, record_id=None)[0].doc_id,
        read(record(b"x", kind="request") + record(block, record_id=None), "b.warc")[0].doc_id,
    }
    assert len(by_capture) == 1
    assert one(page("Another"), record_id=None)[0].doc_id not in by_capture
    arc = [read(arc_record(block), name)[0].doc_id for name in ("a.arc", "b.arc")]
    assert arc[0] == arc[1]


def test_dates_and_hosts():
    assert moment("20240301123000").isoformat() == moment("2024-03-01T12:30:00Z").isoformat() == "2024-03-01T12:30:00+00:00"
    assert [moment(wrong) for wrong in (None, "", "yesterday", "99999999999999", "2024-13-01")] == [None] * 5
    assert host_of("HTTP://User@Example.ORG:8080/a") == "example.org"
    assert [host_of(wrong) for wrong in (None, "", "http://[broken", "mailto:a@b")] == [None] * 4


@given(st.lists(st.sampled_from([b"\r", b"\n", b"a"]), max_size=12).map(b"".join))
@example(b"\n\n\r\n")
def test_a_header_ends_at_the_first_blank_line_of_either_ending(start):
    found = re.search(rb"\r?\n\r?\n", start)
    assert find_header(start) == (found.end() if found else -1)


@given(
    st.lists(
        st.sampled_from(
            ["http://", "https://", "a", "b.c", ".", "-", "A", "@", ":80", "/", "?x", "#y", "[::1]", " ", "\t", "\n", "é", "\\"]
        )
    ).map("".join)
)
@example("http://example.org\n")
@example("https://example.org./")
def test_host_is_that_of_urlsplit(url):
    try:
        expected = urlsplit(url).hostname or None
    except ValueError:
        expected = None
    assert host_of(url) == expected


def test_batches_are_bounded_and_complete():
    record_ = lambda i, size: Record(f"{i:032x}", i, 1, b"x" * size, SETTINGS_EXTRACTION)  # noqa: E731
    items = [record_(0, BATCH_BYTES - 1), record_(1, 2), record_(2, BATCH_BYTES + 5), *(Rejected(i, "e") for i in range(5000)), Others(3)]
    batches = list(record_batches(iter(items), "f"))
    assert sum(batch.num_rows for batch in batches) == len(items)
    assert [sum(len(t) for t in b.column("text").to_pylist() if t) for b in batches][:3] == [BATCH_BYTES - 1, 2, BATCH_BYTES + 5]
    assert [number for batch in batches for number in batch.column("number").to_pylist()] == list(range(len(items)))
    assert batches[-1].column("other").to_pylist()[-1] == 3


SETTINGS_EXTRACTION = one(page())[0].extraction
