"""Splitting into lines and paragraphs: byte ranges that agree with str.split, str.splitlines and re.split to the last character."""

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.lanes import find_byte
from corpusmill.kernels.properties import SPACE
from corpusmill.kernels.unicode import property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, before, characters_between, decode, width

Ranges = tuple[Offsets, Offsets, Offsets]
"""first: int64[n+1], start: int64[m], end: int64[m]."""
_NEWLINE = 10


@jit
def _line_break(data: Bytes, i: int, end: int) -> int:
    """Bytes of the line boundary of str.splitlines that begins at i; 0 where there is none."""
    byte = data[i]
    if byte == 13:
        return 2 if i + 1 < end and data[i + 1] == _NEWLINE else 1
    if 10 <= byte <= 12 or 28 <= byte <= 30:
        return 1
    if byte == 0xC2 and data[i + 1] == 0x85:
        return 2
    if byte == 0xE2 and data[i + 1] == 0x80 and (data[i + 2] == 0xA8 or data[i + 2] == 0xA9):
        return 3
    return 0


@jit
def _split_at_breaks(data: Bytes, begin: int, end: int, start: Offsets, stop: Offsets, m: int) -> int:
    """Write one document's str.splitlines from row m on; gives the row after them. No rows to write to: only counts."""
    line = i = begin
    while i < end:
        byte = data[i]
        if byte > 30 and byte != 0xC2 and byte != 0xE2:
            i += 1
            continue
        size = _line_break(data, i, end)
        if size == 0:
            i += 1
            continue
        if start.size:
            start[m] = line
            stop[m] = i
        m += 1
        i += size
        line = i
    if line < end:
        if start.size:
            start[m] = line
            stop[m] = end
        m += 1
    return m


@jit
def _split_at_newlines(data: Bytes, begin: int, end: int, least: int, start: Offsets, stop: Offsets, m: int) -> int:
    """As _split_at_breaks, for runs of at least so many newlines; least 0: at every single newline."""
    piece = begin
    i = find_byte(data, begin, end, _NEWLINE)
    while i < end:
        run = i + 1
        while least and run < end and data[run] == _NEWLINE:
            run += 1
        if run - i >= least:
            if start.size:
                start[m] = piece
                stop[m] = i
            m += 1
            piece = run
        i = find_byte(data, run, end, _NEWLINE)
    if start.size:
        start[m] = piece
        stop[m] = end
    return m + 1


@jit
def _split_at_pairs(data: Bytes, begin: int, end: int, start: Offsets, stop: Offsets, m: int) -> int:
    """As _split_at_breaks, for every two newlines."""
    piece = begin
    i = find_byte(data, begin, end, _NEWLINE)
    while i < end:
        if i + 1 < end and data[i + 1] == _NEWLINE:
            if start.size:
                start[m] = piece
                stop[m] = i
            m += 1
            i = piece = i + 2
        else:
            i += 1
        i = find_byte(data, i, end, _NEWLINE)
    if start.size:
        start[m] = piece
        stop[m] = end
    return m + 1


@jit
def stripped(data: Bytes, begin: int, end: int) -> tuple[int, int]:
    """The range without white space at both ends, as str.strip."""
    while begin < end and property_of(decode(data, begin)) & SPACE:
        begin += width(data[begin])
    while begin < end:
        last = before(data, end)
        if not property_of(decode(data, last)) & SPACE:
            break
        end = last
    return begin, end


@jit
def strip_spans(data: Bytes, start: Offsets, end: Offsets) -> tuple[Offsets, Offsets]:
    """int64[m] each: where the ranges begin and end without the white space at their ends."""
    low, high = np.empty(start.size, np.int64), np.empty(start.size, np.int64)
    for k in range(start.size):
        low[k], high[k] = stripped(data, start[k], end[k])
    return low, high


@jit
def _fill(data: Bytes, offsets: Offsets, kind: int, first: Offsets, start: Offsets, stop: Offsets) -> None:
    """One pass over all documents; kind -1: splitlines, 0: split at each newline, 1: at runs, 2: stripped, at runs of two or more, 3: at pairs."""
    m = 0
    for d in range(offsets.size - 1):
        begin, end = offsets[d], offsets[d + 1]
        if kind < 0:
            m = _split_at_breaks(data, begin, end, start, stop, m)
        elif kind == 3:
            m = _split_at_pairs(data, begin, end, start, stop, m)
        else:
            if kind == 2:
                begin, end = stripped(data, begin, end)
            m = _split_at_newlines(data, begin, end, kind, start, stop, m)
        first[d + 1] = m


def _split(data: Bytes, offsets: Offsets, kind: int) -> Ranges:
    first = np.zeros(offsets.size, np.int64)
    nothing = np.empty(0, np.int64)
    _fill(data, offsets, kind, first, nothing, nothing)
    start, stop = np.empty(first[-1], np.int64), np.empty(first[-1], np.int64)
    if start.size:
        _fill(data, offsets, kind, first, start, stop)
    return first, start, stop


def split_newlines(data: Bytes, offsets: Offsets) -> Ranges:
    r"""Each document as str.split("\n")."""
    return _split(data, offsets, 0)


def split_newline_runs(data: Bytes, offsets: Offsets) -> Ranges:
    r"""Each document as re.split("\n+", text)."""
    return _split(data, offsets, 1)


def split_paragraphs(data: Bytes, offsets: Offsets) -> Ranges:
    r"""Each document as re.split(r"\n{2,}", text.strip())."""
    return _split(data, offsets, 2)


def split_newline_pairs(data: Bytes, offsets: Offsets) -> Ranges:
    r"""Each document as str.split("\n\n")."""
    return _split(data, offsets, 3)


def split_lines(data: Bytes, offsets: Offsets) -> Ranges:
    """Each document as str.splitlines()."""
    return _split(data, offsets, -1)


@jit
def count_span_characters(data: Bytes, start: Offsets, end: Offsets) -> npt.NDArray[np.int32]:
    """int32[m]: code points of each range."""
    counts = np.empty(start.size, np.int32)
    for k in range(start.size):
        counts[k] = characters_between(data, start[k], end[k])
    return counts
