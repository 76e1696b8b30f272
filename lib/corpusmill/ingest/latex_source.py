"""A paper's LaTeX as one text: comments out, files put in where they are named, macros without arguments replaced by what they stand for."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from corpusmill.ingest.charset import decoded_blocks, find_codec
from corpusmill.ingest.latex_words import VERB, VERBATIM
from corpusmill.ingest.streams import OversizeError

_DEEPEST = 32
"""Files and macros inside each other."""
_EXPANDED = 1_000_000
"""Characters that macros may add; `\\a` that stands for `\\b\\b` and so on would double for ever."""
_LONGEST_BODY = 1000
"""Characters of a macro that is replaced."""
_LONGEST_GROUP = 20_000
"""Characters of any definition."""
_TOKEN = re.compile(r"\\(?:[a-zA-Z]+|[\s\S]|$)|%|[^\\%]+")
_COMMENT = re.compile(r"[^\n]*(?:\n[ \t]*)?")
_FILE = re.compile(r"[ \t]{0,20}(?:\{([^{}\n]{1,200})\}|([^\s{}\\%,]{1,200}))")
_NAMED = re.compile(r"\*?\s{0,20}(?:\{\s{0,20}\\([a-zA-Z]+)\s{0,20}\}|\\([a-zA-Z]+))\s{0,20}")
_ARITY = re.compile(r"\[\s?\d\s?\]\s{0,20}(?:\[[^\[\]]{0,200}\])?\s{0,20}")
_PARAMETERS = re.compile(r"[^{}\\\n]{0,100}")
_BRACES = re.compile(r"\\[\s\S]|[{}]")
_ENVIRONMENT = re.compile(r"\{([a-zA-Z]{1,40}\*?)\}")
_DEFINING = frozenset(("newcommand", "renewcommand", "providecommand", "DeclareRobustCommand", "DeclareMathOperator", "def"))
_INPUTS = frozenset(("input", "include", "subfile"))
_MAIN = re.compile(rb"^[^%\n]*\\document(?:class|style)\b", re.MULTILINE)


def main_file(files: Mapping[str, bytes]) -> str | None:
    """The name of the file with the document's class; of several the longest with a body, of equal ones the first by name."""
    candidates = sorted(name for name, data in files.items() if _MAIN.search(data)) or (list(files) if len(files) == 1 else [])
    return max(candidates, key=lambda name: (b"\\begin{document}" in files[name], len(files[name])), default=None)


def flat_source(files: Mapping[str, bytes], main: str, limit: int) -> str:
    """The paper that begins in the file `main`. A file that is not among `files` is left out.

    Raises OversizeError where the files that are put in have more than `limit` bytes together.
    """
    return "".join(_Flattening(files, limit).pieces(main))


@dataclass(slots=True)
class _Source:
    """A file or the body of a macro that is being read. `endless`: what was looked for to its end and is not there."""

    text: str
    name: str = ""
    at: int = 0
    endless: set[str] = field(default_factory=set)


class _Flattening:
    def __init__(self, files: Mapping[str, bytes], limit: int) -> None:
        self._files = files
        self._limit = self._left = limit
        self._expandable = _EXPANDED
        self._macros: dict[str, str] = {}
        self._sources: list[_Source] = []

    def pieces(self, main: str) -> Iterator[str]:
        self._enter(main)
        while self._sources:
            source = self._sources[-1]
            found = _TOKEN.match(source.text, source.at)
            if found is None:
                self._sources.pop()
                continue
            source.at = found.end()
            piece = found.group()
            if piece == "%":
                comment = _COMMENT.match(source.text, source.at)
                source.at = comment.end() if comment else source.at
            elif piece[0] == "\\" and len(piece) > 1 and piece[1].isalpha():
                yield self._command(source, piece)
            else:
                yield piece

    def _command(self, source: _Source, piece: str) -> str:
        """What a command is copied as; empty where it has been carried out."""
        name = piece[1:]
        if name in _DEFINING:
            self._define(source, name)
        elif name in _INPUTS and (file := _FILE.match(source.text, source.at)):
            source.at = file.end()
            self._enter(self._resolved(file.group(1) or file.group(2)))
        elif name == "iffalse":
            self._whole(source, r"\fi")
        elif name == "verb":
            return piece + self._verb(source)
        elif name == "begin" and (environment := _ENVIRONMENT.match(source.text, source.at)):
            return self._begin(source, piece, environment.group(1))
        elif name in self._macros:
            self._expand(name)
        else:
            return piece
        return ""

    def _begin(self, source: _Source, piece: str, environment: str) -> str:
        if environment.rstrip("*") in VERBATIM:
            return piece + self._whole(source, f"\\end{{{environment}}}")
        if environment == "comment":
            self._whole(source, "\\end{comment}")
            return ""
        return piece

    def _whole(self, source: _Source, closing: str) -> str:
        """Pass over the text up to and with `closing`, and give it; nothing where it does not come."""
        found = -1 if closing in source.endless else source.text.find(closing, source.at)
        if found < 0:
            source.endless.add(closing)
            return ""
        start, source.at = source.at, found + len(closing)
        return source.text[start : source.at]

    def _verb(self, source: _Source) -> str:
        r"""The rest of `\verb|code|`, which ends in its line."""
        start = source.at
        if found := VERB.match(source.text, start):
            source.at = found.end()
        return source.text[start : source.at]

    def _enter(self, name: str | None) -> None:
        if name is None or len(self._sources) >= _DEEPEST or any(source.name == name for source in self._sources):
            return
        data = self._files[name]
        self._left -= len(data) + 1
        if self._left < 0:
            raise OversizeError(f"more than {self._limit:,} bytes of LaTeX")
        text = "".join(decoded_blocks(data, find_codec(data, "", is_html=False)))
        self._sources.append(_Source(text.replace("\r\n", "\n").replace("\r", "\n"), name))

    def _resolved(self, name: str) -> str | None:
        """The file of the archive that is meant: by its place from the root or from the folder of the file that names it."""
        folder = posixpath.dirname(next(source.name for source in reversed(self._sources) if source.name))
        main = posixpath.dirname(self._sources[0].name)
        for base in dict.fromkeys((main, folder, "")):
            path = posixpath.normpath(posixpath.join(base, name.strip().strip('"')))
            for candidate in (path, f"{path}.tex"):
                if candidate in self._files:
                    return candidate
        return None

    def _define(self, source: _Source, name: str) -> None:
        """Take a definition out; only macros without arguments are replaced."""
        named = _NAMED.match(source.text, source.at)
        if named is None:
            return
        macro, at = named.group(1) or named.group(2), named.end()
        parameters = (_PARAMETERS if name == "def" else _ARITY).match(source.text, at)
        at = parameters.end() if parameters else at
        source.at, whole = _group_end(source.text, at)
        body = source.text[at + 1 : source.at - 1]
        if whole and len(body) <= _LONGEST_BODY and not (parameters and parameters.group().strip()):
            self._macros[macro] = f"\\operatorname{{{body}}}" if name == "DeclareMathOperator" else body
        else:
            self._macros.pop(macro, None)

    def _expand(self, name: str) -> None:
        body = self._macros[name]
        self._expandable -= len(body) + 1
        if self._expandable >= 0 and len(self._sources) < _DEEPEST:
            self._sources.append(_Source(body))


def _group_end(text: str, at: int) -> tuple[int, bool]:
    """Where the group ends that starts at `at`, and whether it does; what has no end within _LONGEST_GROUP is passed over."""
    if not text.startswith("{", at):
        return at, False
    depth = 0
    for found in _BRACES.finditer(text, at, at + _LONGEST_GROUP):
        depth += {"{": 1, "}": -1}.get(found.group(), 0)
        if depth == 0:
            return found.end(), True
    return min(len(text), at + _LONGEST_GROUP), False
