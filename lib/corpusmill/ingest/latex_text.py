"""LaTeX to text in one pass with a stack of what is open: time grows with the length of the paper, and no LaTeX is wrong.

pylatexenc 2.11 reads 85 kB/s and ends 2,000 open braces with a RecursionError; nothing here recurses.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from corpusmill.ingest import latex_words as words
from corpusmill.ingest.latex_ends import Formulas, group_end, in_line, in_lines
from corpusmill.ingest.prose import Prose

_DEEPEST = 1000
"""Groups and environments inside each other; a paper has some tens."""
_PIECE = re.compile(r"\\(?:[a-zA-Z]+\*?|[\s\S]|$)|\s+|\$\$?|[{}~&]|``|''|---?|[^\\{}$~&\s`'-]+|[\s\S]")
_NAME = re.compile(r"\s{0,20}\{([^{}]{0,100})\}")
_OPTION = re.compile(r"\[[^\[\]{}]{0,200}(?:\{[^{}]{0,200}\}[^\[\]{}]{0,200}){0,3}\]")
_BRACE = re.compile(r"\s{0,20}\{")
_LETTER = re.compile(r"\s{0,20}(?:\{\s{0,20}(\\[ij](?![a-zA-Z])|[^\W\d_])\s{0,20}\}|(\\[ij](?![a-zA-Z])|[^\W\d_]))")
_LINE_END = re.compile(r"\*?(?:\[[^\[\]\n]{0,30}\])?")


@dataclass(slots=True)
class _Open:
    environment: str
    """Its name; empty for a group in braces."""
    visible: bool
    """Whether what came before it was shown, and what comes after it will be."""
    end: str = ""
    """What its end adds."""
    prose: Prose | None = None
    """What its end goes back to, where it holds the title."""


class Paper:
    """The words of one paper. `title` is empty where none is given."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._prose = Prose()
        self._title = Prose()
        self._visible = "\\begin{document}" not in source
        self._body = self._visible
        self._stack: list[_Open] = []
        self._environments: Counter[str] = Counter()
        self._deeper = 0
        self._formulas = Formulas(source)
        self._single: dict[str, Callable[[str], None]] = {
            "{": lambda _: self._open("", self._visible), "}": self._close_group, "$": self._math, "$$": self._math,
            "&": self._space, "~": self._space,
        }  # fmt: skip
        while found := _PIECE.match(source, self._at):
            self._at = found.end()
            self._piece(found.group())
        while self._stack:
            self._close()
        self.title = " ".join(str(self._title).split())
        self.text = f"{self.title}\n\n{self._prose}".strip()

    def _piece(self, piece: str) -> None:
        if piece in self._single:
            self._single[piece](piece)
        elif piece.isspace():
            self._prose.part("\n\n" if piece.count("\n") > 1 else " ")
        elif piece[0] == "\\":
            self._command(piece)
        elif self._visible:
            self._prose.add(words.LIGATURES.get(piece, piece))

    def _space(self, _piece: str) -> None:
        self._prose.part(" ")

    def _show(self, text: str) -> None:
        if self._visible and text:
            self._prose.add(text)

    def _open(self, environment: str, visible: bool, end: str = "", prose: Prose | None = None) -> None:
        if len(self._stack) >= _DEEPEST:
            self._deeper += not environment
            return
        self._stack.append(_Open(environment, self._visible, end, prose))
        self._environments[environment] += 1
        self._visible = visible

    def _close(self) -> None:
        closed = self._stack.pop()
        self._environments[closed.environment] -= 1
        if closed.end == ")":
            self._show(closed.end)
        else:
            self._prose.part(closed.end)
        self._visible = closed.visible
        self._prose = closed.prose or self._prose

    def _close_group(self, _piece: str) -> None:
        if self._deeper:
            self._deeper -= 1
        elif self._stack and not self._stack[-1].environment:
            self._close()

    def _command(self, piece: str) -> None:
        name = piece[1:].rstrip("*") or piece[1:]
        if name in words.ACCENTS and (letter := _LETTER.match(self._source, self._at)):
            self._at = letter.end()
            self._show(words.accented(name, letter.group(1) or letter.group(2)))
        elif name in words.SIGNS:
            self._show(words.SIGNS[name])
        elif name in words.LITERALS:
            self._show(name)
        elif name in words.SPACES:
            self._prose.part(" ")
        elif self._formulas.is_opening(piece):
            self._math(piece)
        elif name in words.DROPPED or words.CITES.fullmatch(name):
            self._drop(name)
        elif name in ("begin", "end"):
            self._environment(name)
        elif name.isalpha():
            self._structure(name)
        elif name == "\\":
            self._skip(_LINE_END)
            self._prose.part("\n")

    def _structure(self, name: str) -> None:
        """Commands that say what their argument is; of all others the argument is text."""
        if name in words.SECTIONS:
            self._prose.part("\n\n")
            self._argument(self._visible, "\n\n" if "paragraph" not in name else " ")
        elif name == "caption":
            self._prose.part("\n\n")
            self._argument(self._body, "\n\n")
        elif name == "title":
            self._argument(True, prose=self._prose, into=self._title)
        elif name in words.FRONT_MATTER:
            self._argument(False)
        elif name == "footnote":
            self._prose.part(" ")
            self._show("(")
            self._argument(self._visible, ")")
        elif name in ("item", "par", "newline"):
            self._prose.part("\n\n" if name == "par" else "\n")
            self._show("-" if name == "item" else "")
            self._prose.part(" " if name == "item" else "")
        elif name == "verb":
            if code := words.VERB.match(self._source, self._at):
                self._at = code.end()
                self._show(code.group(2))
        else:
            self._skip(_OPTION)

    def _argument(self, visible: bool, end: str = "", prose: Prose | None = None, into: Prose | None = None) -> None:
        """Enter the group that follows, past an option; nothing where none follows."""
        self._skip(_OPTION)
        if self._skip(_BRACE):
            self._open("", visible, end, prose)
            if into is not None and self._stack[-1].prose is prose:
                into.parts.clear()
                self._prose = into

    def _skip(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._source, self._at)
        if found:
            self._at = found.end()
        return found

    def _drop(self, name: str) -> None:
        """Pass over a command's arguments."""
        for _ in range(2):
            self._skip(_OPTION)
        for _ in range(words.DROPPED.get(name, 1)):
            self._drop_argument()
        if name in words.SHRINKING or words.CITES.fullmatch(name):
            self._prose.close()

    def _drop_argument(self) -> None:
        if opened := self._skip(_BRACE):
            self._at = group_end(self._source, opened.end())

    def _environment(self, command: str) -> None:
        if not (named := self._skip(_NAME)):
            return
        name = named.group(1).strip()
        if command == "end":
            self._end(name)
            return
        plain = name.rstrip("*")
        if plain in words.MATH or plain in words.VERBATIM:
            if self._whole(name, named.start() - len("\\begin"), named.end(), plain in words.MATH):
                return
        elif name == "document":
            self._body = True
        self._prose.part("\n\n")
        self._open(name, name == "document" or (self._visible and plain not in words.HIDDEN), "\n\n")
        self._skip(_OPTION)
        for _ in range(words.ENVIRONMENT_ARGUMENTS.get(plain, 0)):
            self._drop_argument()

    def _end(self, name: str) -> None:
        if name == "document":
            self._at = len(self._source)
        # What was opened inside the environment and not closed ends with it.
        while self._environments[name]:
            closed = self._stack[-1].environment
            self._close()
            if closed == name:
                break

    def _whole(self, name: str, start: int, after: int, is_math: bool) -> bool:
        """Copy an environment of formulas as it is, of code without its tags; False where it has no end."""
        closing = f"\\end{{{name}}}"
        end = self._formulas.environment_end(closing, after)
        if end is None:
            return False
        self._at = end + len(closing)
        if is_math:
            self._display(self._source[start : self._at])
        else:
            option = _OPTION.match(self._source, after, end)
            self._prose.part("\n\n")
            self._show(self._source[option.end() if option else after : end].strip("\n"))
            self._prose.part("\n\n")
        return True

    def _math(self, opening: str) -> None:
        """Copy a formula as it is; a dollar sign without its end is text."""
        end = self._formulas.end(opening, self._at)
        if end is None:
            self._show(opening.lstrip("\\"))
            return
        formula = self._source[self._at - len(opening) : end]
        self._at = end
        if opening in ("$", r"\("):
            self._show(in_line(formula))
        else:
            self._display(formula)

    def _display(self, formula: str) -> None:
        self._prose.part("\n")
        self._show(in_lines(formula))
        self._prose.part("\n")
