"""Benchmarks as JSON lines, each line an item whose chosen fields are what is looked for."""

import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterator

from corpusmill.errors import InputError
from corpusmill.files import read_file
from corpusmill.settings import BenchmarkSettings


def benchmark_digest(benchmark: BenchmarkSettings) -> str:
    """sha256 of the file, hex. Raises InputError where there is none."""
    return hashlib.sha256(_content(benchmark)).hexdigest()


def read_items(benchmark: BenchmarkSettings) -> list[str]:
    """The text of each item, by its line number from 0: the fields joined by a space, "" for an empty line.

    Plain or gzipped by the content, not by the name. Raises InputError naming file, line and field where one is missing or is no text.
    """
    content = _content(benchmark)
    try:
        data = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        text = data.decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise InputError(f"benchmark {benchmark.name}: {benchmark.path} is not JSON lines in UTF-8, plain or gzipped: {error}") from error
    return [_item_text(benchmark, number, line) for number, line in enumerate(_lines(text))]


def _content(benchmark: BenchmarkSettings) -> bytes:
    try:
        return read_file(benchmark.path)
    except InputError as error:
        raise InputError(f"benchmark {benchmark.name}: {error}; mend contamination.benchmarks") from error


def _lines(text: str) -> Iterator[str]:
    """Lines as JSON lines end them: str.splitlines would also cut at U+2028, which JSON strings may hold."""
    return (line.rstrip("\r\n") for line in io.StringIO(text, newline="\n"))


def _item_text(benchmark: BenchmarkSettings, number: int, line: str) -> str:
    if not line.strip():
        return ""
    where = f"benchmark {benchmark.name}: {benchmark.path} line {number + 1}"
    try:
        item = json.loads(line)
    except ValueError as error:
        raise InputError(f"{where} is not JSON: {error}") from error
    if not isinstance(item, dict):
        raise InputError(f"{where} is not a JSON object")
    return " ".join(_field_text(item, field, where) for field in benchmark.fields)


def _field_text(item: dict[str, object], field: str, where: str) -> str:
    """A text, or a list of texts (answer options) joined by spaces."""
    value = item.get(field)
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return " ".join(value)
    found = "has no field" if field not in item else "holds no text in field"
    raise InputError(f"{where} {found} '{field}'; its fields: {', '.join(map(str, item))}")
