"""Which media types become documents, and how: HTML is extracted, plain text is kept."""

import json
from functools import cache, partial
from importlib.metadata import version

from corpusmill.ingest.charset import decoded_blocks, find_codec, stored_text
from corpusmill.ingest.child import trafilatura_text
from corpusmill.ingest.html import html_text, visible_text
from corpusmill.ingest.rows import Extraction
from corpusmill.settings import IngestSettings

_HTML = ("text/html", "application/xhtml+xml")
_PLAIN = "text/plain"
AS_IS = Extraction("none", "", "{}")
"""Text that was text before."""


def media_type(content_type: str) -> str:
    """`type/subtype` in lower case, without parameters; at most 100 characters, for it comes from outside."""
    return content_type.partition(";")[0].partition(",")[0].strip().lower()[:100]


def is_read(media: str) -> bool:
    """Whether a media type becomes a document."""
    return media in _HTML or media == _PLAIN


def extract_text(payload: bytes | bytearray, content_type: str, settings: IngestSettings) -> tuple[bytes, Extraction]:
    """The stored text of a payload of a type that is read, and what made it. Raises ExtractionError."""
    is_html = media_type(content_type) in _HTML
    codec = find_codec(payload, content_type, is_html)
    if not is_html:
        return b"".join(stored_text(text) for text in decoded_blocks(payload, codec)), AS_IS
    if settings.extractor == "trafilatura":
        text = html_text(payload, codec, partial(trafilatura_text, settings=settings.trafilatura))
        return text, _made_by("trafilatura", settings.trafilatura.model_dump_json())
    return resiliparse_text(payload, codec, settings.main_content), resiliparse_extraction(settings.main_content)


def resiliparse_text(payload: bytes | bytearray, codec: str, main_content: bool) -> bytes:
    """The stored text of HTML by resiliparse."""
    return html_text(payload, codec, partial(visible_text, main_content=main_content))


def resiliparse_extraction(main_content: bool) -> Extraction:
    """What `documents` says of such a text."""
    return _made_by("resiliparse", json.dumps({"main_content": main_content}))


@cache
def _made_by(extractor: str, options: str) -> Extraction:
    return Extraction(extractor, version(extractor), options)
