"""JSON lines, plain, gzip or zstd: one object a line; offsets count bytes of the decompressed text."""

import json
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from corpusmill.ingest.content import BLOCK
from corpusmill.ingest.fields import Rows
from corpusmill.ingest.members import member_blocks
from corpusmill.ingest.rows import Item, Others, Record, Rejected
from corpusmill.settings import IngestSettings

_ESCAPED = 6
"""JSON may write each character as six (backslash, u and four digits)."""


def read_jsonl(file: BinaryIO, name: str, settings: IngestSettings) -> Iterator[Item]:
    """The rows of a JSON lines file. Blank lines count as nothing; a line that is no object with a text is rejected."""
    rows = Rows(name, settings)
    limit = settings.max_record_bytes * _ESCAPED + BLOCK
    for offset, line in text_lines(member_blocks(file, name, _starts_rows), limit):
        if isinstance(line, str):
            yield Rejected(offset, line)
        elif line.strip():
            yield _row(line, offset, rows)
    yield Others(0)


def _row(line: bytes, offset: int, rows: Rows) -> Record | Rejected:
    try:
        row = json.loads(line.removeprefix(b"\xef\xbb\xbf") if offset == 0 else line)
    except (ValueError, RecursionError) as error:
        # The decoder's message quotes the line; where it stopped says enough.
        place = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        return Rejected(offset, f"broken_record: not JSON{place}")
    if not isinstance(row, dict):
        return Rejected(offset, f"no_text: the line is a JSON {type(row).__name__}, not an object")
    return rows.document(row, offset, len(line))


def text_lines(blocks: Iterable[bytes | str], limit: int) -> Iterator[tuple[int, bytes | str]]:
    """Each line with its offset; in its place an error where it is longer than `limit` bytes or where its bytes broke off (a block that is one)."""
    start = 0
    held = bytearray()
    dropping = False
    for block in blocks:
        if isinstance(block, str):
            yield start, f"broken_record: {block}"
            start, held, dropping = start + len(held), bytearray(), False
            continue
        begin = 0
        while (end := block.find(b"\n", begin)) >= 0:
            held += block[begin : end + 1]
            if not dropping:
                yield start, bytes(held)
            start += len(held)
            held, dropping, begin = bytearray(), False, end + 1
        held += block[begin:]
        if len(held) > limit:
            if not dropping:
                yield start, f"too_large: a line of more than {limit:,} bytes"
            start, held, dropping = start + len(held), bytearray(), True
    if held and not dropping:
        yield start, bytes(held)


def _starts_rows(start: bytes) -> bool:
    return start.lstrip().startswith((b"{", b"\xef\xbb\xbf"))
