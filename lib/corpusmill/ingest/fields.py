"""Rows of JSON lines and Parquet as documents: what the fields of a row are, ingest.schema and ingest.fields say."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from corpusmill.ingest.charset import stored_text
from corpusmill.ingest.identity import moment, native_id, place_id, record_id
from corpusmill.ingest.licences import Licences
from corpusmill.ingest.media import AS_IS
from corpusmill.ingest.rows import Record, Rejected
from corpusmill.ingest.schemas import schema_of
from corpusmill.ingest.url_filter import url_rejection
from corpusmill.settings import IngestSettings

_WARC_RECORD_ID = re.compile(r"<?urn:uuid:[0-9A-Fa-f-]{36}>?")
"""As crawls name their records; data sets made from crawls keep it."""


class Rows:
    """The rows of one file."""

    def __init__(self, file: str, settings: IngestSettings) -> None:
        """`file`: base name."""
        self._file = file
        self._settings = settings
        self._schema = schema_of(settings)
        self._source = settings.source or settings.snapshot
        self._licences = Licences(settings.licenses)

    @property
    def text(self) -> Sequence[str]:
        """The fields that a row must have."""
        return self._schema.text

    @property
    def paths(self) -> Sequence[str]:
        """All the fields that are looked at, dotted where they lie inside others."""
        return self._schema.paths()

    def document(self, row: Mapping[str, Any], offset: int, length: int) -> Record | Rejected:
        """The document of a row, or why there is none."""
        schema = self._schema
        url = _text(_first(row, schema.url))
        if denied := url_rejection(url, self._settings):
            return Rejected(offset, denied)
        texts = [_find(row, path) for path in schema.text]
        for path, text in zip(schema.text, texts, strict=True):
            if not isinstance(text, str):
                return Rejected(offset, f"no_text: {path} is {type(text).__name__ if text is not None else 'missing'}")
        stored = stored_text("\n\n".join(texts))
        found = {name: _words(_first(row, paths)) for name, paths in schema.attributes.items()}
        attributes = {name: words for name, words in found.items() if words}
        size = len(stored) + sum(map(len, attributes.values()))
        if size > self._settings.max_record_bytes:
            return Rejected(offset, f"too_large: {size:,} bytes")
        if refused := self._licences.refuse(attributes.get("licence")):
            return Rejected(offset, refused)
        return Record(
            self._doc_id(_first(row, schema.id), offset),
            offset,
            length,
            stored,
            AS_IS,
            url=url,
            domain=_text(_first(row, schema.domain)) or schema.kind,
            fetched_at=_moment(_first(row, schema.date)),
            attributes=attributes,
        )

    def _doc_id(self, own: object, offset: int) -> str:
        """A page of a crawl has the id that it has in the crawl, so that both are seen to be one."""
        if own is None or isinstance(own, (dict, list)) or not str(own).strip():
            return place_id(self._file, offset)
        return record_id(str(own)) if _WARC_RECORD_ID.fullmatch(str(own)) else native_id(self._source, str(own))


def _first(row: Mapping[str, Any], paths: Sequence[str]) -> Any:  # noqa: ANN401 - of any type
    return next((value for path in paths if (value := _find(row, path)) is not None), None)


def _find(row: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - of any type
    """What is at a path, None where nothing is. A name may have a dot in itself; an object may be a text of JSON."""
    found = row.get(path)
    if found is not None or "." not in path:
        return found
    head, _, rest = path.partition(".")
    inside = row.get(head)
    if isinstance(inside, str):
        inside = _parsed(inside)
    return _find(inside, rest) if isinstance(inside, Mapping) else None


@lru_cache(maxsize=1)
def _parsed(text: str) -> Any:  # noqa: ANN401 - of any type
    """A text of JSON; None where it is none. The last one is kept, for a row's fields lie in one text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _words(value: object) -> str:
    """A value as an attribute: texts of a list with commas between them, other things as JSON; empty for nothing."""
    if value is None or value == []:
        return ""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = ", ".join(value)
    if isinstance(value, date):
        value = value.isoformat()
    if not isinstance(value, str):
        value = repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False, default=str)
    return stored_text(value).decode()


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
