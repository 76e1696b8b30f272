"""Stack Exchange's Posts.xml, plain or compressed: a question with its answers is a document; offsets count bytes of the decompressed XML.

Posts stand in the order of their ids, so answers come anywhere after their question. They are sorted in a temporary SQLite file in the local
temporary folder (TMPDIR), which takes about a third of the size of the XML; memory holds one question with its answers.
"""

import json
import re
import sqlite3
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

from corpusmill.ingest.charset import stored_text
from corpusmill.ingest.content import BLOCK
from corpusmill.ingest.elements import XmlError, xml_elements
from corpusmill.ingest.identity import moment, native_id
from corpusmill.ingest.jsonl import text_lines
from corpusmill.ingest.media import resiliparse_extraction, resiliparse_text
from corpusmill.ingest.rows import Item, Others, Record, Rejected
from corpusmill.ingest.streams import content_blocks
from corpusmill.settings import IngestSettings

_SITE = re.compile(r"^([a-z0-9-]+(?:\.[a-z0-9-]+)+)[-_.]posts\.xml", re.IGNORECASE)
"""`superuser.com-Posts.xml`: a folder of several sites needs names of its own, and ids count anew on every site."""
_QUESTION, _ANSWER = "1", "2"
_KEPT = ("Title", "Tags", "ContentLicense", "CreationDate", "Score")
_TABLE = """
CREATE TABLE posts (
    id INTEGER PRIMARY KEY, question INTEGER, score INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    fields TEXT NOT NULL, body BLOB NOT NULL
)
"""
_ORPHANS = """
SELECT offset, id, question FROM posts WHERE question IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM posts AS asked WHERE asked.id = posts.question AND asked.question IS NULL) ORDER BY id
"""


def read_stackexchange(file: BinaryIO, name: str, settings: IngestSettings) -> Iterator[Item]:
    """Every question with its answers, best score first, of equal ones the earlier. Answers and posts of other types are counted as others."""
    with tempfile.TemporaryDirectory(prefix="corpusmill") as folder, closing(sqlite3.connect(Path(folder) / "posts")) as posts:
        posts.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLE}")
        others = 0
        for post in _posts(file, name, settings):
            if isinstance(post, Rejected):
                yield post
            elif post is None:
                others += 1
            elif posts.execute("INSERT OR IGNORE INTO posts VALUES (?, ?, ?, ?, ?, ?, ?)", post).rowcount == 0:
                yield Rejected(post[3], f"repeated_record: post {post[0]}")
            else:
                others += post[1] is not None
        posts.execute("CREATE INDEX answers ON posts (question, score DESC, id)")
        for offset, post_id, question in posts.execute(_ORPHANS):
            others -= 1
            yield Rejected(offset, f"no_question: post {post_id} answers {question}, which is not in the file")
        yield from _questions(posts, name, settings)
    yield Others(others)


def _questions(posts: sqlite3.Connection, name: str, settings: IngestSettings) -> Iterator[Record | Rejected]:
    site = found.group(1).lower() if (found := _SITE.match(name)) else ""
    for row in posts.execute("SELECT id, offset, length, fields, body FROM posts WHERE question IS NULL ORDER BY id"):
        number, offset, length, fields, body = row
        kept = json.loads(fields)
        parts = [part for part in (stored_text(kept.get("Title", "")).strip(), zlib.decompress(body)) if part]
        size = sum(map(len, parts))
        answers = 0
        for (packed,) in posts.execute("SELECT body FROM posts WHERE question = ? ORDER BY score DESC, id", (number,)):
            answers += 1
            if size <= settings.max_record_bytes and (part := zlib.decompress(packed)):
                parts.append(part)
                size += len(part)
        if size > settings.max_record_bytes:
            yield Rejected(offset, f"too_large: more than {settings.max_record_bytes:,} bytes with its {answers:,} answers")
            continue
        yield Record(
            native_id(settings.source or settings.snapshot, f"{site}/{number}" if site else str(number)),
            offset,
            length,
            b"\n\n".join(parts),
            resiliparse_extraction(main_content=False),
            url=f"https://{site}/questions/{number}" if site else None,
            domain=settings.domain_or("qa"),
            fetched_at=moment(kept.get("CreationDate")),
            attributes=_attributes(kept, answers),
        )


def _attributes(kept: dict[str, str], answers: int) -> dict[str, str]:
    # `<c++><pointers>` until 2024, `|c++|pointers|` since.
    tags = " ".join(re.findall(r"[^<>|\s]+", kept.get("Tags", "")))
    found = {
        "title": kept.get("Title", ""),
        "tags": tags,
        "score": kept.get("Score", ""),
        "licence": kept.get("ContentLicense", ""),
        "answers": str(answers),
    }
    return {key: stored_text(value).decode() for key, value in found.items() if value}


def _posts(file: BinaryIO, name: str, settings: IngestSettings) -> Iterator[tuple[Any, ...] | Rejected | None]:
    """A row of the table for each post that counts, None for each that does not, in the order of the file."""
    limit = settings.max_record_bytes + BLOCK
    found = False
    for offset, line in text_lines(content_blocks(file, name), limit):
        if isinstance(line, str):
            yield Rejected(offset, line)
            continue
        stripped = line.removeprefix(b"\xef\xbb\xbf").strip()
        if stripped.startswith(b"<row "):
            found = True
            yield _post(stripped, offset, len(line), settings)
        elif stripped and (b"<row " in stripped or not stripped.startswith((b"<?xml", b"<posts", b"</posts"))):
            yield Rejected(offset, "broken_record: the line is no <row> of posts")
            if not found:
                # Another XML or HTML file; each of its lines would be an error of its own.
                return


def _post(line: bytes, offset: int, length: int, settings: IngestSettings) -> tuple[Any, ...] | Rejected | None:
    try:
        row = xml_elements(line)[0].attributes
    except XmlError as error:
        return Rejected(offset, f"broken_record: {error}")
    kind = row.get("PostTypeId")
    if kind not in (_QUESTION, _ANSWER):
        return None
    number, question, score = _integer(row.get("Id")), _integer(row.get("ParentId")), _integer(row.get("Score", "0"))
    if number is None or score is None or (kind == _ANSWER and question is None):
        return Rejected(offset, "broken_record: Id, ParentId or Score is no number")
    if kind == _ANSWER and score < settings.answer_score:
        return None
    body = resiliparse_text(row.get("Body", "").encode(), "utf-8", main_content=False).strip()
    fields = {key: row[key] for key in _KEPT if key in row} if kind == _QUESTION else {}
    return (number, question if kind == _ANSWER else None, score, offset, length, json.dumps(fields), zlib.compress(body, 1))


def _integer(text: str | None) -> int | None:
    """A whole number of at most 18 digits."""
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,18}", text) else None
