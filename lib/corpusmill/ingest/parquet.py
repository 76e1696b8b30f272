"""Parquet files: the offset of a row is its number in the file, its length is 1."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from corpusmill.ingest.fields import Rows
from corpusmill.ingest.rows import Item, Others, Rejected
from corpusmill.settings import IngestSettings

_ROWS = 256
"""Rows decoded at once."""


def read_parquet(file: BinaryIO, name: str, settings: IngestSettings) -> Iterator[Item]:
    """The rows of a Parquet file. What cannot be decoded ends the file with an error row, for Parquet has no place to resume at."""
    number = 0
    rows = Rows(name, settings)
    try:
        opened = pq.ParquetFile(file)
        leaves = [opened.schema.column(index).path for index in range(len(opened.schema))]
        missing = [path for path in rows.text if not _columns(leaves, [path])]
        if missing:
            yield Rejected(0, f"no_text: {opened.metadata.num_rows:,} rows without a column {missing[0]}")
        for batch in () if missing else opened.iter_batches(batch_size=_ROWS, columns=_columns(leaves, rows.paths)):
            columns = [_values(column) for column in batch.columns]
            for values in zip(*columns, strict=True):
                yield rows.document(dict(zip(batch.schema.names, values, strict=True)), number, 1)
                number += 1
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        # Arrow's own OSError is one of data that cannot be decoded, without a number; storage's has one or is of a class of its own.
        if isinstance(error, OSError) and (error.errno is not None or type(error) is not OSError):
            raise
        yield Rejected(number, f"broken_record: Parquet: {str(error).splitlines()[0][:200]}")
    yield Others(0)


def _columns(leaves: Sequence[str], paths: Sequence[str]) -> list[str]:
    """Of the file's columns, which have dotted paths too, those that hold what is at `paths`, and no more of a struct than that."""
    found = [path for path in paths if any(leaf == path or leaf.startswith(f"{path}.") for leaf in leaves)]
    # A column of texts may hold objects as JSON.
    texts = [leaf for leaf in leaves if any(path.startswith(f"{leaf}.") for path in paths)]
    return list(dict.fromkeys([*found, *texts]))


def _values(column: pa.Array) -> list[Any]:
    """As Python values; text that is not valid UTF-8 has U+FFFD there instead of failing."""
    if pa.types.is_struct(column.type):
        children = [_values(child) for child in column.flatten()]
        return [dict(zip(column.type.names, values, strict=True)) for values in zip(*children, strict=True)]
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
