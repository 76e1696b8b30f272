"""HTML to text, by resiliparse where nothing else is said, a long page piece by piece, so that its tree never fills the worker."""

import re
from collections.abc import Callable, Iterable, Iterator

from resiliparse.extract.html2text import extract_plain_text

from corpusmill.ingest.charset import decoded_blocks, stored_text
from corpusmill.ingest.formulas import has_formulas, tex_formulas

PIECE = 4_194_304
"""Bytes of HTML parsed at once. resiliparse 2.0 holds 20 bytes a byte of ordinary markup and 43 of nothing but tags: 180 MB."""
_NESTED = 512
"""Blink's limit on the depth of its tree. resiliparse's main-content search takes 2 s for 6,000 nested div elements, 30 s for 20,000."""
_DIV = re.compile(r"<(/?)div[\s/>]", re.IGNORECASE)
_UNSEEN = re.compile(r"<(?:(?P<element>script(?!\s[^<>]{0,100}math/tex)|style)(?=[\s/>])|!--)", re.IGNORECASE | re.ASCII)
_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE | re.ASCII) for name in ("script", "style")} | {"": re.compile("-->")}
_LONGEST_MARK = 9
"""Characters of the longest of these with what must follow it: one may lie across two blocks."""
_BLOCKS = ("<p", "<div", "<li", "<tr", "<h", "<td", "<section", "<article", "<br", "<pre", "<dt", "<dd")
"""Where a page may be cut without parting what belongs together."""


def html_text(data: bytes | bytearray, codec: str, extract: Callable[[str], str]) -> bytes:
    """The text of a page, as it is stored, formulas as TeX. Pages above PIECE bytes are cut between blocks, and `extract` is given each piece."""
    if len(data) <= PIECE:
        return stored_text(extract(_with_tex("".join(decoded_blocks(data, codec, PIECE)))))
    text = bytearray()
    for piece in html_pieces(decoded_blocks(data, codec), PIECE):
        found = stored_text(extract(_with_tex(piece)))
        if found:
            text += b"\n" + found if text else found
    return bytes(text)


def visible_text(page: str, main_content: bool) -> str:
    """What a page shows, or its main content, by resiliparse."""
    return str(extract_plain_text(page, main_content=main_content and not _is_deep(page)))


def html_pieces(blocks: Iterable[str], size: int) -> Iterator[str]:
    """Cut a page into pieces of `size` characters and a block more, before a block element where there is one.

    Scripts, styles and comments are left out first: a piece that began inside one would show it.
    """
    page = ""
    for block in shown_blocks(blocks):
        page += block
        if len(page) >= size:
            cut = _cut(page)
            yield page[:cut]
            page = page[cut:]
    if page:
        yield page


def shown_blocks(blocks: Iterable[str]) -> Iterator[str]:
    """The page without scripts, styles and comments, whatever the blocks part. What has no end goes on to the end of the page."""
    held = ""
    end: re.Pattern[str] | None = None
    for block in blocks:
        held += block
        at = 0
        while True:
            if end is None:
                opening = _UNSEEN.search(held, at)
                if opening is None:
                    keep = max(at, len(held) - _LONGEST_MARK)
                    yield held[at:keep]
                    break
                yield held[at : opening.start()]
                end = _ENDS[(opening.group("element") or "").lower()]
                # `<!-->` is a whole comment (HTML standard 13.2.5.43).
                at = opening.end() if opening.group("element") else opening.end() - 2
            closing = end.search(held, at)
            if closing is None:
                keep = max(at, len(held) - _LONGEST_MARK)
                break
            # An end tag without its start tag shows nothing.
            at, end = closing.end() if closing.group() == "-->" else closing.start(), None
        held = held[keep:]
    if end is None:
        yield held


def _cut(page: str) -> int:
    """Where to end the piece: in its second half, before a block element, else before a tag, else at a space, else at its end."""
    middle = len(page) // 2
    last = max(page.rfind(block, middle) for block in _BLOCKS)
    if last < 0:
        last = page.rfind("<", middle)
    if last < 0:
        last = page.rfind(" ", middle)
    return last if last > 0 else len(page)


def _with_tex(page: str) -> str:
    return tex_formulas(page) if has_formulas(page) else page


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
