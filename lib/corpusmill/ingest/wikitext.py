"""Wikitext to text in one pass with a stack of what is open: time grows with the length of the page, whatever it holds.

mwparserfromhell 0.7.2 backtracks: 36 kB of `{{a|[[b|` took it 25 s, and a page of 80 kB 30 GB (its issue 286).
"""

import html
import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from corpusmill.ingest import wiki_words as words
from corpusmill.ingest.wikilines import clean_lines

_DEEPEST = 64
"""What is opened deeper is text: a closing link costs the length of its words, at each depth again."""
_TOKEN = re.compile(
    r"""<!--|</?[a-zA-Z][^<>]*>|\{{2,}|\}{2,}|(?m:^)[ \t:]{0,20}\{\||(?m:^)[ \t]{0,20}\|\}(?!\})
    |\[\[|\[(?:[a-z]{3,6}:)?//[^\s\[\]<>"{}|]*[ \t]?|\]|\||'{2,}|\n|__[^\W\d_]{3,40}__""",
    re.VERBOSE,
)
_TAG = re.compile(r"</?([a-zA-Z]+[1-6]?)(?=[\s/>])")
_PLACE = re.compile("\0(\\d+)\0")
"""Stands for such content while lines are cleaned; wikitext has no NUL."""
_ENDS = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in (*words.KEPT, *words.DROPPED)}
_ENTITY = re.compile(r"&#?\w{1,32};")
_MEDIA = re.compile(r"\.(?:jpe?g|png|gif|svg|tiff?|webp|og[gvam]|webm|mp3|wav|flac|mid|djvu|pdf|stl)\s*$", re.IGNORECASE)
"""A link to such a name with a prefix is a file, also where a dump does not name all aliases of the namespace (`Bild:`, `Imagen:`)."""
_LANGUAGE = re.compile(r"(?:[a-z]{2,3}|simple)(?:-[a-z]{2,12}){0,2}:")
"""Links to the same page in other languages, which show nothing; wikis held them until Wikidata."""


@dataclass(slots=True)
class _Open:
    kind: Literal["braces", "table", "link", "external"]
    start: int
    """Its place among the pieces; what follows belongs to it until it is closed."""
    braces: int = 0
    pipe: int = -1


class _Page:
    def __init__(self, source: str, hidden: frozenset[str]) -> None:
        self._source = source
        self._hidden = hidden
        self._out: list[str] = []
        self._stack: list[_Open] = []
        self._open: Counter[str] = Counter()
        self._endless: set[str] = set()
        self._kept: list[str] = []

    def text(self) -> str:
        cleaned = clean_lines(_unescaped(self._marked()))
        return _PLACE.sub(lambda found: self._kept[int(found.group(1))], cleaned)

    def _marked(self) -> str:
        """The words, with places where content is kept as it is."""
        source, at = self._source, 0
        while found := _TOKEN.search(source, at):
            if found.start() > at:
                self._out.append(source[at : found.start()])
            at = self._piece(found.group(), found.start(), found.end())
        self._out.append(source[at:])
        return "".join(self._out)

    def _piece(self, piece: str, start: int, end: int) -> int:
        """Take one piece; returns where reading goes on."""
        first = piece[0]
        if first == "<":
            return self._comment(end) if piece == "<!--" else self._tag(piece, end)
        if first == "'":
            # Two are italic, three bold, five both; what is left over is shown.
            self._out.append("'" if len(piece) == 4 else "'" * max(0, len(piece) - 5))
        elif piece == "|":
            self._pipe()
        elif piece == "]":
            return self._close_bracket(end)
        elif first == "}":
            self._close_braces(len(piece))
        elif piece == "\n":
            self._end_line()
        elif first == "_":
            self._out.append("" if piece.isupper() else piece)
        elif piece.endswith("|}"):
            self._close_table(piece)
        else:
            self._push(piece)
        return end

    def _push(self, piece: str) -> None:
        start = len(self._out)
        self._out.append(piece)
        if len(self._stack) >= _DEEPEST:
            return
        if piece.startswith("{{"):
            opened = _Open("braces", start, braces=len(piece))
        elif piece.endswith("{|"):
            opened = _Open("table", start)
        else:
            opened = _Open("link" if piece == "[[" else "external", start)
        self._stack.append(opened)
        self._open[opened.kind] += 1

    def _pop(self) -> _Open:
        closed = self._stack.pop()
        self._open[closed.kind] -= 1
        return closed

    def _pop_to(self, kind: str) -> _Open:
        """Close the innermost of a kind that is open; what was opened inside it and never closed is text of it."""
        while (closed := self._pop()).kind != kind:
            pass
        return closed

    def _pipe(self) -> None:
        if self._stack and self._stack[-1].kind == "link" and self._stack[-1].pipe < 0:
            self._stack[-1].pipe = len(self._out)
        self._out.append("|")

    def _end_line(self) -> None:
        # Neither a link's target nor an external link goes on in the next line.
        while self._stack and (self._stack[-1].kind == "external" or (self._stack[-1].kind == "link" and self._stack[-1].pipe < 0)):
            self._pop()
        self._out.append("\n")

    def _close_braces(self, count: int) -> None:
        while count >= 2 and self._open["braces"]:
            opened = self._pop_to("braces")
            closed = min(3, count, opened.braces)
            del self._out[opened.start :]
            count, left = count - closed, opened.braces - closed
            if left >= 2:
                self._push("{" * left)
            elif left:
                self._out.append("{")
        if count:
            self._out.append("}" * count)

    def _close_table(self, piece: str) -> None:
        if self._open["table"]:
            del self._out[self._pop_to("table").start :]
        else:
            self._out.append(piece)

    def _close_bracket(self, end: int) -> int:
        if self._stack and self._stack[-1].kind == "external":
            opened = self._pop()
            self._out[opened.start :] = self._out[opened.start + 1 :]
        elif self._open["link"] and self._source.startswith("]", end):
            opened = self._pop_to("link")
            self._out[opened.start :] = [self._link(opened)]
            return end + 1
        else:
            self._out.append("]")
        return end

    def _link(self, opened: _Open) -> str:
        """The words that a link shows."""
        pieces = self._out
        piped = opened.pipe >= 0
        target = "".join(pieces[opened.start + 1 : opened.pipe if piped else None]).strip()
        prefix = target.partition(":")[0].strip().lower().replace("_", " ") if ":" in target else ""
        if prefix and (prefix in self._hidden or _MEDIA.search(target) or (not piped and _LANGUAGE.match(target))):
            return ""
        words = "".join(pieces[opened.pipe + 1 :]) if piped else ""
        return words if words.strip() else target.removeprefix(":")

    def _comment(self, end: int) -> int:
        """A comment that is not closed goes on to the end of the page."""
        found = self._source.find("-->", end)
        return len(self._source) if found < 0 else found + 3

    def _tag(self, piece: str, end: int) -> int:
        named = _TAG.match(piece)
        name = named.group(1).lower() if named else ""
        if name in _ENDS:
            return self._whole_element(name, piece, end)
        if name in words.BREAKS:
            self._out.append("\n")
        elif name not in words.INLINE:
            self._out.append(piece)
        return end

    def _whole_element(self, name: str, piece: str, end: int) -> int:
        if piece.endswith("/>") or piece.startswith("</") or name in self._endless:
            return end
        closing = _ENDS[name].search(self._source, end)
        if closing is None:
            # The rest of the page is looked through once for each name.
            self._endless.add(name)
            return end
        if name in words.KEPT:
            self._keep(_unescaped(self._source[end : closing.start()]), words.KEPT[name])
        return closing.end()

    def _keep(self, content: str, mark: str) -> None:
        if mark == "$":
            content = f"${content.strip()}$"
        elif mark:
            content = content.strip("\n")
        around = mark.strip("$")
        self._out.append(f"{around}\0{len(self._kept)}\0{around}")
        self._kept.append(content)


def wikitext_text(source: str, hidden: frozenset[str]) -> str:
    """The words of a page of wikitext.

    Templates, tables, references, galleries, comments and links to files and categories are out; links and HTML elements are their words;
    formulas stand between `$`; headings, list items and code have lines of their own. A heading without a word below it is out.

    `hidden`: the prefixes of files and categories in lower case, whose links show no words.
    """
    return _Page(source.replace("\0", " "), hidden).text()


def _unescaped(text: str) -> str:
    # Without the name's end, html.unescape takes `&copying` for a sign too.
    return _ENTITY.sub(lambda found: html.unescape(found.group()), text)
