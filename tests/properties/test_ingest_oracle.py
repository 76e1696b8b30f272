"""Whole archives of random records, written by warcio: our reader gives what FastWARC's own iterator gives, at offsets that can be read back."""

import gzip
import io
import random

import pytest
from corpusmill.ingest.charset import find_codec
from corpusmill.ingest.html import html_pieces, shown_blocks
from corpusmill.ingest.identity import record_id
from corpusmill.ingest.records import read_warc
from corpusmill.ingest.rows import Others, Record
from corpusmill.settings import IngestSettings
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

SETTINGS = IngestSettings()
TYPE = "text/plain; charset=latin1"


def archive(rng, compressed):
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=compressed)
    for number in range(rng.randrange(1, 12)):
        kind = rng.choice(["response", "response", "response", "request", "resource", "metadata"])
        body = rng.choice([b"", b"WARC/1.0\r\n\r\n", b"\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\n", rng.randbytes(rng.randrange(70_000))])
        body = bytes(b or 32 for b in body) if rng.random() < 0.5 else body
        http = StatusAndHeaders("200 OK", [("Content-Type", TYPE)], protocol="HTTP/1.1")
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "example.org")], is_http_request=True)
        headers = {"response": http, "request": asked}.get(kind)
        plain = TYPE if kind in ("resource", "metadata") else None
        url = f"http://example.org/{number}"
        writer.write_record(writer.create_warc_record(url, kind, io.BytesIO(body), warc_content_type=plain, http_headers=headers))
    return out.getvalue()


@pytest.mark.parametrize("compressed", [True, False], ids=["gzip", "plain"])
@pytest.mark.parametrize("seed", range(25))
def test_whole_archives_are_read_as_fastwarc_reads_them(seed, compressed):
    data = archive(random.Random(seed), compressed)
    wanted, other = [], 0
    for found in ArchiveIterator(io.BytesIO(data)):
        if found.record_type not in (WarcRecordType.response, WarcRecordType.resource):
            other += 1
            continue
        body = found.reader.read()
        # Random bytes may look like another charset than is declared: which one is a matter of tests/unit/ingest/test_charset_detection.py.
        text = body.decode(find_codec(body, TYPE, is_html=False), "replace").removeprefix("\ufeff").replace("\0", " ")
        wanted.append((record_id(found.record_id), found.headers["WARC-Target-URI"], found.stream_pos, text))
    *items, last = read_warc(io.BytesIO(data), "a.warc.gz" if compressed else "a.warc", SETTINGS)
    assert all(isinstance(item, Record) for item in items), items
    assert [(i.doc_id, i.url, i.offset, i.text.decode()) for i in items] == wanted
    assert last == Others(other)
    for item in items:
        raw = data[item.offset : item.offset + item.length]
        alone = gzip.decompress(raw) if compressed else raw
        assert alone.startswith(b"WARC/1.")
        assert [i.doc_id for i in read_warc(io.BytesIO(alone), "a.warc", SETTINGS) if isinstance(i, Record)] == [item.doc_id]


MARKS = [
    "<p>",
    "</p>",
    "<script>",
    "</script>",
    "<SCRIPT/src=x>",
    "<style>",
    "</STYLE>",
    "<!--",
    "-->",
    "<!-->",
    "<scripture>",
    "İ",
    "ſ",
    "<",
    "x>",
]
MARKUP = st.lists(st.sampled_from([*MARKS, "word "]), max_size=40).map("".join)


@given(MARKUP, st.integers(1, 9))
def test_what_is_shown_does_not_depend_on_the_blocks(page, step):
    blocks = [page[i : i + step] for i in range(0, len(page), step)]
    whole = "".join(shown_blocks([page]))
    assert "".join(shown_blocks(blocks)) == whole
    assert "".join(html_pieces(blocks, 5)) == whole


def test_what_is_never_shown_is_named():
    page = "a<!-->b<!-- <script> -->c<SCRIPT >d<!--</ScRiPt>e<scripture>f<style>g"
    assert "".join(shown_blocks([page])) == "abc</ScRiPt>e<scripture>f"
