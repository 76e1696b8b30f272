"""Index rows as few byte ranges, and work on many ranges at once whose results come in order."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from corpusmill.ingest.index_rows import IndexRow

Piece = TypeVar("Piece")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The bytes [start, end) of a file, and the records in them."""

    warc: str
    start: int
    end: int
    rows: tuple[IndexRow, ...]


def coalesce(rows: Iterable[IndexRow], gap: int, most: int) -> Iterator[ByteRange]:
    """Ranges over records of one file that are at most `gap` bytes apart, each of at most `most` bytes or one record.

    `rows` come by file and offset; records may be named twice or overlap.
    """
    together: list[IndexRow] = []
    end = 0
    for row in rows:
        first = together[0] if together else row
        fits = row.warc == first.warc and row.offset <= end + gap and max(end, row.end) - first.offset <= most
        if together and not fits:
            yield ByteRange(first.warc, first.offset, end, tuple(together))
            together, end = [], 0
        together.append(row)
        end = max(end, row.end)
    if together:
        yield ByteRange(together[0].warc, together[0].offset, end, tuple(together))


def in_order(pieces: Iterable[Piece], work: Callable[[Piece], Result], threads: int) -> Generator[tuple[Piece, Result], None, None]:
    """Each piece with what `work` gives for it, in the order of the pieces; at most `threads` are in work and one more waits to be taken."""
    waiting: deque[tuple[Piece, Future[Result]]] = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for piece in pieces:
            waiting.append((piece, pool.submit(work, piece)))
            if len(waiting) > threads:
                first, result = waiting.popleft()
                yield first, result.result()
        while waiting:
            first, result = waiting.popleft()
            yield first, result.result()
    finally:
        pool.shutdown(cancel_futures=True)
