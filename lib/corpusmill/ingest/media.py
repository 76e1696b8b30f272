"""Which media types become documents, and how: HTML is extracted, plain text is kept."""

import json
from functools import cache
from importlib.metadata import version

from corpusmill.ingest.charset import decoded_blocks, find_codec, stored_text
from corpusmill.ingest.html import html_text
from corpusmill.ingest.rows import Extraction
from corpusmill.settings import IngestSettings

_HTML = ("text/html", "application/xhtml+xml")
_PLAIN = "text/plain"
AS_IS = Extraction("none", "", "{}")
"""Text that was text before."""
_RESILIPARSE = version("resiliparse")


def media_type(content_type: str) -> str:
    """`type/subtype` in lower case, without parameters; at most 100 characters, for it comes from outside."""
    return content_type.partition(";")[0].partition(",")[0].strip().lower()[:100]


def is_read(media: str) -> bool:
    """Whether a media type becomes a document."""
    return media in _HTML or media == _PLAIN


def extract_text(payload: bytes | bytearray, content_type: str, settings: IngestSettings) -> tuple[bytes, Extraction]:
    """The stored text of a payload of a type that is read, and what made it."""
    is_html = media_type(content_type) in _HTML
    codec = find_codec(payload, content_type, is_html)
    if not is_html:
        return b"".join(stored_text(text) for text in decoded_blocks(payload, codec)), AS_IS
    return html_text(payload, codec, settings.main_content), html_extraction(settings.extractor, settings.main_content)


@cache
def html_extraction(extractor: str, main_content: bool) -> Extraction:
    """What `html_text` is called in `documents`."""
    return Extraction(extractor, _RESILIPARSE, json.dumps({"main_content": main_content}))
