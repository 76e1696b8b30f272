"""The records of WARC and ARC files, one after the other; a broken one is reported and reading resumes at the next."""

from collections.abc import Iterator
from typing import BinaryIO

from corpusmill.ingest.child import ExtractionError
from corpusmill.ingest.content import BLOCK, LONGEST_LINE, BrokenMemberError, Content
from corpusmill.ingest.framing import Arc, BrokenRecordError, Framing, Head, Warc
from corpusmill.ingest.http import HEADER_BYTES, CodingError, TooLargeError, decode_body, parse_response
from corpusmill.ingest.identity import capture_id, moment, payload_digest, place_id, record_id
from corpusmill.ingest.media import extract_text, is_read, media_type
from corpusmill.ingest.members import members
from corpusmill.ingest.rows import Item, Others, Record, Rejected
from corpusmill.ingest.url_filter import url_rejection
from corpusmill.settings import IngestSettings

_READ_AGAIN = 16_000_000
"""Bytes of a member, beyond its own size, that may be read a second time: headers that lie about a length follow each other every 50 bytes."""


class _NoDocumentError(Exception):
    """A whole record that gives no document; the message is its `kind: what was found`."""


def read_warc(file: BinaryIO, name: str, settings: IngestSettings) -> Iterator[Item]:
    """The records of a WARC file, plain, gzip or zstd. `name` is its base name."""
    return _read_archive(file, name, settings, Warc())


def read_arc(file: BinaryIO, name: str, settings: IngestSettings) -> Iterator[Item]:
    """The records of an ARC file, plain or gzip."""
    return _read_archive(file, name, settings, Arc())


def _read_archive(file: BinaryIO, name: str, settings: IngestSettings, framing: Framing) -> Iterator[Item]:
    others = 0
    for member in members(file, name, framing.starts_record):
        if isinstance(member, tuple):
            yield Rejected(member[0], f"broken_record: {member[1]}")
            continue
        for item in read_member(member, name, settings, framing):
            if item is None:
                others += 1
            else:
                yield item
            # The consumer has the item now; a long text must not live on here while the next one is read.
            del item
    yield Others(others)


def read_member(content: Content, name: str, settings: IngestSettings, framing: Framing) -> Iterator[Item | None]:
    """The records of one member of the file of base name `name`; None for each record that does not count."""
    while True:
        # The first record of a gzip member is where the member is; where there are more, they are told apart by their place in its content.
        offset = content.offset + content.position
        try:
            content.skip_newlines()
            if content.ended():
                return
            offset = content.offset + content.position
            yield _read_record(content, offset, name, settings, framing)
        except (BrokenRecordError, BrokenMemberError) as error:
            yield Rejected(offset, f"broken_record: {error}")
            if not _resume(content, framing):
                return


def _read_record(content: Content, offset: int, name: str, settings: IngestSettings, framing: Framing) -> Item | None:
    """One whole record: the block, what follows it, then its text. Raises BrokenRecordError, BrokenMemberError."""
    begin = content.position
    head = framing.read_head(content)
    if content.size is not None and head.block_bytes > content.size - content.position:
        raise BrokenRecordError(f"the header says {head.block_bytes:,} bytes, the file has {content.size - content.position:,} more")
    if head.block_bytes > settings.max_record_bytes + HEADER_BYTES:
        start = bytearray(content.peek(min(head.block_bytes, HEADER_BYTES)))
        content.skip(head.block_bytes)
        _check_end(content, None, framing)
        return None if head.kind == "other" else Rejected(offset, _why_not(head, start, settings))
    block = content.read(head.block_bytes)
    _check_end(content, block, framing)
    if head.kind == "other":
        return None
    whole = begin == 0 and content.ended()
    length = content.file_length() if whole else content.position - begin
    try:
        return _document(head, block, name, offset, length, settings)
    except _NoDocumentError as error:
        return Rejected(offset, str(error))


def _check_end(content: Content, block: bytearray | None, framing: Framing) -> None:
    """After a block comes what ends a record, or at least the next record or the end of the member, whose check sum is thereby tested.

    Raises BrokenRecordError, having given the block back, for the next record may start inside it (but not so often that the time is no
    longer linear); BrokenMemberError.
    """
    end = content.position
    whole = content.peek(len(framing.end)) == framing.end
    content.skip_newlines()
    if content.ended() or whole or framing.starts_record(content.peek(LONGEST_LINE)):
        return
    if block is not None and content.given_back < _READ_AGAIN + content.position:
        content.give_back(block + b"\n" * (content.position - end))
    raise BrokenRecordError("the record does not end where its length says")


def _resume(content: Content, framing: Framing) -> bool:
    """Move to the next place in the member where a record starts; False where there is none."""
    try:
        content.skip(1)
        while window := content.peek(BLOCK):
            if found := framing.boundary.search(window):
                content.skip(found.start())
                return True
            # A record's first line may lie across two windows.
            content.skip(len(window) if len(window) < BLOCK else BLOCK - LONGEST_LINE)
    except BrokenMemberError:
        pass
    return False


def _why_not(head: Head, start: bytearray, settings: IngestSettings) -> str:
    """The reason of a record that is too large to hold: its status or type, which its header shows, else its size."""
    try:
        _media(head, start, settings)
    except _NoDocumentError as error:
        return str(error)
    return f"too_large: {head.block_bytes:,} bytes"


def _media(head: Head, block: bytearray, settings: IngestSettings) -> tuple[str, tuple[str, ...], int]:
    """Content type, codings and where the payload starts. Raises _NoDocumentError for what is not read."""
    content_type, begin = head.content_type, 0
    codings: tuple[str, ...] = ()
    if head.kind == "response":
        response = parse_response(block)
        if response is None:
            media = media_type(head.content_type)
            raise _NoDocumentError(f"type: {media} without HTTP header" if is_read(media) else f"type: {media or 'none'}")
        if response.status not in settings.statuses:
            raise _NoDocumentError(f"http_status: {response.status or 'none'}")
        content_type, codings, begin = response.content_type, response.codings, response.header_bytes
    media = media_type(content_type)
    if not is_read(media):
        raise _NoDocumentError(f"type: {media or 'none'}")
    return content_type, codings, begin


def _document(head: Head, block: bytearray, name: str, offset: int, length: int, settings: IngestSettings) -> Record:
    """The document of a record, whose `block` is used up. Raises _NoDocumentError."""
    content_type, codings, begin = _media(head, block, settings)
    if denied := url_rejection(head.url, settings):
        raise _NoDocumentError(denied)
    del block[:begin]
    digest = head.digest or payload_digest(block)
    if len(block) > settings.max_record_bytes:
        raise _NoDocumentError(f"too_large: {len(block):,} bytes")
    try:
        block = decode_body(block, codings, settings.max_record_bytes)
    except CodingError as error:
        raise _NoDocumentError(f"coding: {error}") from error
    except TooLargeError as error:
        raise _NoDocumentError(f"too_large: more than {settings.max_record_bytes:,} bytes decoded") from error
    try:
        text, extraction = extract_text(block, content_type, settings)
    except ExtractionError as error:
        raise _NoDocumentError(f"extraction: {error}") from error
    return Record(
        _doc_id(head, digest, name, offset),
        offset,
        length,
        text,
        extraction,
        url=head.url,
        fetched_at=moment(head.date),
        digest=digest,
    )


def _doc_id(head: Head, digest: str, name: str, offset: int) -> str:
    if head.record_id:
        return record_id(head.record_id)
    if head.url and head.date:
        return capture_id(head.url, head.date, digest)
    return place_id(name, offset)
