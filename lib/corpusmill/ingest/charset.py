"""Bytes to text: the charset by HTTP header, byte order mark, meta element, then detection; and what text may be stored."""

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache

from resiliparse.parse.encoding import map_encoding_to_html5

from corpusmill.ingest.detect import corrected_codec, is_mostly_utf8, shifted_codec, wide_codec

BLOCK = 1_048_576
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_META = re.compile(
    rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([^\s\"'/>;]{1,40})|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"'>]{1,40})", re.IGNORECASE
)
_META_BYTES = 1024
"""The HTML standard looks for a meta element in so many bytes (13.2.3.2, prescan)."""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WIDER = {"gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932", "iso8859-11": "cp874", "big5": "big5hkscs"}
"""What browsers read under these names (WHATWG Encoding section 4.2) where Python's codec of the name knows fewer characters."""
_PAIRED = ("gb18030", "cp949", "cp932", "big5hkscs", "euc_jp")
"""Codecs that write a character as two bytes beyond ASCII, as UTF-8 does."""
_FEW = 4
"""Characters that may be so by chance."""
_ASCII = bytes(range(128))
_SURROGATES = re.compile("[\ud800-\udfff]")


def find_codec(data: bytes | bytearray, content_type: str, is_html: bool) -> str:
    """Python's name of the charset of `data`.

    A byte order mark decides. UTF-8 that is valid and not ASCII is UTF-8 whatever is declared: servers declare their default. Else the first
    declared charset that decodes all of it, or the first declared, unless the bytes clearly are in another (`detect`).
    """
    for mark, marked in _MARKS:
        if data.startswith(mark) and _decodes(data, marked):
            return marked
    if b"\0" in data[:1024] and (wide := wide_codec(data)):
        return wide
    declared = list(dict.fromkeys(codec for label in _labels(data, content_type, is_html) if (codec := _codec(label))))
    # ESC starts the shifts of ISO-2022-JP, which is ASCII as it stands.
    if b"\x1b" in data and data.isascii() and (shifted := shifted_codec(data)):
        return shifted
    if _decodes(data, "utf-8") and not _may_be_short(data, declared):
        return "utf-8"
    believed = next((codec for codec in declared if _decodes(data, codec)), None)
    if believed is None and is_mostly_utf8(data):
        return "utf-8"
    return corrected_codec(data, believed or (declared[0] if declared else None))


def decoded_blocks(data: bytes | bytearray, codec: str, size: int = BLOCK) -> Iterator[str]:
    """The text of `data`, `size` bytes at a time, without a byte order mark; what cannot be decoded is U+FFFD."""
    if len(data) <= size:
        yield data.decode(codec, "replace").removeprefix("\ufeff")
        return
    decoder = codecs.getincrementaldecoder(codec)("replace")
    for start in range(0, len(data), size):
        text = decoder.decode(data[start : start + size], start + size >= len(data))
        yield text.removeprefix("\ufeff") if start == 0 else text


def stored_text(text: str) -> bytes:
    """The text as it is stored: UTF-8, a NUL made a space, a lone surrogate U+FFFD."""
    text = text.replace("\0", " ")
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text).encode()


def _may_be_short(data: bytes | bytearray, declared: list[str]) -> bool:
    """Whether valid UTF-8 may be a short text in the declared charset: a word of GBK is UTF-8 too once in a hundred times, four never."""
    return bool(declared) and declared[0] in _PAIRED and 0 < len(data.translate(None, _ASCII)) < 2 * _FEW


def _labels(data: bytes | bytearray, content_type: str, is_html: bool) -> Iterator[str]:
    if found := _HTTP_CHARSET.search(content_type):
        yield found.group(1)
    if is_html and (meta := _META.search(data, 0, _META_BYTES)):
        label = (meta.group(1) or meta.group(2)).decode("ascii", "replace").lower()
        # A meta element that can be read as ASCII cannot be in UTF-16 (HTML standard 13.2.3.2).
        yield "utf-8" if label.startswith("utf-16") else label


@lru_cache(maxsize=1000)
def _codec(label: str) -> str | None:
    """Python's codec for a label of the WHATWG Encoding standard; None for any other label."""
    name = map_encoding_to_html5(label, fallback_utf8=False) if label else None
    if not name:
        return None
    try:
        found = codecs.lookup(_WIDER.get(name, name))
    except LookupError:
        return None
    return found.name


def _decodes(data: bytes | bytearray, codec: str) -> bool:
    """Whether all of `data` is valid; of a long payload without holding its text."""
    if len(data) <= BLOCK:
        return _is_valid(data, codec)
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        for start in range(0, len(data), BLOCK):
            decoder.decode(data[start : start + BLOCK], start + BLOCK >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _is_valid(data: bytes | bytearray, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
