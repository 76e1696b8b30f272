"""EPUB books: the chapters of the spine, in order, as one document."""

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from urllib.parse import unquote

from corpusmill.ingest.charset import find_codec, stored_text
from corpusmill.ingest.elements import Element, XmlError, xml_elements
from corpusmill.ingest.identity import place_id
from corpusmill.ingest.media import is_read, media_type, resiliparse_extraction, resiliparse_text
from corpusmill.ingest.rows import Item, Others, Record, Rejected
from corpusmill.settings import IngestSettings

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_XML_BYTES = 16_777_216
_DIRECTORY_BYTES = 4_194_304
"""The list of members: zipfile holds it whole, at some hundred bytes a member of 50."""
_END_BYTES = 22
_LONGEST_COMMENT = 65_535
_EMPTY_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)/>")
"""XHTML may write `<title/>`, after which an HTML parser takes the page for the title."""
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"])
_ABOUT = {"title": "title", "creator": "author", "language": "language", "rights": "rights"}
_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, struct.error)
"""What zipfile raises on members that are damaged, or encrypted (RuntimeError)."""


class _NoBookError(Exception):
    """The file is no book that can be read; the message is its `kind: what was found`."""


def read_epub(file: BinaryIO, name: str, settings: IngestSettings) -> Iterator[Item]:
    """The one document of an EPUB file."""
    try:
        size = file.seek(0, 2)
        _check_directory(file, size)
        with _opened(file) as archive:
            yield _book(archive, name, size, settings)
    except _NoBookError as error:
        yield Rejected(0, str(error))
    yield Others(0)


def _check_directory(file: BinaryIO, size: int) -> None:
    """Raises _NoBookError where the list of members is larger than any book's, before zipfile reads it."""
    file.seek(max(0, size - _LONGEST_COMMENT - _END_BYTES - 20))
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END_BYTES:
        raise _NoBookError("type: not a zip archive")
    if b"PK\6\7" in tail[:at][-20:] or struct.unpack_from("<I", tail, at + 12)[0] > _DIRECTORY_BYTES:
        raise _NoBookError(f"too_large: a list of members of more than {_DIRECTORY_BYTES:,} bytes")


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except _ERRORS as error:
        raise _NoBookError(f"broken_record: zip: {str(error)[:100]}") from error


def _book(archive: zipfile.ZipFile, name: str, size: int, settings: IngestSettings) -> Record:
    opf = _package(archive)
    elements = _xml(archive, opf)
    chapters: list[bytes] = []
    left = settings.max_record_bytes
    locked = _encrypted(archive)
    for path in _spine(elements, posixpath.dirname(opf)):
        if path in locked:
            raise _NoBookError(f"encrypted: {path[:100]}")
        page = _read(archive, path, left)
        left -= len(page)
        if chapter := _chapter(page):
            chapters.append(chapter)
    about: dict[str, str] = {}
    for element in elements:
        key = _ABOUT.get(element.path[-1])
        if key and element.path[-2:-1] == ("metadata",) and element.text.strip():
            about.setdefault(key, " ".join(element.text.split()))
    return Record(
        place_id(name, 0),
        0,
        size,
        b"\n\n".join(chapters),
        resiliparse_extraction(main_content=False),
        domain=settings.domain_or("books"),
        attributes={key: stored_text(value).decode() for key, value in about.items()},
    )


def _chapter(page: bytes) -> bytes:
    text = page.decode(find_codec(page, "", is_html=True), "replace")
    text = _EMPTY_TAG.sub(
        lambda tag: tag.group() if tag.group(1).lower() in _VOID else f"<{tag.group(1)}{tag.group(2)}></{tag.group(1)}>", text
    )
    return resiliparse_text(stored_text(text), "utf-8", main_content=False).strip()


def _package(archive: zipfile.ZipFile) -> str:
    """Where the OPF file is, by META-INF/container.xml, else the only one there is."""
    if _CONTAINER in archive.namelist():
        for element in _xml(archive, _CONTAINER):
            if element.path[-1] == "rootfile" and element.attributes.get("full-path") in archive.namelist():
                return element.attributes["full-path"]
    found = [name for name in archive.namelist() if name.endswith(".opf")]
    if len(found) != 1:
        raise _NoBookError(f"broken_record: no EPUB: {len(found):,} OPF files")
    return found[0]


def _spine(elements: Iterable[Element], folder: str) -> list[str]:
    """The members that hold the book's pages, in reading order, each once; tables of contents and what stands beside the text are left out."""
    items = {element.attributes.get("id", ""): element.attributes for element in elements if element.path[-2:] == ("manifest", "item")}
    found: dict[str, None] = {}
    for element in elements:
        item = items.get(element.attributes.get("idref", "")) if element.path[-2:] == ("spine", "itemref") else None
        if item is None or element.attributes.get("linear") == "no" or "nav" in item.get("properties", "").split():
            continue
        if is_read(media_type(item.get("media-type", ""))):
            found[posixpath.normpath(posixpath.join(folder, unquote(item.get("href", "").partition("#")[0])))] = None
    if not found:
        raise _NoBookError("no_text: the book's spine names no page")
    return list(found)


def _encrypted(archive: zipfile.ZipFile) -> set[str]:
    """The members that META-INF/encryption.xml names: a shop's copy protection, or fonts."""
    if _ENCRYPTION not in archive.namelist():
        return set()
    return {unquote(element.attributes.get("URI", "")) for element in _xml(archive, _ENCRYPTION) if element.path[-1] == "CipherReference"}


def _xml(archive: zipfile.ZipFile, path: str) -> list[Element]:
    try:
        return xml_elements(_read(archive, path, _XML_BYTES))
    except XmlError as error:
        raise _NoBookError(f"broken_record: {path[:100]}: {error}") from error


def _read(archive: zipfile.ZipFile, path: str, limit: int) -> bytes:
    """A member's bytes. Raises _NoBookError where it is missing or longer than `limit`, whatever its header says."""
    try:
        method = archive.getinfo(path).compress_type
    except KeyError as error:
        raise _NoBookError(f"broken_record: {path[:100]} is not in the archive") from error
    if method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _NoBookError(f"broken_record: {path[:100]} is packed by method {method}, which EPUB has not")
    try:
        with archive.open(path) as member:
            data = member.read(limit + 1)
    except _ERRORS as error:
        raise _NoBookError(f"broken_record: zip: {str(error)[:100]}") from error
    if len(data) > limit:
        raise _NoBookError(f"too_large: more than {limit:,} bytes in {path[:100]}")
    return data
