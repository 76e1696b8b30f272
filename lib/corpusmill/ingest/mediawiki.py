"""MediaWiki's XML dumps, plain, gzip or bzip2: a page of the article namespace is a document; offsets count bytes of the decompressed XML.

Pages are cut out by their tags, which can stand nowhere else in a dump, so that one broken page or bzip2 stream costs no other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote

import corpusmill
from corpusmill.ingest.charset import stored_text
from corpusmill.ingest.content import BLOCK
from corpusmill.ingest.elements import Element, XmlError, first_texts, xml_elements
from corpusmill.ingest.identity import moment, native_id, place_id
from corpusmill.ingest.rows import Extraction, Item, Others, Record, Rejected
from corpusmill.ingest.streams import content_blocks
from corpusmill.ingest.wikitext import wikitext_text
from corpusmill.settings import IngestSettings

_WIKITEXT = Extraction("corpusmill.wikitext", corpusmill.__version__, "{}")
_LARGEST = 4_194_304
"""Bytes of wikitext. MediaWiki itself takes 2 MiB ($wgMaxArticleSize); the pieces of 4 MiB of nothing but short lines take 225 MB."""
_MARK = re.compile(rb"<page>|</revision>|</page>")
_LONGEST_MARK = 11
_TIMESTAMP = re.compile(rb"<timestamp>([^<]{1,40})</timestamp>")
_LANGUAGE = re.compile(rb"<mediawiki\s[^>]{0,2000}xml:lang=\"([A-Za-z0-9-]{1,40})\"")
_HIDDEN = {"-2": "media", "6": "file", "14": "category"}
"""Namespaces whose links show no words, with their names in every wiki; the dump says what the wiki calls them."""


@dataclass(frozen=True)
class _Site:
    """What a dump says of its wiki."""

    name: str = ""
    language: str = ""
    address: str = ""
    hidden: frozenset[str] = frozenset((*_HIDDEN.values(), "image"))


@dataclass(slots=True)
class _Cut:
    """What lies before a mark. `error` in its place where the bytes broke off there; no `mark` at the end of the file."""

    offset: int
    data: bytes
    size: int
    mark: bytes = b""
    error: str = ""


@dataclass(slots=True)
class _Page:
    """A page while it is read: its fields and its latest revision."""

    offset: int
    head: bytes = b""
    revision: bytes = b""
    saved: bytes = b""
    too_large: int = 0


def read_mediawiki(file: BinaryIO, name: str, settings: IngestSettings) -> Iterator[Item]:
    """The latest revision of each article. Redirects and pages of other namespaces are counted as others."""
    others = 0
    site = _Site()
    limit = min(settings.max_record_bytes, _LARGEST)
    page: _Page | None = None
    at_start, at_end = True, b""
    for cut in _cuts(content_blocks(file, name), 2 * limit + BLOCK):
        if at_start and not cut.error:
            at_start = False
            if b"<mediawiki" not in cut.data:
                yield Rejected(0, "type: not a MediaWiki dump: it does not begin with <mediawiki>")
            site = _site(cut.data)
        if cut.error or (page and cut.mark in (b"<page>", b"")):
            yield Rejected(page.offset if page else cut.offset, f"broken_record: {cut.error or 'the page has no end'}")
            page = None
        if cut.mark == b"<page>":
            page = _Page(cut.offset + cut.size - len(cut.mark))
        elif page and cut.mark:
            _add(page, cut)
            if cut.mark == b"</page>":
                item = _item(page, cut.offset + cut.size - page.offset, name, site, limit, settings)
                page = None
                if item is None:
                    others += 1
                else:
                    yield item
        at_end = cut.data
    if not at_start and b"</mediawiki>" not in at_end:
        yield Rejected(cut.offset + cut.size, "broken_record: the file ends without </mediawiki>")
    yield Others(others)


def _cuts(blocks: Iterator[bytes | str], limit: int) -> Iterator[_Cut]:
    """The file between marks. Of what is longer than `limit` bytes only the size is kept."""
    held = bytearray()
    start = dropped = 0
    for block in blocks:
        if isinstance(block, str):
            yield _Cut(start, b"", dropped + len(held), error=block)
            start, dropped, held = start + dropped + len(held), 0, bytearray()
            continue
        searched = max(0, len(held) - _LONGEST_MARK)
        held += block
        while found := _MARK.search(held, searched):
            size = dropped + found.end()
            yield _Cut(start, b"" if size > limit else bytes(held[: found.start()]), size, found.group())
            del held[: found.end()]
            start, dropped, searched = start + size, 0, 0
        if len(held) > limit:
            dropped += len(held) - _LONGEST_MARK
            del held[:-_LONGEST_MARK]
    yield _Cut(start, bytes(held), dropped + len(held))


def _add(page: _Page, cut: _Cut) -> None:
    """Take what lies before the end of a revision or of the page; of revisions the latest stays."""
    if cut.size and not cut.data:
        page.too_large = max(page.too_large, cut.size - len(cut.mark))
    head, started, revision = cut.data.partition(b"<revision>")
    page.head = page.head or head
    saved = found.group(1) if (found := _TIMESTAMP.search(revision)) else b""
    # ISO 8601 in one zone sorts as text.
    if started and saved >= page.saved:
        page.revision, page.saved = revision, saved


def _item(page: _Page, length: int, file: str, site: _Site, limit: int, settings: IngestSettings) -> Record | Rejected | None:
    """The document of a page, why there is none, or None for a page that does not count."""
    if page.too_large:
        return Rejected(page.offset, f"too_large: {page.too_large:,} bytes of XML")
    revision = b"<revision>" + page.revision + b"</revision>" if page.revision else b""
    try:
        elements = xml_elements(b"<page>" + page.head + revision + b"</page>")
    except XmlError as error:
        return Rejected(page.offset, f"broken_record: {error}")
    found = {path[1:]: text for path, text in first_texts(elements).items()}
    if found.get(("ns",), "0") != "0" or ("redirect",) in found:
        return None
    model, source = found.get(("revision", "model"), "wikitext"), found.get(("revision", "text"))
    if model != "wikitext":
        return Rejected(page.offset, f"type: content model {model[:100]}")
    if not source:
        return Rejected(page.offset, "no_text: the latest revision has no text")
    if len(source.encode()) > limit:
        return Rejected(page.offset, f"too_large: {len(source.encode()):,} bytes of wikitext")
    title, number = found.get(("title",), ""), found.get(("id",), "")
    attributes = {
        "title": title,
        "revision": found.get(("revision", "id"), ""),
        "wiki": site.name,
        "language": site.language,
    }
    return Record(
        native_id(settings.source or settings.snapshot, f"{site.name}/{number}") if number else place_id(file, page.offset),
        page.offset,
        length,
        stored_text(wikitext_text(source, site.hidden)),
        _WIKITEXT,
        url=site.address + quote(title.replace(" ", "_"), safe="/:,;@!$*()'~") if site.address else None,
        domain=settings.domain_or("encyclopedia"),
        fetched_at=moment(found.get(("revision", "timestamp"))),
        attributes={key: value for key, value in attributes.items() if value},
    )


def _site(head: bytes) -> _Site:
    """What stands before the first page."""
    start, end = head.find(b"<siteinfo>"), head.find(b"</siteinfo>")
    language = found.group(1).decode() if (found := _LANGUAGE.search(head)) else ""
    try:
        elements = xml_elements(head[start : end + len(b"</siteinfo>")]) if 0 <= start < end else []
    except XmlError:
        elements = []
    texts = {path[-1]: text for path, text in first_texts(elements).items()}
    base = texts.get("base", "")
    # `https://en.wikipedia.org/wiki/Main_Page`, or `https://example.org/index.php?title=Main_Page`.
    address = base[: max(base.rfind("/"), base.rfind("title=") + 5) + 1] if base.startswith(("http://", "https://")) else ""
    return _Site(texts.get("dbname") or texts.get("sitename", ""), language, address, _Site.hidden | _prefixes(elements))


def _prefixes(elements: list[Element]) -> set[str]:
    named = (element for element in elements if element.path[-1] == "namespace" and element.attributes.get("key") in _HIDDEN)
    return {element.text.strip().lower() for element in named if element.text.strip()}
