"""Pages as WARC files whose bytes depend on the pages alone: fixed ids, fixed dates, no time in the gzip headers."""

import io
import uuid
from collections.abc import Sequence
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpusmill.demo.pages import Page

DATE = "2026-01-05T06:00:00Z"
_KEPT_SHARE = 0.6
"""Of the last record's compressed bytes: enough for its headers, too little for its body."""


def _write(writer: WARCWriter, page: Page) -> None:
    """One response record."""
    headers = StatusAndHeaders(
        page.status, [("Content-Type", page.content_type), ("Content-Length", str(len(page.body)))], protocol="HTTP/1.1"
    )
    identity = {"WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, page.url)}>", "WARC-Date": DATE}
    record = writer.create_warc_record(
        page.url, "response", payload=io.BytesIO(page.body), http_headers=headers, warc_headers_dict=identity
    )
    writer.write_record(record)


def _write_header(writer: WARCWriter, name: str) -> None:
    """The warcinfo record that a WARC file begins with; it is not a document and not a rejected one."""
    identity = {"WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>", "WARC-Date": DATE, "WARC-Filename": name}
    body = io.BytesIO(b"software: corpusmill demo\r\nformat: WARC File Format 1.1\r\n")
    record = writer.create_warc_record(
        "", "warcinfo", payload=body, warc_content_type="application/warc-fields", warc_headers_dict=identity
    )
    writer.write_record(record)


def write_warc(path: Path, pages: Sequence[Page], cut_last: bool = False) -> list[int]:
    """Write the pages in order and return the byte offset of each record; `cut_last` ends the file inside the last one."""
    offsets = []
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True, warc_version="1.1")
        _write_header(writer, path.name)
        for page in pages:
            offsets.append(out.tell())
            _write(writer, page)
        if cut_last:
            out.truncate(offsets[-1] + int(_KEPT_SHARE * (out.tell() - offsets[-1])))
    return offsets
