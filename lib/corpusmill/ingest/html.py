"""HTML to text by resiliparse, a long page piece by piece, so that its tree never fills the worker."""

import re
from collections.abc import Iterable, Iterator

from resiliparse.extract.html2text import extract_plain_text

from corpusmill.ingest.charset import decoded_blocks, stored_text

PIECE = 4_194_304
"""Bytes of HTML parsed at once. resiliparse 2.0 holds 20 bytes a byte of ordinary markup and 43 of nothing but tags: 180 MB."""
_NESTED = 512
"""Blink's limit on the depth of its tree. resiliparse's main-content search takes 2 s for 6,000 nested div elements, 30 s for 20,000."""
_DIV = re.compile(r"<(/?)div[\s/>]", re.IGNORECASE)
_UNSEEN = (("<script", "</script"), ("<style", "</style"), ("<!--", "-->"))
"""A piece must not begin inside one of these: what it holds is not text."""
_BLOCKS = ("<p", "<div", "<li", "<tr", "<h", "<td", "<section", "<article", "<br", "<pre", "<dt", "<dd")


def html_text(data: bytes | bytearray, codec: str, main_content: bool) -> bytes:
    """The visible text of a page, as it is stored. Pages above PIECE bytes are cut between blocks, and main content is found in each piece."""
    if len(data) <= PIECE:
        return stored_text(_extract("".join(decoded_blocks(data, codec, PIECE)), main_content))
    text = bytearray()
    for piece in html_pieces(decoded_blocks(data, codec), PIECE):
        found = stored_text(_extract(piece, main_content))
        if found:
            text += b"\n" + found if text else found
    return bytes(text)


def html_pieces(blocks: Iterable[str], size: int) -> Iterator[str]:
    """Cut a page into pieces of about `size` characters, before a block element where there is one, never inside script, style or comment."""
    held: list[str] = []
    length = 0
    closing = ""
    for block in blocks:
        if closing:
            block, closing = _after(held.pop() if held else "", block, closing)
            length = 0
        held.append(block)
        length += len(block)
        if length < size or closing:
            continue
        page = "".join(held)
        cut, closing = _cut(page)
        if cut:
            yield page[:cut]
        # Of an element that is not shown and has no end yet, only what may be the start of its end is kept.
        held = [page[-len(closing) :] if closing else page[cut:]]
        length = len(held[0])
    if not closing and length:
        yield "".join(held)


def _after(tail: str, block: str, closing: str) -> tuple[str, str]:
    """What follows `closing`, and what is still awaited: nothing, or `closing` with the end of the block kept."""
    text = tail + block
    at = text.replace("\u0130", "i").lower().find(closing)
    return (text[at:], "") if at >= 0 else (text[-len(closing) :], closing)


def _cut(page: str) -> tuple[int, str]:
    """Where to end the piece; and, where all of the rest is inside an element that is not shown, what ends that."""
    # The only character whose lower() is longer.
    lower = page.replace("\u0130", "i").lower()
    for opening, closing in _UNSEEN:
        opened = lower.rfind(opening)
        if opened >= 0 and lower.find(closing, opened) < 0:
            return opened, closing
    last = max(lower.rfind(block, len(page) // 2) for block in _BLOCKS)
    if last <= 0:
        last = max(lower.rfind("<", len(page) // 2), lower.rfind(" ", len(page) // 2))
    return (last if last > 0 else len(page)), ""


def _extract(page: str, main_content: bool) -> str:
    return str(extract_plain_text(page, main_content=main_content and not _is_deep(page)))


def _is_deep(page: str) -> bool:
    """Whether div elements nest deeper than any browser shows; counted only on pages that have so many."""
    if page.count("<div") + page.count("<DIV") <= _NESTED:
        return False
    depth = 0
    for found in _DIV.finditer(page):
        depth += -1 if found.group(1) else 1
        if depth > _NESTED:
            return True
    return False
