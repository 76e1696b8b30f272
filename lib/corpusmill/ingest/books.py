"""Plain text files, a book each; Project Gutenberg's header and licence are taken off."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import corpusmill
from corpusmill.ingest.charset import find_codec, stored_text
from corpusmill.ingest.content import BrokenMemberError
from corpusmill.ingest.identity import place_id
from corpusmill.ingest.media import AS_IS
from corpusmill.ingest.rows import Extraction, Item, Others, Record, Rejected
from corpusmill.ingest.streams import ForwardFile, OversizeError, content_blocks
from corpusmill.settings import IngestSettings

_GUTENBERG = Extraction("corpusmill.gutenberg", corpusmill.__version__, "{}")
_START = re.compile(r"^\*{3} ?START OF (?:THE|THIS) PROJECT GUTENBERG EBOOK[^\n*]{0,300}(?:\n[^\n*]{1,300})?\*{3}[^\n]*\n", re.MULTILINE)
"""A long title goes on in a second line."""
_END = re.compile(
    r"^(?:\*{3} ?END OF (?:THE|THIS) PROJECT GUTENBERG EBOOK|End of (?:the |this )?Project Gutenberg(?:'s|’s| EBook))", re.MULTILINE
)
_FIELD = re.compile(r"^(Title|Author|Language): ?([^\n]{1,500})$", re.MULTILINE)


def read_text(file: BinaryIO, name: str, settings: IngestSettings) -> Iterator[Item]:
    """The one document of a file, plain or compressed."""
    try:
        data = ForwardFile(content_blocks(file, name)).read_rest(settings.max_record_bytes)
        yield _document(data, name, settings)
    except BrokenMemberError as error:
        yield Rejected(0, f"broken_record: {error}")
    except OversizeError as error:
        yield Rejected(0, f"too_large: {error}")
    yield Others(0)


def _document(data: bytes, name: str, settings: IngestSettings) -> Record:
    text = data.decode(find_codec(data, "", is_html=False), "replace").removeprefix("\ufeff")
    attributes: dict[str, str] = {}
    made_by = AS_IS
    if not settings.gutenberg_licence:
        unframed, attributes = without_frame(text)
        if unframed is not text:
            text, made_by = unframed, _GUTENBERG
    return Record(
        place_id(name, 0),
        0,
        len(data),
        stored_text(text),
        made_by,
        domain=settings.domain_or("books"),
        attributes={key: stored_text(value).decode() for key, value in attributes.items()},
    )


def without_frame(text: str) -> tuple[str, dict[str, str]]:
    """A book of Project Gutenberg without what stands before and after it, and what its header says; any other text as it is."""
    lines = text.replace("\r\n", "\n")
    start = _START.search(lines)
    if start is None:
        return text, {}
    end = _END.search(lines, start.end())
    fields = {name.lower(): value.strip() for name, value in _FIELD.findall(lines, 0, start.start())}
    return lines[start.end() : end.start() if end else len(lines)].strip("\n") + "\n", fields
