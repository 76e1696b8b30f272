"""C4's line rules: which lines of a page stay, and the spans to take out so that exactly datatrove's rewritten text remains."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.c4_marks import CURLY, JAVASCRIPT, LOREM, POLICY, marks_of
from corpusmill.kernels.edit_rows import Rows, push, with_room
from corpusmill.kernels.lanes import find_byte
from corpusmill.kernels.lines import stripped
from corpusmill.kernels.phrases import pack
from corpusmill.kernels.properties import DIGIT, SPACE
from corpusmill.kernels.unicode import ASCII, property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, is_at, width

CODES: Final = ("too_long_word", "no_terminal_punc", "too_few_words", "javascript", "policy", "citation", "whitespace", "line_break")
"""Why a span is an edit, by number; the first five take whole lines, and their names are those of datatrove's statistics."""
TOO_LONG, NO_TERMINAL, TOO_FEW, SCRIPT, POLICIES, CITATION, WHITESPACE, BREAK = range(len(CODES))
_KEPT: Final = -1
_BLANK: Final = -2
"""A kept line of which only white space remains, as of `[1] [2] [3]`."""
_BRACKET: Final = ord("[")
_EDIT, _ = pack("edit]")
_NEEDED, _ = pack("citation needed]")


@jit
def judge_lines(
    data: Bytes, start: Offsets, end: Offsets, needs_terminal: bool, fewest_words: int, longest_word: int
) -> npt.NDArray[np.int8]:
    """int8[m]: why each line goes (a number of CODES), or a negative number where it stays.

    Words are what white space parts; `longest_word` is in characters.
    A line with `lorem ipsum` or a curly bracket stays if it comes to that check: it decides the whole page, by the rules on the c4 signals.
    """
    codes = np.empty(start.size, np.int8)
    line = np.empty(1024, np.uint8)
    for number in range(start.size):
        left, right = stripped(data, start[number], end[number])
        if line.size < right - left:
            line = np.empty(2 * (right - left), np.uint8)
        words, longest, has_bracket = _measure_words(data, left, right)
        if longest > longest_word:
            codes[number] = TOO_LONG
            continue
        if has_bracket:
            size, is_blank = _without_citations(data, left, right, line)
        else:
            size, is_blank = right - left, words == 0
            line[:size] = data[left:right]
        codes[number] = _judge(line, size, is_blank, needs_terminal, words < fewest_words)
    return codes


@jit
def _judge(line: Bytes, size: int, is_blank: bool, needs_terminal: bool, is_short: bool) -> int:
    """A stripped line, its citations removed, that has no word too long."""
    if needs_terminal and not _is_terminated(line, size):
        return NO_TERMINAL
    if is_short:
        return TOO_FEW
    marks = marks_of(line, 0, size)
    if not marks & LOREM:
        if marks & JAVASCRIPT:
            return SCRIPT
        if marks & POLICY and not marks & CURLY:
            return POLICIES
    return _BLANK if is_blank else _KEPT


@jit
def _measure_words(data: Bytes, left: int, right: int) -> tuple[int, int, bool]:
    """How many words str.split gives, the characters of the longest, and whether a square bracket opens."""
    words, longest, length, i, has_bracket = 0, 0, 0, left, False
    while i < right:
        byte = data[i]
        if byte < 0x80:
            is_space = byte <= 32 and ASCII[byte] & SPACE != 0
            has_bracket |= byte == _BRACKET
            i += 1
        else:
            is_space = property_of(decode(data, i)) & SPACE != 0
            i += width(byte)
        if is_space:
            length = 0
        else:
            words += length == 0
            length += 1
            longest = max(longest, length)
    return words, longest, has_bracket


@jit
def _citation_end(data: Bytes, i: int, right: int) -> int:
    r"""Where a match of `\[\d*]|\[edit]|\[citation needed]` ends that begins at i; i where there is none."""
    if data[i] != _BRACKET:
        return i
    end = i + 1
    while end < right and property_of(decode(data, end)) & DIGIT:
        end += width(data[end])
    if end < right and data[end] == 93:
        return end + 1
    if is_at(data, i + 1, right, _EDIT):
        return i + 1 + _EDIT.size
    return i + 1 + _NEEDED.size if is_at(data, i + 1, right, _NEEDED) else i


@jit
def _without_citations(data: Bytes, left: int, right: int, line: Bytes) -> tuple[int, bool]:
    """Copy the line but for its citations; gives the bytes written, and whether they are white space alone."""
    size, i, is_blank = 0, left, True
    while i < right:
        after = _citation_end(data, i, right)
        if after > i:
            i = after
            continue
        is_blank = is_blank and property_of(decode(data, i)) & SPACE != 0
        for _ in range(width(data[i])):
            line[size] = data[i]
            size += 1
            i += 1
    return size, is_blank


@jit
def _is_terminated(line: Bytes, size: int) -> bool:
    """Whether it ends with one of . ? ! " ' and not with three full stops."""
    if size == 0 or line[size - 1] not in (46, 63, 33, 34, 39):
        return False
    return not (size > 2 and line[size - 1] == 46 and line[size - 2] == 46 and line[size - 3] == 46)


@jit
def edit_lines(
    data: Bytes, offsets: Offsets, first: Offsets, start: Offsets, end: Offsets, codes: npt.NDArray[np.int8]
) -> tuple[Offsets, Rows]:
    r"""(first int64[n+1], rows) of the edits that leave "\n".join(kept).strip() of each text, in order, not overlapping.

    `first`, `start`, `end`: the lines of each text as str.splitlines gives them; `codes`: as judged. BREAK becomes a newline, all else goes.
    """
    firsts = np.zeros(offsets.size, np.int64)
    rows = np.empty((1024, 3), np.int64)
    count = 0
    for document in range(offsets.size - 1):
        begin, stop = first[document], first[document + 1]
        opening, closing = begin, stop - 1
        while opening < stop and codes[opening] != _KEPT:
            opening += 1
        while closing > opening and codes[closing] != _KEPT:
            closing -= 1
        for number in range(begin, stop):
            after = start[number + 1] if number + 1 < stop else offsets[document + 1]
            rows = with_room(rows, count + after - start[number] + 4)
            is_outside = number < opening or number > closing
            if codes[number] >= 0 or is_outside:
                code = codes[number] if codes[number] >= 0 else WHITESPACE
                count = push(rows, count, firsts[document], start[number], after, code)
                continue
            count = _edit_line(data, start[number], end[number], number == opening, number == closing, rows, count, firsts[document])
            if after > end[number] and number == closing:
                count = push(rows, count, firsts[document], end[number], after, WHITESPACE)
            elif after > end[number] + 1 or (after > end[number] and data[end[number]] != 10):
                count = push(rows, count, count, end[number], after, BREAK)  # never joined
        firsts[document + 1] = count
    return firsts, rows[:count]


@jit
def _edit_line(data: Bytes, low: int, high: int, is_first: bool, is_last: bool, rows: Rows, count: int, begin: int) -> int:
    """Edits inside one kept line: white space at its ends and citations; where it opens or closes the text, white space beside these too."""
    left, right = stripped(data, low, high)
    count = push(rows, count, begin, low, left, WHITESPACE)
    if find_byte(data, left, right, _BRACKET) < right:
        count = _edit_citations(data, left, right, is_first, is_last, rows, count, begin)
    return push(rows, count, begin, right, high, WHITESPACE)


@jit
def _edit_citations(data: Bytes, left: int, right: int, is_first: bool, is_last: bool, rows: Rows, count: int, begin: int) -> int:
    """Edits inside a stripped line that may hold citations."""
    opens, closes = right, left
    i = left
    while i < right:
        after = _citation_end(data, i, right)
        if after == i:
            after = i + width(data[i])
            if not property_of(decode(data, i)) & SPACE:
                opens, closes = min(opens, i), after
        i = after
    i = left
    while i < right:
        after = _citation_end(data, i, right)
        if after > i:
            count = push(rows, count, begin, i, after, CITATION)
        else:
            after = i + width(data[i])
            if (is_first and i < opens) or (is_last and i >= closes):
                count = push(rows, count, begin, i, after, WHITESPACE)
        i = after
    return count
