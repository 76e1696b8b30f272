r"""The edits that leave "\n".join(kept).strip() of texts of which lines go, and phrases out of those that stay."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.edit_rows import Rows, push, with_room
from corpusmill.kernels.properties import SPACE
from corpusmill.kernels.unicode import property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, width

CODES: Final = ("uppercase", "numeric", "counter", "too_few_words", "boilerplate", "whitespace")
"""Why a span is an edit, by number."""
BOILERPLATE: Final = CODES.index("boilerplate")
WHITESPACE: Final = CODES.index("whitespace")
KEPT: Final = -1
BLANK: Final = -2
"""A line of nothing, which stays between others."""


@jit
def _edges(codes: npt.NDArray[np.int8], begin: int, stop: int) -> tuple[int, int]:
    """The first and the last line that are kept and not blank; where there is none, `stop` and the last."""
    opening, closing = begin, stop - 1
    while opening < stop and codes[opening] != KEPT:
        opening += 1
    while closing > opening and codes[closing] != KEPT:
        closing -= 1
    return opening, closing


@jit
def _visible(data: Bytes, low: int, high: int, spans: Offsets) -> tuple[int, int]:
    """The first byte of data[low:high] that is neither white space nor in a span, and the byte after the last one."""
    left, right, i, number = high, high, low, 0
    while i < high:
        if number < spans.shape[0] and i == spans[number, 0]:
            i = spans[number, 1]
            number += 1
            continue
        following = i + width(data[i])
        if not property_of(decode(data, i)) & SPACE:
            left, right = min(left, i), following
        i = following
    return left, right


@jit
def _edit_line(low: int, high: int, left: int, right: int, spans: Offsets, rows: Rows, count: int, begin: int) -> int:
    """Push a line's phrases, and what of it lies outside left to right; gives the rows there are."""
    at = low
    for number in range(spans.shape[0] + 1):
        stop = spans[number, 0] if number < spans.shape[0] else high
        count = push(rows, count, begin, at, min(stop, left), WHITESPACE)
        count = push(rows, count, begin, max(at, right), stop, WHITESPACE)
        if number < spans.shape[0]:
            at = spans[number, 1]
            count = push(rows, count, begin, stop, at, BOILERPLATE)
    return count


@jit
def edit_lines(
    data: Bytes,
    offsets: Offsets,
    first: Offsets,
    start: Offsets,
    end: Offsets,
    codes: npt.NDArray[np.int8],
    phrase_first: Offsets,
    phrases: Offsets,
) -> tuple[Offsets, Rows]:
    """(first int64[n+1], rows) of the deletions, in order, not overlapping.

    `first`, `start`, `end`: the lines of each text as str.split gives them. `codes` int8[m]: why a line goes, or KEPT or BLANK.
    `phrases` int64[p, 2]: what goes out of kept lines, line k's in rows phrase_first[k] to phrase_first[k + 1].
    """
    firsts = np.zeros(offsets.size, np.int64)
    rows = np.empty((1024, 3), np.int64)
    count = 0
    for document in range(offsets.size - 1):
        begin, stop = first[document], first[document + 1]
        opening, closing = _edges(codes, begin, stop)
        rows = with_room(rows, count + stop - begin + 3 * (phrase_first[stop] - phrase_first[begin]) + 8)
        for k in range(begin, stop):
            if codes[k] >= 0 or k < opening or k > closing:
                low = start[k] if k <= closing else end[k - 1]
                high = start[k + 1] if k < closing else end[k]
                count = push(rows, count, firsts[document], low, high, codes[k] if codes[k] >= 0 else WHITESPACE)
                continue
            spans = phrases[phrase_first[k] : phrase_first[k + 1]]
            left, right = _visible(data, start[k], end[k], spans) if k in (opening, closing) else (start[k], end[k])
            left, right = left if k == opening else start[k], right if k == closing else end[k]
            count = _edit_line(start[k], end[k], left, right, spans, rows, count, firsts[document])
        firsts[document + 1] = count
    return firsts, rows[:count]
