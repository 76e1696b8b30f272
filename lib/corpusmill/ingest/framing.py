"""How records follow each other in WARC and in ARC: where one starts, what its header says, and how long its block is."""

import io
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from warcio.recordloader import ARCHeadersParser
from warcio.statusandheaders import StatusAndHeadersParserException

from corpusmill.ingest.content import LONGEST_LINE, Content
from corpusmill.ingest.http import HEADER_BYTES, find_header, parse_header
from corpusmill.ingest.identity import bare


class BrokenRecordError(Exception):
    """A record's header cannot be read or does not fit what follows; the message says why."""


@dataclass(frozen=True)
class Head:
    """What the header of a record says. `kind`: response, resource, conversion, or other for what does not count."""

    kind: str
    block_bytes: int
    content_type: str = ""
    record_id: str | None = None
    url: str | None = None
    date: str | None = None
    digest: str | None = None


class Framing(ABC):
    """One archive format."""

    boundary: ClassVar[re.Pattern[bytes]]
    """Matches where a record starts, at the start of a line."""
    end: ClassVar[bytes]
    """What follows every block."""

    def starts_record(self, data: bytes) -> bool:
        """Whether `data` starts as a record does."""
        return bool(self.boundary.match(data))

    @abstractmethod
    def read_head(self, content: Content) -> Head:
        """Read the header of the record that starts here. Raises BrokenRecordError having read nothing, BrokenMemberError."""


class Warc(Framing):
    """WARC 1.0 and 1.1 (ISO 28500)."""

    boundary: ClassVar[re.Pattern[bytes]] = re.compile(rb"^WARC/[01]\.\d+\r?\n", re.MULTILINE)
    end: ClassVar[bytes] = b"\r\n\r\n"
    _COUNTED = ("response", "resource", "conversion")

    def read_head(self, content: Content) -> Head:
        """By FastWARC's header parser."""
        start = content.peek(4096)
        end = find_header(start)
        if end < 0:
            start = content.peek(HEADER_BYTES)
            end = find_header(start)
        if not self.starts_record(start):
            raise BrokenRecordError("there is no WARC header here")
        if end < 0:
            raise BrokenRecordError("the WARC header has no end")
        header = parse_header(start[:end])
        length = header.get("content-length") or ""
        if not (length.isascii() and length.isdigit() and len(length) < 19):
            raise BrokenRecordError(f"Content-Length is {length[:30] or 'missing'}")
        content.skip(end)
        kind = (header.get("warc-type") or "").lower()
        url = header.get("warc-target-uri")
        return Head(
            kind if kind in self._COUNTED else "other",
            int(length),
            header.get("content-type") or "",
            header.get("warc-record-id"),
            bare(url) if url else None,
            header.get("warc-date"),
            header.get("warc-payload-digest"),
        )


class Arc(Framing):
    """ARC 1 and 2 (Internet Archive): one line, `URL IP-address date type ... length`, before each block."""

    boundary: ClassVar[re.Pattern[bytes]] = re.compile(rb"^[a-z][a-z0-9+.-]{1,20}:\S.{0,8000} \d{14} .{0,2000}\d\r?$", re.MULTILINE)
    end: ClassVar[bytes] = b"\n"
    _PARSER = ARCHeadersParser()

    def read_head(self, content: Content) -> Head:
        """By warcio's ARC parser."""
        start = content.peek(LONGEST_LINE)
        line, newline, _ = start.partition(b"\n")
        if not newline or not self.starts_record(line):
            raise BrokenRecordError("there is no ARC header here")
        try:
            fields = self._PARSER.parse(io.BytesIO(line + newline))
        except (StatusAndHeadersParserException, EOFError, ValueError) as error:
            raise BrokenRecordError("the ARC header has too few fields") from error
        length = fields.get_header("length") or ""
        if not (length.isascii() and length.isdigit()):
            raise BrokenRecordError(f"the length is {length[:30] or 'missing'}")
        content.skip(len(line) + 1)
        url = fields.get_header("uri")
        kind = "other" if url.startswith(("filedesc:", "alexa:")) else "response"
        return Head(kind, int(length), fields.get_header("content-type") or "", None, url, fields.get_header("archive-date"))
