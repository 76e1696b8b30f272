"""The bytes of one record that an index names, as a document; or why they are not what it names."""

import io

from corpusmill.ingest.content import BrokenMemberError, Content
from corpusmill.ingest.framing import BrokenRecordError, Head, Warc
from corpusmill.ingest.index_rows import IndexRow
from corpusmill.ingest.members import GZIP, gzip_blocks
from corpusmill.ingest.records import read_member
from corpusmill.ingest.rows import Record, Rejected
from corpusmill.settings import IngestSettings

_WARC = Warc()
_BROKEN = "broken_record: "


class ChangedError(Exception):
    """The bytes are not the record that the index names; the message says how that shows."""


def read_indexed(data: bytes, row: IndexRow, other_version: bool, settings: IngestSettings) -> Record | Rejected:
    """What the whole WARC gives for the record. `other_version`: the file has another ETag than it had before.

    Raises ChangedError where the bytes are no gzip member of one record, or that of another URL or payload. An equal digest proves the record
    whatever became of the file around it; without digests another version of the file is taken for a changed one.
    """
    if len(data) < row.length:
        raise ChangedError(f"the file ends after {len(data):,} of the record's {row.length:,} bytes")
    if not data.startswith(GZIP):
        raise ChangedError("no gzip member here")
    head = _head(data)
    if head.url != row.url:
        raise ChangedError(f"the record is of {(head.url or 'no URL')[:200]}")
    is_proven = _same_digest(head.digest, row.digest)
    file = io.BytesIO(data)
    content = Content(row.offset, gzip_blocks(file), lambda: row.offset + file.tell())
    item = next(read_member(content, row.file, settings, _WARC), None)
    if not isinstance(item, Record | Rejected):
        return Rejected(row.offset, "type: neither response nor resource nor conversion", row.file)
    if isinstance(item, Rejected) and item.error.startswith(_BROKEN):
        raise ChangedError(item.error.removeprefix(_BROKEN))
    if isinstance(item, Record) and not is_proven:
        is_proven = _same_digest(item.digest, row.digest)
    if other_version and not is_proven:
        raise ChangedError("the file's ETag is another than before")
    item.file = row.file
    return item


def _head(data: bytes) -> Head:
    content = Content(0, gzip_blocks(io.BytesIO(data)), lambda: 0)
    try:
        content.skip_newlines()
        return _WARC.read_head(content)
    except (BrokenRecordError, BrokenMemberError) as error:
        raise ChangedError(str(error)) from error


def _same_digest(found: str | None, named: str) -> bool:
    """Whether both are there and of one form. Raises ChangedError where they are and differ."""
    one, other = ((digest or "").rpartition(":")[2].upper() for digest in (found, named))
    if not one or len(one) != len(other):
        return False
    if one != other:
        raise ChangedError(f"the payload's digest is {one[:64]}")
    return True
