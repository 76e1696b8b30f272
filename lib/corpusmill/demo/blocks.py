"""Light markup, as docstrings and README files carry it, becomes headings, paragraphs, list items and code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import cleandoc
from typing import Literal

Kind = Literal["heading", "paragraph", "item", "code"]


@dataclass(frozen=True)
class Block:
    """One piece of a page: plain text without markup, except for code, which is kept as it stands."""

    kind: Kind
    text: str


_RULE = re.compile(r"^\s*([=\-~^\"'`#*+._])\1{2,}\s*$")
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)]|#\.)\s+")
_FIELD = re.compile(r"^:(?:param|type|return|returns|rtype|raises|keyword|arg|ivar|cvar|var)\b[^:]*:\s*", re.IGNORECASE)
_DIRECTIVE = re.compile(r"^\.\.\s+([\w-]+)::\s*(.*)$")
_PROSE_DIRECTIVES = {"note", "warning", "important", "tip", "seealso", "versionadded", "versionchanged", "deprecated", "rubric"}
_CODE_START = re.compile(r"^\s*(?:>>>|\.\.\. |\$ |In \[\d+\]|%|\|.*\||\+[-=+]+\+|<[!/a-zA-Z])")
_GOOGLE = re.compile(r"^\s*[A-Z][A-Za-z ]{2,24}:\s*$")
_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),
    (re.compile(r"\[([^\]]+)\]\([^)\s]*\)"), r"\1"),
    (re.compile(r"`([^`<>]+?)\s*<[^`<>]*>`__?"), r"\1"),
    (re.compile(r":[a-z:+-]{2,20}:`~?!?(?:[\w.]+\.)?([^`<>]+?)(?:\s*<[^`]*>)?`"), r"\1"),
    (re.compile(r"``([^`]+)``"), r"\1"),
    (re.compile(r"`([^`]+)`_{0,2}"), r"\1"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"\1"),
    (re.compile(r"(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])"), r"\1"),
    (re.compile(r"\|(\w+)\|_?"), r"\1"),
    (re.compile(r"\s+"), " "),
)


def plain(text: str) -> str:
    """Text without Markdown's and reStructuredText's inline markup, on one line."""
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return text.strip()


def _chunks(lines: list[str]) -> Iterator[list[str]]:
    """Runs of lines without a blank one between them; a fenced code block is one run, fences included."""
    chunk: list[str] = []
    fenced = False
    for line in lines:
        fence = line.lstrip().startswith("```")
        if fence and not fenced and chunk:
            yield chunk
            chunk = []
        if line.strip() or fenced:
            chunk.append(line)
        if (fence and fenced) or (not line.strip() and not fenced and chunk):
            yield chunk
            chunk = []
        fenced ^= fence
    if chunk:
        yield chunk


def _indent(line: str) -> int:
    """Leading blanks of a line."""
    return len(line) - len(line.lstrip())


def _items(lines: list[str], starts: re.Pattern[str] | None) -> Iterator[Block]:
    """List items: a line with a marker (without markers: a line at the least indentation) and what continues it."""
    least = min(_indent(line) for line in lines)
    item: list[str] = []
    for line in lines:
        begins = bool(starts.match(line)) if starts else _indent(line) == least
        if begins and item:
            yield Block("item", plain(" ".join(item)))
            item = []
        item.append(starts.sub("", line, count=1) if begins and starts else line.strip())
    if item:
        yield Block("item", plain(" ".join(item)))


def _titled(chunk: list[str]) -> tuple[str | None, list[str]]:
    """The heading that a chunk begins with, if any, and its other lines."""
    first = chunk[0].strip()
    if first.startswith("#") and first.lstrip("#").startswith(" "):
        return plain(first.lstrip("#")), chunk[1:]
    if _RULE.match(first) and len(chunk) > 2 and _RULE.match(chunk[2]):
        return plain(chunk[1]), chunk[3:]
    if len(chunk) > 1 and _RULE.match(chunk[1]):
        return plain(first), chunk[2:]
    if len(chunk) > 1 and _GOOGLE.match(chunk[0]) and _indent(chunk[1]) > _indent(chunk[0]):
        return first.rstrip(":"), chunk[1:]
    return None, chunk


def _body(lines: list[str], literal: bool) -> Iterator[Block]:
    """The blocks of a chunk that has no heading (any more)."""
    first = lines[0].strip()
    directive = _DIRECTIVE.match(first)
    if directive:
        words = [directive[2], *lines[1:]] if directive[1] in _PROSE_DIRECTIVES else []
        if any(word.strip() for word in words):
            yield Block("paragraph", plain(" ".join(words)))
    elif first.startswith(".. ") or _RULE.match(first):
        return
    elif literal or first.startswith("```") or _CODE_START.match(first):
        code = "\n".join(line for line in lines if not line.lstrip().startswith("```"))
        yield Block("code", cleandoc(code))
    elif _FIELD.match(first):
        yield from _items(lines, _FIELD)
    elif _ITEM.match(first):
        yield from _items(lines, _ITEM)
    elif len(lines) > 1 and all(_indent(line) > 0 for line in lines[1:]) and _indent(lines[0]) == 0:
        yield from _items(lines, None)
    else:
        yield Block("paragraph", plain(" ".join(lines)))


def parse_blocks(text: str) -> list[Block]:
    """The blocks of a docstring or README, in order; empty ones left out."""
    blocks: list[Block] = []
    literal = False
    for chunk in _chunks(cleandoc(text).expandtabs(4).splitlines()):
        heading, rest = _titled(chunk)
        if heading:
            blocks.append(Block("heading", heading))
        if rest:
            blocks.extend(_body(rest, literal and _indent(rest[0]) > 0))
            literal = rest[-1].rstrip().endswith("::") or (literal and _indent(rest[0]) > 0)
    return [block for block in blocks if block.text]
