"""Unicode word segmentation (UAX #29, default rules WB1 to WB999) in one pass, with hash, length and kind of every segment kept."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import Hashes, xxh64
from corpusmill.kernels.properties import ALPHA, CLASS_MASK, PICTOGRAPHIC, SPACE, SYMBOL, WORD_BREAK
from corpusmill.kernels.unicode import ASCII, property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, characters_between, decode, width

_ALETTER: Final = WORD_BREAK.index("ALetter")
_HEBREW: Final = WORD_BREAK.index("Hebrew_Letter")
_NUMERIC: Final = WORD_BREAK.index("Numeric")
_KATAKANA: Final = WORD_BREAK.index("Katakana")
_EXTEND_NUM_LET: Final = WORD_BREAK.index("ExtendNumLet")
_MID_LETTER: Final = WORD_BREAK.index("MidLetter")
_MID_NUM: Final = WORD_BREAK.index("MidNum")
_MID_NUM_LET: Final = WORD_BREAK.index("MidNumLet")
_SINGLE_QUOTE: Final = WORD_BREAK.index("Single_Quote")
_DOUBLE_QUOTE: Final = WORD_BREAK.index("Double_Quote")
_REGIONAL: Final = WORD_BREAK.index("Regional_Indicator")
_SPACE: Final = WORD_BREAK.index("WSegSpace")
_EXTEND: Final = WORD_BREAK.index("Extend")
_ZWJ: Final = WORD_BREAK.index("ZWJ")
_CR: Final = WORD_BREAK.index("CR")
_LF: Final = WORD_BREAK.index("LF")

_WORD: Final = 1
_MIDDLE: Final = 2
_LINE_END: Final = 3
_OTHER: Final = 0
_CLASSES: Final = ASCII & CLASS_MASK
_KIND: Final = np.select(
    [
        (_CLASSES >= _ALETTER) & (_CLASSES <= _EXTEND_NUM_LET),
        (_CLASSES >= _MID_LETTER) & (_CLASSES <= _SINGLE_QUOTE),
        _CLASSES >= _CR,
    ],
    [_WORD, _MIDDLE, _LINE_END],
    _OTHER,
).astype(np.uint8)
"""uint8[128]: letters, digits and _ never break from one another; ' . , : ; may join two of them; line ends stand alone."""

Words = tuple[Offsets, Offsets, Offsets, npt.NDArray[np.int32], npt.NDArray[np.bool_], npt.NDArray[np.bool_], Hashes]
"""first int64[n+1], start int64[m], end int64[m], characters int32[m], symbol bool[m], alpha bool[m], hash uint64[m]."""


@jit
def _joins(last: int, following: int, regional: int) -> bool:
    """Whether two neighbouring classes stay together whatever follows: WB5, 8, 9, 10, 13, 13a, 13b, 15, 16."""
    if following == _EXTEND_NUM_LET:
        return _ALETTER <= last <= _EXTEND_NUM_LET
    if following == _KATAKANA:
        return last == _KATAKANA or last == _EXTEND_NUM_LET
    if _ALETTER <= following <= _NUMERIC:
        return _ALETTER <= last <= _NUMERIC or last == _EXTEND_NUM_LET
    return following == _REGIONAL and last == _REGIONAL and regional % 2 == 1


@jit
def _bridged(last: int, middle: int, after: int) -> bool:
    """Whether a mark joins what stands on its two sides: WB6, 7, 7b, 7c, 11, 12."""
    if last == _NUMERIC:
        return after == _NUMERIC and (_MID_NUM <= middle <= _SINGLE_QUOTE)
    if last != _ALETTER and last != _HEBREW:
        return False
    if after != _ALETTER and after != _HEBREW:
        return False
    if middle == _DOUBLE_QUOTE:
        return last == _HEBREW and after == _HEBREW
    return middle == _MID_LETTER or middle == _MID_NUM_LET or middle == _SINGLE_QUOTE


@jit
def _skip_ignored(data: Bytes, i: int, end: int) -> int:
    """The next character that WB4 does not skip, from i on; `end` where there is none."""
    while i < end:
        found = property_of(decode(data, i)) & CLASS_MASK
        if found < _EXTEND or found > _ZWJ:
            return i
        i += width(data[i])
    return end


@jit
def _merge(kind: int, word: int) -> int:
    """Kind of a segment with one more character: all SYMBOL, all SPACE, any ALPHA."""
    return (kind & word & (SYMBOL | SPACE)) | ((kind | word) & ALPHA)


@jit
def _kind_of(data: Bytes, start: int, end: int, kind: int) -> int:
    """Kind of a segment with the characters of data[start:end] added."""
    while start < end:
        kind = _merge(kind, property_of(decode(data, start)))
        start += width(data[start])
    return kind


@jit
def _follow(data: Bytes, i: int, end: int, kind: int, last: int) -> tuple[int, int]:
    """The end and the kind of a segment whose characters before i have this kind and this last class (WB4 applied)."""
    regional = 1
    previous = last
    while i < end:
        word = property_of(decode(data, i))
        found = word & CLASS_MASK
        following = i + width(data[i])
        if found >= _CR:
            break
        if _EXTEND <= found <= _ZWJ:
            previous = found
        elif (previous == _ZWJ and word & PICTOGRAPHIC) or (previous == _SPACE and found == _SPACE) or _joins(last, found, regional):
            regional += 1
            previous = last = found
        elif _MID_LETTER <= found <= _DOUBLE_QUOTE:
            after = _skip_ignored(data, following, end)
            if after < end and _bridged(last, found, property_of(decode(data, after)) & CLASS_MASK):
                kind = _kind_of(data, i, after, kind)
                word = property_of(decode(data, after))
                following = after + width(data[after])
                previous = last = word & CLASS_MASK
            elif last == _HEBREW and found == _SINGLE_QUOTE:  # WB7a
                previous = last = found
            else:
                break
        else:
            break
        kind = _merge(kind, word)
        i = following
    return i, kind


@jit
def _first_segment(data: Bytes, i: int, end: int) -> tuple[int, int]:
    """The end and the kind of the segment that begins at i. Only where it may hold more than ASCII is each character looked up."""
    byte = data[i]
    if byte < 128:
        shape = _KIND[byte]
        kind = ASCII[byte] & (SYMBOL | SPACE | ALPHA)
        last = ASCII[byte] & CLASS_MASK
        i += 1
        if shape == _LINE_END:
            return i + 1 if byte == 13 and i < end and data[i] == 10 else i, kind
        if shape == _WORD:
            while i < end and data[i] < 128 and _KIND[data[i]] == _WORD:
                last = ASCII[data[i]] & CLASS_MASK
                kind = _merge(kind, ASCII[data[i]])
                i += 1
            if i == end or (data[i] < 128 and _KIND[data[i]] != _MIDDLE):
                return i, kind
            if data[i] < 128 and (i + 1 == end or (data[i + 1] < 128 and _KIND[data[i + 1]] != _WORD)):
                return i, kind
        elif i == end or (data[i] < 128 and last != _SPACE):
            return i, kind
        return _follow(data, i, end, kind, last)
    word = property_of(decode(data, i))
    i += width(byte)
    if (word & CLASS_MASK) >= _CR:
        return i, word & (SYMBOL | SPACE | ALPHA)
    return _follow(data, i, end, word & (SYMBOL | SPACE | ALPHA), word & CLASS_MASK)


@jit
def next_segment(data: Bytes, i: int, end: int) -> tuple[int, int, int]:
    """(start, end, kind) of the first segment at or after i that is not white space alone; start == end where there is none."""
    while i < end:
        start = i
        while start < end and data[start] == 32:
            start += 1
        if start < end and data[start] >= 128:  # an Extend there would make a segment of all these spaces (WB3d, WB4)
            start = i
        if start == end:
            break
        i = start
        i, kind = _first_segment(data, i, end)
        if not kind & SPACE:
            return start, i, kind
    return end, end, 0


@jit
def _fill(
    data: Bytes,
    offsets: Offsets,
    first: Offsets,
    state: Offsets,
    start: Offsets,
    end: Offsets,
    characters: npt.NDArray[np.int32],
    symbol: npt.NDArray[np.bool_],
    alpha: npt.NDArray[np.bool_],
    hashes: Hashes,
) -> None:
    """Write segments until the rows are full. `state` int64[3], kept between calls: document, byte to go on from, rows written."""
    d, i, m = state[0], state[1], state[2]
    while d < offsets.size - 1:
        stop = offsets[d + 1]
        while m < start.size:
            begin, i, kind = next_segment(data, i, stop)
            if begin == i:
                break
            start[m] = begin
            end[m] = i
            characters[m] = characters_between(data, begin, i)
            symbol[m] = kind & SYMBOL != 0
            alpha[m] = kind & ALPHA != 0
            hashes[m] = xxh64(data, begin, i)
            m += 1
        if m == start.size:
            break
        d += 1
        first[d] = m
        i = stop
    state[0], state[1], state[2] = d, i, m


def segment_words(data: Bytes, offsets: Offsets) -> Words:
    """All segments of all documents but those of white space alone.

    symbol: every character is in datatrove's PUNCTUATION_SET; alpha: one of them is str.isalpha; hash: XXH64 of the bytes.
    """
    first = np.zeros(offsets.size, np.int64)
    state = np.array([0, 0, 0], np.int64)
    # A segment of English takes 5 bytes with its space; where segments are shorter, the rows grow.
    size = data.size // 5 + 64
    rows: list[npt.NDArray[Any]] = [np.empty(size, kind) for kind in (np.int64, np.int64, np.int32, np.bool_, np.bool_, np.uint64)]
    _fill(data, offsets, first, state, *rows)
    while state[0] < offsets.size - 1:
        size += size // 2
        rows = [np.concatenate([row, np.empty(size - row.size, row.dtype)]) for row in rows]
        _fill(data, offsets, first, state, *rows)
    start, end, characters, symbol, alpha, hashes = (row[: state[2]] for row in rows)
    return first, start, end, characters, symbol, alpha, hashes
