"""WARC and ARC records made byte by byte, so that tests can damage them where they want."""

import gzip
import io
import itertools

from corpusmill.ingest.records import read_arc, read_warc
from corpusmill.ingest.rows import Others, Record, Rejected
from corpusmill.settings import IngestSettings

SETTINGS = IngestSettings(main_content=False)
_NUMBERS = itertools.count()


def page(text="Hello", status="200 OK", content_type="text/html", headers=()):
    """An HTTP response with an HTML page, or with `text` itself where that is bytes."""
    body = text if isinstance(text, bytes) else f"<html><body><p>{text}</p></body></html>".encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def record(block, kind="response", record_id="", length=None, end=b"\r\n\r\n", fields=(), newline="\r\n"):
    """One WARC record. `length`: what Content-Length says. `record_id` None leaves it out."""
    own = f"urn:uuid:{next(_NUMBERS)}" if record_id == "" else record_id
    lines = ["WARC/1.0", f"WARC-Type: {kind}", "WARC-Target-URI: http://example.org/page", "WARC-Date: 2024-03-01T00:00:00Z"]
    lines += [f"WARC-Record-ID: <{own}>"] if own else []
    lines += ["Content-Type: application/http;msgtype=response"] if not any(f.startswith("Content-Type") for f in fields) else []
    lines += [*fields, f"Content-Length: {len(block) if length is None else length}"]
    return newline.join(lines).encode() + newline.encode() * 2 + block + end


def arc_record(block, url="http://example.org/page", content_type="text/html", length=None):
    """One ARC record."""
    return f"{url} 127.0.0.1 20240301000000 {content_type} {len(block) if length is None else length}\n".encode() + block + b"\n"


def read(data, name="a.warc.gz", settings=SETTINGS):
    """Everything in a file of these bytes."""
    reader = read_arc if ".arc" in name else read_warc
    return list(reader(io.BytesIO(data), name, settings))


def texts(items):
    """The texts of the documents."""
    return [item.text.decode() for item in items if isinstance(item, Record)]


def errors(items):
    """The errors of the rejected records."""
    return [item.error for item in items if isinstance(item, Rejected)]


def others(items):
    """How many records did not count; the last item says it, and no other."""
    assert [isinstance(item, Others) for item in items] == [False] * (len(items) - 1) + [True]
    return items[-1].count


def members(*records):
    """Each record as a gzip member of its own."""
    return b"".join(gzip.compress(r, mtime=0) for r in records)
