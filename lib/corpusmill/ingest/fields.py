"""Rows of JSON lines and Parquet as documents: `text`, and where they have them `id`, `url`, `domain` and `date`."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from corpusmill.ingest.charset import stored_text
from corpusmill.ingest.identity import moment, native_id, place_id
from corpusmill.ingest.media import AS_IS
from corpusmill.ingest.rows import Record, Rejected
from corpusmill.ingest.url_filter import url_rejection
from corpusmill.settings import IngestSettings

FIELDS = ("text", "id", "url", "domain", "date")


def row_document(row: Mapping[str, Any], file: str, offset: int, length: int, settings: IngestSettings) -> Record | Rejected:
    """The document of a row, or why there is none. `file`: base name."""
    if denied := url_rejection(_text(row.get("url")), settings):
        return Rejected(offset, denied)
    text = row.get("text")
    if not isinstance(text, str):
        return Rejected(offset, f"no_text: text is {type(text).__name__ if text is not None else 'missing'}")
    stored = stored_text(text)
    if len(stored) > settings.max_record_bytes:
        return Rejected(offset, f"too_large: {len(stored):,} bytes")
    own = row.get("id")
    named = own is not None and not isinstance(own, (dict, list)) and bool(str(own).strip())
    return Record(
        native_id(settings.source or settings.snapshot, str(own)) if named else place_id(file, offset),
        offset,
        length,
        stored,
        AS_IS,
        url=_text(row.get("url")),
        domain=_text(row.get("domain")),
        fetched_at=_moment(row.get("date")),
    )


def _text(value: object) -> str | None:
    return stored_text(value).decode() if isinstance(value, str) and value else None


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        try:
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
        except OverflowError:  # The first or last hours of Python's calendar, in another zone.
            return None
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return moment(value) if isinstance(value, str) else None
