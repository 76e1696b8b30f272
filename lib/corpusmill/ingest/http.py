"""The HTTP response inside a record: its header, and its body without transfer and content codings, by FastWARC."""

import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader, ZstdReader
from fastwarc.warc import HeaderMap

from corpusmill.ingest.content import BLOCK

HEADER_BYTES = 65_536
"""A longer HTTP or WARC header is broken."""
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""Bytes that text has not and a coded body soon has. ESC is ISO-2022-JP's."""
_READERS: dict[str, Callable[[io.BytesIO], Any]] = {
    "chunked": ChunkedReader,
    "gzip": GzipReader,
    "x-gzip": GzipReader,
    "br": BrotliReader,
    "zstd": ZstdReader,
}
_PLAIN = ("identity", "none", "utf-8", "")
"""Codings that are none; the third is a frequent mistake for a charset."""


class CodingError(Exception):
    """A body cannot be decoded; the message says which coding and why."""


class TooLargeError(Exception):
    """A decoded body is longer than ingest.max_record_bytes."""


@dataclass(frozen=True)
class Response:
    """What a response's header says."""

    status: int | None
    content_type: str
    codings: tuple[str, ...]
    """Transfer and content codings, the outermost first."""
    header_bytes: int


def find_header(start: bytes | bytearray) -> int:
    """Bytes of the header at the start of a record, its blank line included; -1 where none ends in HEADER_BYTES."""
    blank = start.find(b"\n\r\n", 0, HEADER_BYTES)
    bare = start.find(b"\n\n", 0, HEADER_BYTES if blank < 0 else blank + 1)
    return bare + 2 if bare >= 0 else blank + 3 if blank >= 0 else -1


@dataclass(frozen=True)
class Header:
    """A header's status, where it has a status line, and its fields by lower-case name."""

    status: int | None
    fields: dict[str, list[str]]

    def get(self, name: str) -> str | None:
        """The first value of a field."""
        values = self.fields.get(name)
        return values[0] if values else None


def parse_header(header: bytes | bytearray) -> Header:
    """A header of either line ending (FastWARC itself reads none from one with bare line feeds), its first line the status line."""
    lines = bytes(header)
    if b"\r\n" not in lines:
        lines = lines.replace(b"\n", b"\r\n")
    found = HeaderMap()
    found.parse(io.BytesIO(lines), has_status_line=True)
    fields: dict[str, list[str]] = {}
    for name, value in found.items():
        fields.setdefault(name.lower(), []).append(value)
    return Header(found.status_code, fields)


def parse_response(block: bytes | bytearray) -> Response | None:
    """The header at the start of a block; None where there is no HTTP header."""
    if block[:5].upper() != b"HTTP/":
        return None
    end = find_header(block)
    end = min(len(block), HEADER_BYTES) if end < 0 else end
    header = parse_header(block[:end])
    codings = [
        coding.strip().lower()
        for field in ("transfer-encoding", "content-encoding")
        for value in header.fields.get(field, ())[:4]
        # Content codings are listed in the order they were applied: the last is the outermost (RFC 9110 section 8.4).
        for coding in reversed(value.split(","))
    ]
    return Response(header.status, header.get("content-type") or "", tuple(codings), end)


def decode_body(body: bytearray, codings: tuple[str, ...], limit: int) -> bytearray:
    """The body without its codings. Crawlers often store it decoded and leave the header as it was: then it is taken as it is.

    Raises CodingError, and TooLargeError where more than `limit` bytes come out.
    """
    for coding in codings:
        if coding in _PLAIN:
            continue
        body = _decode(body, coding, limit)
        if len(body) > limit:
            raise TooLargeError
    return body


def _decode(body: bytearray, coding: str, limit: int) -> bytearray:
    if coding == "deflate":
        decoded, error = _inflate(body, limit)
    elif coding in _READERS:
        decoded, error = _drain(_READERS[coding](io.BytesIO(body)), limit)
    else:
        decoded, error = bytearray(), "unknown coding"
    if decoded or not error:
        # What came before a break is kept, as a browser keeps it: crawlers cut long bodies.
        return decoded
    if not _CONTROL.search(body[:512]):
        return body
    raise CodingError(f"{coding[:20]}: {error}")


def _drain(reader: Any, limit: int) -> tuple[bytearray, str]:  # noqa: ANN401 - FastWARC's readers share no base in its stubs
    decoded = bytearray()
    try:
        while len(decoded) <= limit and (block := reader.read(BLOCK)):
            decoded += block
    except OSError as error:
        return decoded, str(error)
    return decoded, ""


def _inflate(body: bytearray, limit: int) -> tuple[bytearray, str]:
    """`deflate` is zlib's format by RFC 9110 and bare deflate by habit."""
    error = ""
    for wbits in (15, -15):
        try:
            decoded = zlib.decompressobj(wbits).decompress(body, limit + 1)
        except zlib.error as failed:
            error = error or str(failed)
            continue
        if decoded:
            return bytearray(decoded), ""
    return bytearray(), error
