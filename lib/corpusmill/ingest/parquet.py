"""Parquet files with a `text` column; the offset of a row is its number in the file, its length is 1."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from corpusmill.ingest.fields import FIELDS, row_document
from corpusmill.ingest.rows import Item, Others, Rejected
from corpusmill.settings import IngestSettings

_ROWS = 256
"""Rows decoded at once."""


def read_parquet(file: BinaryIO, name: str, settings: IngestSettings) -> Iterator[Item]:
    """The rows of a Parquet file. What cannot be decoded ends the file with an error row, for Parquet has no place to resume at."""
    number = 0
    try:
        opened = pq.ParquetFile(file)
        wanted = [field for field in FIELDS if field in opened.schema_arrow.names]
        if "text" not in wanted:
            yield Rejected(0, f"no_text: {opened.metadata.num_rows:,} rows without a column text")
            wanted = []
        for batch in opened.iter_batches(batch_size=_ROWS, columns=wanted) if wanted else ():
            columns = {field: _values(batch.column(field)) for field in wanted}
            for index in range(batch.num_rows):
                yield row_document({field: columns[field][index] for field in wanted}, name, number, 1, settings)
                number += 1
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        # Arrow's own OSError is one of data that cannot be decoded, without a number; storage's has one or is of a class of its own.
        if isinstance(error, OSError) and (error.errno is not None or type(error) is not OSError):
            raise
        yield Rejected(number, f"broken_record: Parquet: {str(error).splitlines()[0][:200]}")
    yield Others(0)


def _values(column: pa.Array) -> list[Any]:
    """As Python values; text that is not valid UTF-8 has U+FFFD there instead of failing."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return [None if value is None else value.decode("utf-8", "replace") for value in column.cast(pa.large_binary()).to_pylist()]
    try:
        return list(column.to_pylist())
    except (OverflowError, ValueError):  # Arrow's years reach further than Python's.
        return [_value(scalar) for scalar in column]


def _value(scalar: pa.Scalar) -> Any:  # noqa: ANN401 - of any type
    """As a Python value, None where Python has none."""
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        return None
