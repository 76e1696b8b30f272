"""Formulas in a page as their TeX source, once: an extractor shows MathML's letters, the rendered copy and the image's text side by side.

Read are MathML with a TeX annotation, alttext or data-latex (Wikipedia, KaTeX, LaTeXML, MathJax 4), MathJax 2's `script type="math/tex"` and the
alt text of formula images (Wikipedia, WordPress). MathML without its source stays as it is.
"""

import html
import re
from dataclasses import dataclass

_MARKS = ("math", 'class="latex"', 'class="tex"')
"""Nearly every page has none of them."""
_TOKEN = re.compile(r"<(?:(?P<comment>!--)|(?P<name>script|style|math|img|span|div)(?=[\s/>]))", re.IGNORECASE)
_REST = re.compile(r"""(?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+|["'])*+>""")
"""From inside a tag to its end. Possessive: a tag without end is found to have none in one pass."""
_MATH_END = re.compile(r"<(?:/math\s*>|math[\s>])", re.IGNORECASE)
_ANNOTATION = re.compile(r"<annotation(?=\s[^<>]*x-(?:la)?tex)[^<>]*+>([^<]*)<", re.IGNORECASE)
_FOLLOWING = re.compile(r"(?:\s|</span>)*+(?=<(?:noscript>\s*+<)?img\s)", re.IGNORECASE)
_COPY = re.compile(r"(?:\s|</span>)*+(?=<span\s[^<>]*katex-html)", re.IGNORECASE)
_SCRIPT = re.compile(r"""\s*+<(?:script\s[^<>]*math/tex|(?:span|div)\s[^<>]*class=["']?MathJax)""", re.IGNORECASE)
_RENDERED = {"mathjax", "mathjax_preview", "mathjax_display", "mathjax_svg", "mathjax_svg_display", "mathjax_chtml", "mjx-chtml"}
_IMAGES = {"tex", "latex"}
_BOX = {name: re.compile(rf"<(/?){name}(?=[\s/>])", re.IGNORECASE) for name in ("span", "div")}
_CDATA = re.compile(r"^\s*%?\s*<!\[CDATA\[(.*?)%?\s*\]\]>\s*$", re.DOTALL)
"""Round TeX in XHTML, after TeX's own comment sign."""
_STYLED = re.compile(r"^\{\\(?:displaystyle|textstyle)\s(.*)\}$", re.DOTALL)
"""What MediaWiki puts round the source of every formula."""
_QUOTED = re.compile(r"^(?:\$\$(.*)\$\$|\$([^$]*)\$|\\\((.*)\\\)|\\\[(.*)\\\])$", re.DOTALL)
_KATEX_BEFORE = 120
"""Characters before a formula in which KaTeX's elements round it begin."""


@dataclass(frozen=True)
class _Piece:
    """What stands at `start` to `end` of a page is `text`; `start` equal to `end` leaves the page as it is and goes on there."""

    start: int
    end: int
    text: str = ""


def has_formulas(page: str) -> bool:
    """Whether `tex_formulas` may change the page."""
    return any(mark in page for mark in _MARKS)


def tex_formulas(page: str) -> str:
    """The page with each formula whose source it carries as text, `$...$` or `$$...$$`. Linear in the page's length."""
    parts: list[str] = []
    kept = at = 0
    while token := _TOKEN.search(page, at):
        piece = _read(page, token)
        if piece is None:
            break
        at = piece.end
        if piece.start < piece.end:
            parts += (page[kept : piece.start], piece.text)
            kept = piece.end
    return "".join([*parts, page[kept:]])


def _read(page: str, token: re.Match[str]) -> _Piece | None:
    """What to put in the place of the element that begins here; None where something has no end and the rest of the page is inside it."""
    if token.group("comment"):
        end = page.find("-->", token.end())
        return None if end < 0 else _Piece(end, end)
    rest = _REST.match(page, token.end())
    if rest is None:
        return None
    name, tag = token.group("name").lower(), page[token.start() : rest.end()]
    if name in ("script", "style"):
        return _raw(page, token.start(), rest.end(), name, tag)
    if name == "math":
        return _math(page, token.start(), rest.end(), tag)
    if name == "img":
        return _image(token.start(), rest.end(), tag)
    return _rendered(page, token.start(), rest.end(), name, tag)


def _raw(page: str, start: int, inside: int, name: str, tag: str) -> _Piece | None:
    close = re.compile(f"</{name}[^>]*+>", re.IGNORECASE).search(page, inside)
    if close is None:
        return None
    kind = _attribute(tag, "type").lower()
    if not kind.startswith("math/tex"):
        return _Piece(close.end(), close.end())
    source = page[inside : close.start()]
    wrapped = _CDATA.match(source)
    return _Piece(start, close.end(), _written(wrapped.group(1) if wrapped else source, "display" in kind))


def _math(page: str, start: int, inside: int, tag: str) -> _Piece | None:
    close = _MATH_END.search(page, inside)
    if close is None:
        return None
    if close.group()[1] != "/":
        return _Piece(close.start(), close.start())
    annotation = _ANNOTATION.search(page, inside, close.start())
    source = html.unescape(annotation.group(1)) if annotation else _attribute(tag, "alttext") or _attribute(tag, "data-latex")
    if not source.strip():
        return _Piece(close.end(), close.end())
    display = _attribute(tag, "display") == "block" or "katex-display" in page[max(0, start - _KATEX_BEFORE) : start]
    return _with_copies(page, _Piece(start, close.end(), _written(source, display)))


def _with_copies(page: str, formula: _Piece) -> _Piece | None:
    """The formula with the copies of it that follow, and what stands for them all; None where a copy has no end.

    MediaWiki hides the MathML and shows an image, so that the text must stand outside what is hidden; KaTeX draws the formula again.
    """
    end = formula.end
    if (gap := _FOLLOWING.match(page, end)) and (token := _TOKEN.search(page, gap.end())) and (rest := _REST.match(page, token.end())):
        image = _image(token.start(), rest.end(), page[token.start() : rest.end()])
        if image.text:
            noscript = re.compile(r"\s*+</noscript>", re.IGNORECASE).match(page, image.end)
            return _Piece(formula.start, noscript.end() if noscript else image.end, gap.group() + image.text)
    if gap := _COPY.match(page, end):
        close = _closing(page, gap.end(), "span")
        return _Piece(formula.start, close, formula.text + gap.group()) if close > 0 else None
    return formula


def _image(start: int, end: int, tag: str) -> _Piece:
    names = _attribute(tag, "class").lower().split()
    if not any(name in _IMAGES or name.startswith("mwe-math-fallback") for name in names):
        return _Piece(end, end)
    text = _written(_attribute(tag, "alt"), any("display" in name for name in names))
    return _Piece(start if text else end, end, text)


def _rendered(page: str, start: int, inside: int, name: str, tag: str) -> _Piece | None:
    """MathJax 2 leaves a preview and the drawn formula before the script with its source."""
    if _RENDERED.isdisjoint(_attribute(tag, "class").lower().split()):
        return _Piece(inside, inside)
    close = _closing(page, start, name)
    if close < 0:
        return None
    return _Piece(start if _SCRIPT.match(page, close) else close, close)


def _closing(page: str, start: int, name: str) -> int:
    """Where the element that begins at `start` ends, those of its name inside it counted; -1 where it does not."""
    depth = 0
    for found in _BOX[name].finditer(page, start):
        depth += -1 if found.group(1) else 1
        if depth == 0:
            return page.find(">", found.end()) + 1 or -1
    return -1


def _attribute(tag: str, name: str) -> str:
    """Its value in a start tag, "" where it is not there."""
    found = re.search(rf"""[\s"']{name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", tag, re.IGNORECASE)
    return html.unescape(next(filter(None, found.groups()), "")) if found else ""


def _written(source: str, display: bool) -> str:
    """As text of a page; "" where there is nothing in it."""
    source = source.strip()
    if (quoted := _QUOTED.match(source)) and quoted.group(1) is not None:
        display = True
    if quoted:
        display = display or quoted.group(4) is not None
        source = next(part for part in quoted.groups() if part is not None).strip()
    styled = _STYLED.match(source)
    if styled and _is_one_group(styled.group(1)):
        source = styled.group(1).strip()
    mark = "$$" if display else "$"
    return mark + html.escape(source, quote=False) + mark if source else ""


def _is_one_group(inside: str) -> bool:
    """Whether its braces pair up by themselves, so that those round it are a pair."""
    depth = 0
    for brace in re.findall(r"\\.|[{}]", inside, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            return False
    return depth == 0
