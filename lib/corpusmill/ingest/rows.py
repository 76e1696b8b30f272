"""What reading a file gives: documents, rejected records and a count of the rest, as Arrow batches of one schema."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from corpusmill.ingest.identity import host_of, text_digest
from corpusmill.tables import Table, declare

BATCH_BYTES = 16_000_000
"""Text in one Arrow batch; a longer document has a batch of its own (DESIGN section 6)."""
BATCH_ROWS = 4096
"""Rejected records have no text, so rows are bounded too."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What turned a record into text."""

    name: str
    version: str
    options: str
    """Its options as JSON."""


@dataclass(slots=True)
class Record:
    """One document. `offset` and `length` are bytes in the file, or as its format's module says."""

    doc_id: str
    offset: int
    length: int
    text: bytes
    """Valid UTF-8 without NUL."""
    extraction: Extraction
    url: str | None = None
    domain: str | None = None
    fetched_at: datetime | None = None
    digest: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    """What the source says of the document itself: title, licence, language, score."""
    file: str = ""
    """Base name of the file that holds the record; empty: the file that is read."""


@dataclass(slots=True)
class Rejected:
    """A record that gave no document, or a place where there should have been one."""

    offset: int
    error: str
    """`kind: what was found`."""
    file: str = ""
    """As in Record."""


@dataclass(slots=True)
class Others:
    """How many records of the file are of types that do not count. Comes once, last."""

    count: int


Item = Record | Rejected | Others


class Records(Table):
    """The columns of the data source: `error` is null for documents, `other` is set in each file's last row alone."""

    name = "records"
    doc_id = declare("string", "32 hex characters; null for rejected records")
    domain = declare("string", "null where the file does not say")
    url = declare("string", "target URI")
    host = declare("string", "its host in lower case")
    fetched_at = declare("timestamp", "when it was crawled")
    text = declare("string", "valid UTF-8 without NUL")
    text_digest = declare("binary", "sha256 of text")
    extraction = declare("struct<name:string,version:string,options:string>", "what turned the record into text")
    input = declare("string", "base name of the file that was read")
    number = declare("bigint", "place of the row among those of the input, from 0")
    file = declare("string", "base name of the file that holds the record: the input, or what an index points into")
    offset = declare("bigint", "where the record starts")
    length = declare("bigint", "its bytes in the file")
    digest = declare("string", "of the payload, as its header says, else sha1")
    attributes = declare("map<string,string>", "what the source says of the document: title, licence, language; null for rejected records")
    error = declare("string", "why there is no document; null for documents")
    other = declare("bigint", "records of types that do not count")


_EXTRACTION = pa.struct([("name", pa.string()), ("version", pa.string()), ("options", pa.string())])
_ARROW = {
    "string": pa.string(),
    "binary": pa.binary(),
    "bigint": pa.int64(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    Records.extraction.type: _EXTRACTION,
    Records.attributes.type: pa.map_(pa.string(), pa.string()),
}
SCHEMA = pa.schema([pa.field(str(column), _ARROW[column.type]) for column in Records.columns()])


def record_batches(items: Iterable[Item], input_: str) -> Iterator[pa.RecordBatch]:
    """Pack what was read from the file of base name `input_` into batches of at most BATCH_BYTES of text and BATCH_ROWS rows.

    The iterator is advanced only after a full batch has gone out and its rows are released.
    """
    rows: list[tuple[Any, ...]] = []
    size = 0
    number = 0
    for item in items:
        grown = len(item.text) + sum(map(len, item.attributes.values())) if isinstance(item, Record) else 0
        if rows and (size + grown > BATCH_BYTES or len(rows) >= BATCH_ROWS):
            yield _batch(rows)
            rows, size = [], 0
        rows.append(_row(item, input_, number))
        number += 1  # noqa: SIM113 - enumerate would keep the last item, and its text, alive
        size += grown
        del item
    if rows:
        yield _batch(rows)


def _batch(rows: list[tuple[Any, ...]]) -> pa.RecordBatch:
    columns = [pa.array(values, type=field.type) for values, field in zip(zip(*rows, strict=True), SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _row(item: Item, input_: str, number: int) -> tuple[Any, ...]:
    """In the order of SCHEMA."""
    if isinstance(item, Others):
        return (*(None,) * 8, input_, number, input_, None, None, None, None, None, item.count)
    file = item.file or input_
    if isinstance(item, Rejected):
        return (*(None,) * 8, input_, number, file, item.offset, None, None, None, item.error, None)
    made_by = item.extraction
    return (
        item.doc_id,
        item.domain,
        item.url,
        host_of(item.url),
        item.fetched_at,
        item.text,
        text_digest(item.text),
        {"name": made_by.name, "version": made_by.version, "options": made_by.options},
        input_,
        number,
        file,
        item.offset,
        item.length,
        item.digest,
        list(item.attributes.items()),
        None,
        None,
    )
