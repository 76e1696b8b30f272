"""The rows of a part of Common Crawl's columnar index that the rules pick, by the place of their records."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpusmill.ingest.index_rules import IndexRule, index_rules
from corpusmill.ingest.rows import Rejected
from corpusmill.settings import IndexSettings

_PLACE = ("warc_filename", "warc_record_offset", "warc_record_length", "url")
_DIGEST = "content_digest"
_ROWS = 16_384
"""Rows decoded at once."""
_UNSAFE = frozenset("\\?#%") | {chr(code) for code in range(32)}
"""Characters by which a name would spell another path or URL. An empty part, as in https:// or at the start, is refused for the same reason."""


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A record as the index names it."""

    warc: str
    """Below ingest.index.base."""
    offset: int
    length: int
    url: str
    digest: str
    """Of the payload; empty where the index has none."""

    @property
    def end(self) -> int:
        """Where the record ends in the file."""
        return self.offset + self.length

    @property
    def file(self) -> str:
        """The WARC's base name."""
        return self.warc.rpartition("/")[2]


class Picked:
    """The rows that were picked, kept as Arrow until they are asked for in the order of their places."""

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        """Each file once: a part has as many names as rows, of 140 bytes each."""
        self._codes: list[np.ndarray[Any, Any]] = []
        self._rows: list[pa.Table] = []

    def add(self, rows: pa.Table, numbers: np.ndarray[Any, Any]) -> Iterator[Rejected]:
        """Keep rows of file, offset, length, URL and digest; give back those that name no place. `numbers`: theirs in the part."""
        names, offsets, lengths = (_values(rows.column(index)) for index in range(3))
        good = [_is_place(*place) for place in zip(names, offsets, lengths, strict=True)]
        for row, ok in enumerate(good):
            if not ok:
                place = f"{str(names[row])[:100]!r}, offset {offsets[row]}, length {lengths[row]}"
                yield Rejected(int(numbers[row]), f"no_place: the index names no byte range below ingest.index.base: {place}")
        codes = [self._names.setdefault(name, len(self._names)) for name, ok in zip(names, good, strict=True) if ok]
        if codes:
            self._codes.append(np.array(codes, np.int32))
            self._rows.append(rows.filter(pa.array(good, pa.bool_())).drop_columns([_PLACE[0]]))

    def rows(self) -> Iterator[IndexRow]:
        """By file, offset and length."""
        if not self._rows:
            return
        table = pa.concat_tables(self._rows)
        names = sorted(self._names)
        rank = np.empty(len(names), np.int32)
        rank[[self._names[name] for name in names]] = np.arange(len(names))
        codes = rank[np.concatenate(self._codes)]
        order = np.lexsort((table.column(1).to_numpy(), table.column(0).to_numpy(), codes))
        for start in range(0, len(order), _ROWS):
            some = order[start : start + _ROWS]
            columns = [_values(column) for column in table.take(pa.array(some)).columns]
            for code, offset, length, url, digest in zip(codes[some], *columns, strict=True):
                yield IndexRow(names[code], offset, length, url or "", digest or "")


def pick_rows(file: BinaryIO, settings: IndexSettings, picked: Picked) -> Iterator[Rejected]:
    """Put into `picked` the rows of a part that the rules pick; give back those that cannot be read.

    Row groups whose statistics exclude every row are not read. What cannot be decoded ends the file. Raises what storage raises.
    """
    rules, number = index_rules(settings), 0
    try:
        part = pq.ParquetFile(file)
        named = Counter(part.schema_arrow.names)
        columns = {name for name, times in named.items() if times == 1}
        if missing := _missing(columns, rules):
            yield Rejected(0, f"no_index: {part.metadata.num_rows:,} rows without the columns {', '.join(missing)}")
            return
        wanted = sorted(columns & {*_PLACE, _DIGEST, *(name for rule in rules for name in rule.columns)})
        for group in range(part.metadata.num_row_groups):
            about = part.metadata.row_group(group)
            if not _may_hold(about, rules):
                number += about.num_rows
                continue
            for batch in part.iter_batches(_ROWS, [group], wanted, use_threads=False):
                yield from picked.add(*_pick(batch, number, rules))
                number += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        # Arrow's own OSError is one of data that cannot be decoded, without a number; storage's has one or is of a class of its own.
        if isinstance(error, OSError) and (error.errno is not None or type(error) is not OSError):
            raise
        yield Rejected(number, f"broken_record: Parquet: {str(error).splitlines()[0][:200]}")


def _missing(columns: set[str], rules: Sequence[IndexRule]) -> list[str]:
    return sorted((set(_PLACE) - columns) | {rule.columns[0] for rule in rules if not columns & {*rule.columns}})


def _may_hold(group: Any, rules: Sequence[IndexRule]) -> bool:  # noqa: ANN401 - pyarrow has no types
    """Whether the statistics of a row group leave a row that every rule keeps."""
    bounds = {}
    for index in range(group.num_columns):
        column = group.column(index)
        if column.is_stats_set and column.statistics.has_min_max:
            bounds[column.path_in_schema] = (column.statistics.min, column.statistics.max)
    kinds = {rule.bounded: int if rule.type == pa.int64() else str for rule in rules}
    known = {name: found for name, found in bounds.items() if name in kinds and isinstance(found[0], kinds[name])}
    return all(rule.bounded not in known or rule.may_hold(*known[rule.bounded]) for rule in rules)


def _pick(batch: pa.RecordBatch, first: int, rules: Sequence[IndexRule]) -> tuple[pa.Table, np.ndarray[Any, Any]]:
    """Place and digest of the rows that every rule keeps, and their numbers; `first`: that of the batch's first row."""
    numbers = np.arange(first, first + batch.num_rows)
    for rule in rules:
        values = [_column(batch, name, rule.type) for name in rule.columns if name in batch.schema.names]
        keeps = pc.fill_null(rule.keeps(pc.coalesce(*values)), False)
        batch, numbers = batch.filter(keeps), numbers[keeps.to_numpy(zero_copy_only=False)]
    types = (pa.string(), pa.int64(), pa.int64(), pa.large_string())
    columns = {name: _column(batch, name, type_) for name, type_ in zip(_PLACE, types, strict=True)}
    has_digest = _DIGEST in batch.schema.names
    columns[_DIGEST] = _column(batch, _DIGEST, pa.large_string()) if has_digest else pa.nulls(batch.num_rows, pa.large_string())
    return pa.table(columns), numbers


def _column(batch: pa.RecordBatch, name: str, type_: pa.DataType) -> pa.Array:
    column = batch.column(name)
    return (column.dictionary_decode() if pa.types.is_dictionary(column.type) else column).cast(type_)


def _values(column: pa.ChunkedArray) -> list[Any]:
    """As Python values; text that is not valid UTF-8 has U+FFFD there instead of failing."""
    if pa.types.is_integer(column.type):
        return list(column.to_pylist())
    return [None if value is None else value.decode("utf-8", "replace") for value in column.cast(pa.large_binary()).to_pylist()]


def _is_place(name: str | None, offset: int | None, length: int | None) -> bool:
    """Whether these name bytes of a file that, joined to a base, cannot leave it."""
    if not name or offset is None or length is None or offset < 0 or length <= 0 or offset + length >= 2**63:
        return False
    return _UNSAFE.isdisjoint(name) and all(part not in ("", ".", "..") for part in name.split("/"))
