"""The rules of UAX #29 for word boundaries (WB1 to WB999), character by character, for any text."""

from typing import Final

from corpusmill.kernels import jit
from corpusmill.kernels.memory import load8
from corpusmill.kernels.properties import ALPHA, CLASS_MASK, PICTOGRAPHIC, SPACE, SYMBOL, WORD_BREAK
from corpusmill.kernels.unicode import property_of
from corpusmill.kernels.utf8 import Bytes, decode, width

OTHER: Final = WORD_BREAK.index("Other")
ALETTER: Final = WORD_BREAK.index("ALetter")
HEBREW: Final = WORD_BREAK.index("Hebrew_Letter")
NUMERIC: Final = WORD_BREAK.index("Numeric")
KATAKANA: Final = WORD_BREAK.index("Katakana")
EXTEND_NUM_LET: Final = WORD_BREAK.index("ExtendNumLet")
MID_LETTER: Final = WORD_BREAK.index("MidLetter")
MID_NUM: Final = WORD_BREAK.index("MidNum")
MID_NUM_LET: Final = WORD_BREAK.index("MidNumLet")
SINGLE_QUOTE: Final = WORD_BREAK.index("Single_Quote")
DOUBLE_QUOTE: Final = WORD_BREAK.index("Double_Quote")
REGIONAL: Final = WORD_BREAK.index("Regional_Indicator")
SPACE_SEPARATOR: Final = WORD_BREAK.index("WSegSpace")
EXTEND: Final = WORD_BREAK.index("Extend")
ZWJ: Final = WORD_BREAK.index("ZWJ")
CR: Final = WORD_BREAK.index("CR")


@jit
def _joins(last: int, following: int, regional: int) -> bool:
    """Whether two neighbouring classes stay together whatever follows: WB5, 8, 9, 10, 13, 13a, 13b, 15, 16."""
    if following == EXTEND_NUM_LET:
        return ALETTER <= last <= EXTEND_NUM_LET
    if following == KATAKANA:
        return last == KATAKANA or last == EXTEND_NUM_LET
    if ALETTER <= following <= NUMERIC:
        return ALETTER <= last <= NUMERIC or last == EXTEND_NUM_LET
    return following == REGIONAL and last == REGIONAL and regional % 2 == 1


@jit
def _bridged(last: int, middle: int, after: int) -> bool:
    """Whether a mark joins what stands on its two sides: WB6, 7, 7b, 7c, 11, 12."""
    if last == NUMERIC:
        return after == NUMERIC and (MID_NUM <= middle <= SINGLE_QUOTE)
    if last != ALETTER and last != HEBREW:
        return False
    if after != ALETTER and after != HEBREW:
        return False
    if middle == DOUBLE_QUOTE:
        return last == HEBREW and after == HEBREW
    return middle == MID_LETTER or middle == MID_NUM_LET or middle == SINGLE_QUOTE


@jit
def _skip_ignored(data: Bytes, i: int, end: int) -> int:
    """The next character that WB4 does not skip, from i on; `end` where there is none."""
    while i < end:
        found = property_of(decode(data, i)) & CLASS_MASK
        if found < EXTEND or found > ZWJ:
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
def follow(data: Bytes, i: int, end: int, kind: int, last: int) -> tuple[int, int]:
    """The end and the kind of a segment whose characters before i have this kind and this last class (WB4 applied)."""
    regional = 1
    previous = last
    while i < end:
        word = property_of(decode(data, i))
        found = word & CLASS_MASK
        following = i + width(data[i])
        if found >= CR:
            break
        if EXTEND <= found <= ZWJ:
            previous = found
        elif (
            (previous == ZWJ and word & PICTOGRAPHIC)
            or (previous == SPACE_SEPARATOR and found == SPACE_SEPARATOR)
            or _joins(last, found, regional)
        ):
            regional += 1
            previous = last = found
        elif MID_LETTER <= found <= DOUBLE_QUOTE:
            after = _skip_ignored(data, following, end)
            if after < end and _bridged(last, found, property_of(decode(data, after)) & CLASS_MASK):
                kind = _kind_of(data, i, after, kind)
                word = property_of(decode(data, after))
                following = after + width(data[after])
                previous = last = word & CLASS_MASK
            elif last == HEBREW and found == SINGLE_QUOTE:  # WB7a
                previous = last = found
            else:
                break
        else:
            break
        kind = _merge(kind, word)
        i = following
    return i, kind


@jit
def any_segment(data: Bytes, i: int, end: int) -> tuple[int, int]:
    """The end and the kind of the segment that begins at i, with every character looked up."""
    word = property_of(decode(data, i))
    found = word & CLASS_MASK
    kind = word & (SYMBOL | SPACE | ALPHA)
    i += width(data[i])
    if found == OTHER and (i == end or load8(data, i) < 128 or property_of(decode(data, i)) & CLASS_MASK < EXTEND):
        return i, kind
    if found == CR:
        return i + 1 if i < end and data[i] == 10 else i, kind
    if found > CR:
        return i, kind
    return follow(data, i, end, kind, found)
