"""Which reader a file is for, by its name or by ingest.format, and its opening, local or through fsspec."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from corpusmill.errors import InputError
from corpusmill.files import is_local
from corpusmill.ingest.books import read_text
from corpusmill.ingest.code import read_code
from corpusmill.ingest.epub import read_epub
from corpusmill.ingest.index import read_index
from corpusmill.ingest.jsonl import read_jsonl
from corpusmill.ingest.latex import read_latex
from corpusmill.ingest.mediawiki import read_mediawiki
from corpusmill.ingest.parquet import read_parquet
from corpusmill.ingest.records import read_arc, read_warc
from corpusmill.ingest.rows import Item
from corpusmill.ingest.stackexchange import read_stackexchange
from corpusmill.paths import filesystem
from corpusmill.settings import IngestSettings

Reader = Callable[[BinaryIO, str, IngestSettings], Iterator[Item]]
_READERS: tuple[tuple[str, re.Pattern[str], Reader], ...] = (
    ("warc", re.compile(r"\.arc(\.gz)?$"), read_arc),
    ("warc", re.compile(r"\.(warc|wet|wat)(\.gz|\.zst)?$"), read_warc),
    ("jsonl", re.compile(r"\.(jsonl|ndjson|json)(\.gz|\.zst)?$"), read_jsonl),
    ("parquet", re.compile(r"\.(parquet|parq)$"), read_parquet),
    ("code", re.compile(r"\.(zip|tgz|tar(\.gz|\.zst)?)$"), read_code),
    ("stackexchange", re.compile(r"(^|[-_.])posts\.xml(\.gz|\.bz2|\.zst)?$"), read_stackexchange),
    # Wikimedia's parts are named …-pages-articles1.xml-p1p41242.bz2.
    ("mediawiki", re.compile(r"\.xml(-p\d+p\d+)?(\.gz|\.bz2|\.zst)?$"), read_mediawiki),
    ("latex", re.compile(r"\.tex(\.gz)?$"), read_latex),
    ("text", re.compile(r"\.txt(\.gz|\.bz2|\.zst)?$"), read_text),
    ("epub", re.compile(r"\.epub$"), read_epub),
)
_BY_FORMAT: dict[str, Reader] = {
    "warc": read_warc,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
    "code": read_code,
    "cc_index": read_index,
    "mediawiki": read_mediawiki,
    "stackexchange": read_stackexchange,
    "latex": read_latex,
    "text": read_text,
    "epub": read_epub,
}
_BUFFER = 1_048_576


def find_reader(name: str, setting: str) -> Reader:
    """The reader for a file of base name `name`. `setting`: ingest.format, `auto` to go by the name.

    Raises InputError where the name is of no known format.
    """
    for format_, pattern, reader in _READERS:
        if setting in ("auto", format_) and pattern.search(name.lower()):
            return reader
    if setting in _BY_FORMAT:
        return _BY_FORMAT[setting]
    raise InputError(
        f"{name}: no known format. Known: .warc .arc .wet .jsonl .json .txt .tex .xml Posts.xml .tar (also .gz, some .bz2 or .zst) .parquet .zip "
        f".tgz .epub; set ingest.format to read it as one of {', '.join(_BY_FORMAT)}"
    )


def read_records(path: str, settings: IngestSettings) -> Iterator[Item]:
    """Everything in a file, in order: documents, rejected records, and last the count of what is neither.

    Raises InputError for a file of no known format; what storage raises goes on to the caller, who tries again.
    """
    name = base_name(path)
    reader = find_reader(name, settings.format)
    with closing(_open(path)) as file:
        yield from reader(file, name, settings)


def base_name(path: str) -> str:
    """The last part of a path or URL."""
    return path.rstrip("/").rpartition("/")[2]


def _open(path: str) -> BinaryIO:
    found, inner = filesystem(path)
    opened: BinaryIO = Path(inner).open("rb", buffering=_BUFFER) if is_local(path) else found.open(inner, "rb")  # noqa: SIM115 - its reader closes it
    return opened
