"""What the start of a line of wikitext means, once all that spans lines is gone."""

import re

_ITEM = re.compile(r"[*#:;]+[ \t]*")
_EMPTY_BRACKETS = re.compile(r" ?\([\s,;:]{0,20}\)")
"""What a template between brackets leaves."""
_SPACES = re.compile(r"[ \t\xa0]+")
_RULE = re.compile(r"-{4,}")


def clean_lines(text: str) -> str:
    """Headings and list items as lines without their marks, at most one empty line between two."""
    lines: list[str] = []
    pending: list[tuple[int, str]] = []
    for raw in _EMPTY_BRACKETS.sub("", text).split("\n"):
        level, title = _heading(raw) if raw.startswith("=") else (0, "")
        if title:
            # A heading of the same or a higher level ends a section in which there was no word.
            while pending and pending[-1][0] >= level:
                pending.pop()
            pending.append((level, _SPACES.sub(" ", title)))
            continue
        line = _line(raw)
        if line:
            for _, above in pending:
                _append(lines, "", above, "")
            pending.clear()
        _append(lines, line)
    return "\n".join(lines).strip("\n")


def _heading(raw: str) -> tuple[int, str]:
    """Its level and title; no title where the line is no heading."""
    line = raw.rstrip()
    level = min(len(line) - len(line.lstrip("=")), len(line) - len(line.rstrip("=")), 6)
    return level, line[level:-level].strip() if level else ""


def _line(raw: str) -> str:
    """A line without its mark; empty for what is a remnant of a table or template that was never closed."""
    if raw.startswith(("|", "{|")):
        return ""
    mark = _ITEM.match(raw)
    line = _SPACES.sub(" ", raw[mark.end() :] if mark else _RULE.sub("", raw, count=1) if raw.startswith("----") else raw).strip()
    return f"- {line}" if mark and line and mark.group().rstrip()[-1] in "*#" else line


def _append(lines: list[str], *new: str) -> None:
    for line in new:
        if line or (lines and lines[-1]):
            lines.append(line)
