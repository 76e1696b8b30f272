"""Unicode word segmentation (UAX #29, default rules WB1 to WB999) in one pass, with hash, length and kind of every segment kept."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import Hashes, xxh64
from corpusmill.kernels.properties import ALPHA, CLASS_MASK, PICTOGRAPHIC, SPACE, SYMBOL, WORD_BREAK
from corpusmill.kernels.unicode import ASCII, property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, width

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
    """Whether two neighbouring classes stay together whatever follows: WB5, 8, 9, 10, 13, 13a, 13b, 15, 16, 7a."""
    if following == _EXTEND_NUM_LET:
        return _ALETTER <= last <= _EXTEND_NUM_LET
    if following == _KATAKANA:
        return last == _KATAKANA or last == _EXTEND_NUM_LET
    if _ALETTER <= following <= _NUMERIC:
        return _ALETTER <= last <= _NUMERIC or last == _EXTEND_NUM_LET
    if following == _REGIONAL:
        return last == _REGIONAL and regional % 2 == 1
    return last == _HEBREW and following == _SINGLE_QUOTE


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
def _class_after(data: Bytes, i: int, end: int) -> int:
    """Class of the next character that WB4 does not skip; 0 at the end."""
    while i < end:
        found = property_of(decode(data, i)) & CLASS_MASK
        if found < _EXTEND or found > _ZWJ:
            return found
        i += width(data[i])
    return 0


@jit
def _segment_end(data: Bytes, i: int, end: int, kind: int, last: int) -> tuple[int, int]:
    """Follow a segment that already holds a character before i. `kind`: the property words so far, AND of SYMBOL and SPACE, OR of the rest.

    `last` is its last class, WB4 applied. Gives the end and the kind.
    """
    regional = 1
    previous = last
    while i < end:
        word = property_of(decode(data, i))
        found = word & CLASS_MASK
        if found >= _CR:
            break
        if _EXTEND <= found <= _ZWJ:
            previous = found
        elif (previous == _ZWJ and word & PICTOGRAPHIC) or (previous == _SPACE and found == _SPACE) or _joins(last, found, regional):
            regional += 1
            previous = last = found
        elif _MID_LETTER <= found <= _DOUBLE_QUOTE and _bridged(last, found, _class_after(data, i + width(data[i]), end)):
            previous = last = _OTHER
            kind = (kind & word & (SYMBOL | SPACE)) | ((kind | word) & ALPHA)
            i += width(data[i])
            while True:
                word = property_of(decode(data, i))
                if (word & CLASS_MASK) < _EXTEND:
                    break
                kind = (kind & word & (SYMBOL | SPACE)) | ((kind | word) & ALPHA)
                i += width(data[i])
            previous = last = word & CLASS_MASK
        else:
            break
        kind = (kind & word & (SYMBOL | SPACE)) | ((kind | word) & ALPHA)
        i += width(data[i])
    return i, kind
