"""Parts of Common Crawl's columnar index: the records that rules pick are fetched from their WARC files by byte range and read as there."""

import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

from corpusmill.ingest.fetch import Fetched, FetchError, Patience, RangeStore
from corpusmill.ingest.http import HEADER_BYTES
from corpusmill.ingest.index_record import ChangedError, read_indexed
from corpusmill.ingest.index_rows import IndexRow, Picked, pick_rows
from corpusmill.ingest.ranges import ByteRange, coalesce, in_order
from corpusmill.ingest.rows import Item, Others, Record, Rejected
from corpusmill.settings import IngestSettings


def read_index(file: BinaryIO, _name: str, settings: IngestSettings, sleep: Callable[[float], object] | None = None) -> Iterator[Item]:
    """A document or rejected record for each row that the rules pick, by file and offset; first the rows that name no place.

    A record that could not be had is rejected as `fetch`, one that is not what the index names as `changed`, both with its WARC and offset.
    Memory: the rows that are picked, and `connections` + 2 ranges. Raises OSError where request after request failed. `sleep`: another clock
    for the waits between requests.
    """
    picked = Picked()
    yield from pick_rows(file, settings.index, picked)
    yield from _Records(settings, sleep).read(picked.rows())
    yield Others(0)


class _Records:
    """Fetches and reads the records of one part."""

    def __init__(self, settings: IngestSettings, sleep: Callable[[float], object] | None) -> None:
        rules = settings.index
        self._settings = settings
        self._store = RangeStore(rules.base, rules.timeout_seconds)
        self._stopped = threading.Event()
        self._patience = Patience(rules.retries, rules.longest_wait_seconds, sleep or self._stopped.wait)
        self._failed = 0
        """Requests in a row, in the order of the ranges, that failed for good."""
        self._version = ("", "")
        """The file of the range before and the ETag that its first range came with."""
        self._changed = ""
        """A file whose bytes were fetched a second time and were wrong again."""

    def read(self, rows: Iterator[IndexRow]) -> Iterator[Record | Rejected]:
        """The records of rows that come by file and offset."""
        rules = self._settings.index
        answers = in_order(coalesce(rows, rules.gap_bytes, rules.range_bytes), self._fetch, rules.connections)
        try:
            for found, answer in answers:
                self._count(answer)
                for row in found.rows:
                    if answer is None:
                        yield Rejected(row.offset, f"too_large: {row.length:,} bytes compressed", row.file)
                    elif isinstance(answer, FetchError):
                        yield Rejected(row.offset, f"fetch: {answer}", row.file)
                    else:
                        yield self._record(row, found, answer)
        finally:
            # A task that ends early must not sit out the waits of its requests.
            self._stopped.set()
            answers.close()

    def _fetch(self, found: ByteRange) -> Fetched | FetchError | None:
        """None for a record that is too large to hold: gzip makes nothing twice as large, so reading it would give no document."""
        size = found.end - found.start
        if size > max(self._settings.index.range_bytes, 2 * self._settings.max_record_bytes + HEADER_BYTES):
            return None
        try:
            return self._patience.until_had(lambda: self._ask(found))
        except FetchError as error:
            return error

    def _ask(self, found: ByteRange) -> Fetched:
        if self._stopped.is_set():
            raise FetchError("the task has ended", is_final=True)
        return self._store.fetch(found.warc, found.start, found.end)

    def _count(self, answer: Fetched | FetchError | None) -> None:
        """Raises OSError where request after request failed."""
        if isinstance(answer, Fetched):
            self._failed = 0
        elif isinstance(answer, FetchError) and not answer.is_final:
            self._failed += 1
            if self._failed >= self._settings.index.give_up_after:
                base = self._settings.index.base
                raise OSError(f"ingest.index.base: {self._failed} requests in a row to {base} failed, each sent several times: {answer}")

    def _record(self, row: IndexRow, found: ByteRange, fetched: Fetched) -> Record | Rejected:
        """Bytes that are not what the index names may have been damaged on the way: they are fetched once more, unless the file is known."""
        if self._version[0] != row.warc:
            self._version = (row.warc, fetched.etag)
        begin = row.offset - found.start
        try:
            return self._read(row, fetched.data[begin : begin + row.length], fetched.etag)
        except ChangedError as error:
            if self._changed == row.warc:
                return Rejected(row.offset, f"changed: {error}", row.file)
        again = self._fetch(ByteRange(row.warc, row.offset, row.end, (row,)))
        if not isinstance(again, Fetched):
            return Rejected(row.offset, f"fetch: {again}", row.file)
        try:
            return self._read(row, again.data, again.etag)
        except ChangedError as error:
            self._changed = row.warc
            return Rejected(row.offset, f"changed: {error}", row.file)

    def _read(self, row: IndexRow, data: bytes, etag: str) -> Record | Rejected:
        return read_indexed(data, row, bool(etag) and etag != self._version[1], self._settings)
