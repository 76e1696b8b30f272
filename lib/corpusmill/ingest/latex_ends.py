"""Where formulas and other things that LaTeX papers quote as they are end."""

import re

_CLOSINGS = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}
_ENDS = {opening: re.compile(rf"{re.escape(closing)}|\\[\s\S]|\n[ \t]*\n") for opening, closing in _CLOSINGS.items()}
"""An end, or an empty line, at which TeX stops with an error."""
_BRACES = re.compile(r"\\[\s\S]|[{}]|\n[ \t]*\n")
_LABEL = re.compile(r"\\label\s{0,20}\{[^{}]*\}")


class Formulas:
    """Finds ends in one source. What has none is looked for once, so that time stays linear."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._endless: dict[str, int] = {}

    def is_opening(self, piece: str) -> bool:
        """Whether a formula starts with this."""
        return piece in _CLOSINGS

    def end(self, opening: str, at: int) -> int | None:
        """Where the formula ends whose inside starts at `at`; None where it does not before an empty line."""
        if at <= self._endless.get(opening, -1):
            return None
        for found in _ENDS[opening].finditer(self._source, at):
            if found.group() == _CLOSINGS[opening]:
                return found.end()
            if found.group()[0] == "\n":
                self._endless[opening] = found.start()
                return None
        self._endless[opening] = len(self._source)
        return None

    def environment_end(self, closing: str, at: int) -> int | None:
        """Where `closing` starts after `at`; None where it does not come."""
        found = -1 if closing in self._endless else self._source.find(closing, at)
        if found < 0:
            self._endless[closing] = len(self._source)
            return None
        return found


def in_line(formula: str) -> str:
    """A formula without labels in one line."""
    return " ".join(_LABEL.sub("", formula).split())


def in_lines(formula: str) -> str:
    """A formula without labels and empty lines."""
    return "\n".join(line.rstrip() for line in _LABEL.sub("", formula).split("\n") if line.strip())


def group_end(source: str, at: int) -> int:
    """Where the group ends whose inside starts at `at`: at the latest before an empty line, where TeX gives an argument up."""
    depth = 1
    for found in _BRACES.finditer(source, at):
        depth += {"{": 1, "}": -1}.get(found.group(), 0)
        if depth == 0:
            return found.end()
        if found.group()[0] == "\n":
            return found.start()
    return len(source)
