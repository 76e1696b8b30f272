"""Unicode word segmentation (UAX #29, default rules) in one pass, with hash, length and kind of every segment kept.

Blocks of ASCII are taken 64 bytes at a time, runs of it eight; wherever anything else may take part, word_break's rules decide.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.ascii_blocks import BLOCK, mark_block
from corpusmill.kernels.english_rows import IS_ALPHA, IS_SYMBOL, fill_english
from corpusmill.kernels.hashing import U64
from corpusmill.kernels.lanes import HIGH_BITS, between, equal, letters_of
from corpusmill.kernels.memory import load8, load64, trailing_zeros
from corpusmill.kernels.properties import ALPHA, CLASS_MASK, SPACE, SYMBOL
from corpusmill.kernels.unicode import ASCII, property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, characters_between, decode, largest_step
from corpusmill.kernels.word_break import (
    ALETTER,
    EXTEND,
    EXTEND_NUM_LET,
    MID_LETTER,
    NUMERIC,
    SINGLE_QUOTE,
    SPACE_SEPARATOR,
    ZWJ,
    any_segment,
    follow,
)

PLAIN: Final = 1
"""Kind of a segment known to be ASCII; shares a word with SYMBOL, SPACE and ALPHA."""
_WORD: Final = 1
_MIDDLE: Final = 2
_BLANK: Final = 4
_LETTER: Final = 8
_DIGIT: Final = 16
_FOREIGN: Final = 32
_CLOSED: Final = 64


def _shapes() -> npt.NDArray[np.uint8]:
    """uint8[256]: what a byte tells of a segment.

    _WORD: letters, digits and _, which never break from one another; _MIDDLE: ' . , : ; which may join two of them; _FOREIGN: no ASCII;
    _BLANK: white space; _CLOSED: ASCII that always ends a segment of words.
    """
    classes = ASCII & CLASS_MASK
    shapes = np.full(256, _FOREIGN, np.uint8)
    is_word = (classes >= ALETTER) & (classes <= EXTEND_NUM_LET)
    is_middle = (classes >= MID_LETTER) & (classes <= SINGLE_QUOTE)
    shapes[:128] = is_word * _WORD | is_middle * _MIDDLE | ~(is_word | is_middle) * _CLOSED
    shapes[:128] |= ((ASCII & SPACE) != 0) * np.uint8(_BLANK) | ((ASCII & ALPHA) != 0) * np.uint8(_LETTER)
    shapes[:128] |= (classes == NUMERIC) * np.uint8(_DIGIT)
    return shapes


_SHAPE: Final = _shapes()

Words = tuple[Offsets, Offsets, Offsets, npt.NDArray[np.int32], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]
"""first int64[n+1], start, end int32[m] (int64 for 2 GB of text), characters int32[m], symbol bool[m], alpha bool[m]."""


@jit
def _run_end(data: Bytes, i: int, end: int, shapes: int) -> tuple[int, int]:
    """The end of a run of ASCII letters, digits and _ that goes on at i, and its shapes, those before i included; eight bytes at a time."""
    while i + 8 <= end:
        word = load64(data, i)
        byte = word & ~HIGH_BITS
        letters, digits = letters_of(byte), between(byte, 0x30, 0x39)
        others = (~(letters | digits | equal(byte, 0x5F)) | word) & HIGH_BITS
        size = trailing_zeros(others) >> 3
        inside = HIGH_BITS if size == 8 else (others - U64(1)) & ~others & HIGH_BITS
        shapes |= (_LETTER if letters & inside else 0) | (_DIGIT if digits & inside else 0)
        i += size
        if size < 8:
            return i, shapes
    while i < end and _SHAPE[load8(data, i)] & _WORD:
        shapes |= _SHAPE[load8(data, i)]
        i += 1
    return i, shapes


@jit
def _follow_ascii(data: Bytes, i: int, end: int, shapes: int) -> tuple[int, int]:
    """As _follow, for a segment of ASCII letters, digits and _ before i, of these shapes."""
    kind = 0 if shapes & (_LETTER | _DIGIT) else SYMBOL
    kind |= ALPHA if shapes & _LETTER else 0
    if i == end:
        return i, kind | PLAIN
    shape = _SHAPE[load8(data, i)]
    is_over = shape & _CLOSED
    if shape & _MIDDLE:
        is_over = i + 1 == end or not _SHAPE[load8(data, i + 1)] & (_WORD | _FOREIGN)
    if is_over:
        return i, kind | PLAIN
    return follow(data, i, end, kind, ASCII[data[i - 1]] & CLASS_MASK)


@jit
def _skip_blank(data: Bytes, i: int, end: int) -> int:
    """Where to go on after the ASCII white space at i; i itself where what follows may make a segment of it (WB3d, WB4)."""
    after = i + 1
    while after < end and load8(data, after) == 32:
        after += 1
    if after == end or load8(data, after) < 128:
        return after
    found = property_of(decode(data, after)) & CLASS_MASK
    return i if found == SPACE_SEPARATOR or EXTEND <= found <= ZWJ else after


@jit
def next_segment(data: Bytes, i: int, end: int) -> tuple[int, int, int]:
    """(start, end, kind) of the first segment at or after i that is not white space alone; start == end where there is none.

    kind: SYMBOL where all characters are, ALPHA where one is, PLAIN where all are known to be ASCII.
    """
    while i < end:
        shape = _SHAPE[load8(data, i)]
        start = i
        if shape & _WORD:
            i, shapes = _run_end(data, i + 1, end, shape)
            i, kind = _follow_ascii(data, i, end, shapes)
            return start, i, kind
        if shape & _BLANK:
            i = _skip_blank(data, i, end)
            if i > start:
                continue
        elif not shape & _FOREIGN and (i + 1 == end or load8(data, i + 1) < 128):
            return start, i + 1, SYMBOL | PLAIN
        i, kind = any_segment(data, i, end)
        if not kind & SPACE:
            return start, i, kind
    return end, end, 0


@jit
def _fill_block(
    data: Bytes, i: int, end: int, m: int, start: Offsets, stop: Offsets, characters: npt.NDArray[np.int32], kinds: npt.NDArray[np.uint8]
) -> tuple[int, int, bool]:
    """Write the segments that surely end in the 64 bytes from i on, at row m; gives (byte to go on from, row, whether all is ASCII)."""
    starts, ends, letters, alphanumerics, is_ascii = mark_block(data, i, end)
    after = i
    while ends != U64(0):
        first: int = trailing_zeros(starts)
        last: int = trailing_zeros(ends)
        inside = ((U64(2) << U64(last - first)) - U64(1)) << U64(first)
        start[m] = i + first
        after = i + last + 1
        stop[m] = after
        characters[m] = last + 1 - first
        kinds[m] = (IS_SYMBOL if alphanumerics & inside == U64(0) else 0) | (IS_ALPHA if letters & inside else 0)
        m += 1
        starts &= starts - U64(1)
        ends &= ends - U64(1)
    return after, m, is_ascii


@jit
def _fill_segments(
    data: Bytes,
    i: int,
    end: int,
    m: int,
    block: int,
    start: Offsets,
    stop: Offsets,
    characters: npt.NDArray[np.int32],
    kinds: npt.NDArray[np.uint8],
) -> tuple[int, int, int]:
    """Write segments from byte i on at row m while a block's fit into the rows; gives (byte to go on from, row, byte of the next block).

    Behind a block that is not all ASCII, the next begins where that one would have ended, so that other scripts pay for each byte once.
    """
    while m + BLOCK <= start.size:
        if block <= i < end and i + BLOCK <= data.size:
            after, m, is_ascii = _fill_block(data, i, end, m, start, stop, characters, kinds)
            block = after if is_ascii else i + BLOCK
            if after > i:
                i = after
                continue
        begin, i, kind = next_segment(data, i, end)
        if begin == i:
            break
        start[m] = begin
        stop[m] = i
        characters[m] = i - begin if kind & PLAIN else characters_between(data, begin, i)
        kinds[m] = (IS_SYMBOL if kind & SYMBOL else 0) | (IS_ALPHA if kind & ALPHA else 0)
        m += 1
    return i, m, block


@jit
def _fill(
    data: Bytes,
    offsets: Offsets,
    is_english: npt.NDArray[np.bool_],
    cuts: Bytes,
    first: Offsets,
    state: Offsets,
    start: Offsets,
    stop: Offsets,
    characters: npt.NDArray[np.int32],
    kinds: npt.NDArray[np.uint8],
) -> None:
    """Write words while they fit into the rows. `state` int64[4], kept between calls: document, byte, rows written, byte of the next block."""
    d, i, m, block = state[0], state[1], state[2], state[3]
    while d < offsets.size - 1:
        end = offsets[d + 1]
        if is_english[d]:
            i, m = fill_english(data, i, end, m, cuts, start, stop, characters, kinds)
        else:
            i, m, block = _fill_segments(data, i, end, m, block, start, stop, characters, kinds)
        if i < end:
            break
        d += 1
        first[d] = m
    state[0], state[1], state[2], state[3] = d, i, m, block


def segment_words(data: Bytes, offsets: Offsets, is_english: npt.NDArray[np.bool_]) -> Words:
    """All words of all documents, `is_english` bool[n] by kernels.english_words, the others by UAX #29; none of white space alone.

    symbol: every character is in datatrove's PUNCTUATION_SET; alpha: one of them is str.isalpha.
    """
    first = np.zeros(offsets.size, np.int64)
    state = np.array([0, offsets[0], 0, 0], np.int64)
    cuts = np.zeros(largest_step(offsets), np.uint8)
    # A segment of English takes 4 or 5 bytes with its space, one of Chinese 3, and memory that is not written to is not taken.
    size = data.size // 2 + BLOCK
    place = np.int32 if data.size < np.iinfo(np.int32).max else np.int64
    rows: list[npt.NDArray[Any]] = [np.empty(size, kind) for kind in (place, place, np.int32, np.uint8)]
    _fill(data, offsets, is_english, cuts, first, state, *rows)
    while state[0] < offsets.size - 1:
        size += size // 2
        rows = [np.concatenate([row, np.empty(size - row.size, row.dtype)]) for row in rows]
        _fill(data, offsets, is_english, cuts, first, state, *rows)
    start, end, characters, kinds = (row[: state[2]] for row in rows)
    return first, start, end, characters, (kinds & IS_SYMBOL) != 0, (kinds & IS_ALPHA) != 0
