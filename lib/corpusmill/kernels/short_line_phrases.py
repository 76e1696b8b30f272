r"""What DCLM's refinedweb baseline takes out of lines of at most ten words: `items in cart`, a leading `Sign-in`, a final `Read more...`.

Source: arXiv 2406.11794, appendix; baselines/baselines_configs/dclm_baseline_refinedweb.yaml. Lines are str.split("\n").
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.dropped_lines import BLANK, BOILERPLATE, KEPT
from corpusmill.kernels.phrases import pack, phrase_end
from corpusmill.kernels.properties import SPACE
from corpusmill.kernels.unicode import property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, before, decode, width

_MOST_WORDS: Final = 10
_CART, _ = pack("items in cart")
_MORE, _ = pack("read more")
_SIGN, _ = pack("sign-in")
_DOTS: Final = 3
"""Characters behind `Read more`: the pattern's full stops stand for any."""
_MOST_PHRASES: Final = 4
"""Of three words each, glued to the next, ten words hold no more."""
ANYWHERE, AT_END, AT_BEGIN = range(3)


@jit
def _has_few_words(data: Bytes, i: int, end: int) -> bool:
    words, was_space = 0, True
    while i < end and words <= _MOST_WORDS:
        is_space = property_of(decode(data, i)) & SPACE != 0
        words += was_space and not is_space
        was_space = is_space
        i += width(data[i])
    return words <= _MOST_WORDS


@jit
def _with_blank_before(data: Bytes, low: int, i: int) -> int:
    """The byte where one character of white space before i begins; i where there is none."""
    if i <= low:
        return i
    earlier = before(data, i)
    return earlier if property_of(decode(data, earlier)) & SPACE else i


@jit
def _find_anywhere(data: Bytes, left: int, right: int, spans: Offsets) -> int:
    """`items in cart`, with one blank before."""
    count, low, i = 0, left, left
    while i < right:
        after = phrase_end(data, i, right, _CART)
        if after < 0:
            i += width(data[i])
            continue
        spans[count, 0], spans[count, 1] = _with_blank_before(data, low, i), after
        low = i = after
        count += 1
    return count


@jit
def _find_at_end(data: Bytes, left: int, right: int, spans: Offsets) -> int:
    """`Read more` and three characters, with one blank before."""
    i = right
    for _ in range(_DOTS):
        if i <= left:
            return 0
        i = before(data, i)
    begin = i - _MORE.size
    if begin < left or phrase_end(data, begin, i, _MORE) != i:
        return 0
    spans[0, 0], spans[0, 1] = _with_blank_before(data, left, begin), right
    return 1


@jit
def _find_at_begin(data: Bytes, left: int, right: int, spans: Offsets) -> int:
    """`Sign-in`, with one blank behind."""
    after = phrase_end(data, left, right, _SIGN)
    if after < 0:
        return 0
    if after < right and property_of(decode(data, after)) & SPACE:
        after += width(data[after])
    spans[0, 0], spans[0, 1] = left, after
    return 1


@jit
def _is_gone(data: Bytes, left: int, right: int, spans: Offsets, count: int) -> bool:
    """Whether only white space remains of the line."""
    i, number = left, 0
    while i < right:
        if number < count and i == spans[number, 0]:
            i = spans[number, 1]
            number += 1
            continue
        if not property_of(decode(data, i)) & SPACE:
            return False
        i += width(data[i])
    return True


@jit
def find_phrases(data: Bytes, start: Offsets, end: Offsets, place: int) -> tuple[npt.NDArray[np.int8], Offsets, Offsets]:
    """(codes int8[m], first int64[m+1], spans int64[p, 2]) for kernels.dropped_lines: lines that are nothing else go, others lose the phrases.

    `place`: ANYWHERE for items in cart, AT_END for Read more, AT_BEGIN for Sign-in.
    """
    codes, first = np.full(start.size, KEPT, np.int8), np.zeros(start.size + 1, np.int64)
    found, spans, total = np.empty((64, 2), np.int64), np.empty((_MOST_PHRASES, 2), np.int64), 0
    for k in range(start.size):
        left, right, count = start[k], end[k], 0
        if _has_few_words(data, left, right):
            if place == ANYWHERE:
                count = _find_anywhere(data, left, right, spans)
            elif place == AT_END:
                count = _find_at_end(data, left, right, spans)
            else:
                count = _find_at_begin(data, left, right, spans)
        if _is_gone(data, left, right, spans, count):
            codes[k] = BOILERPLATE if count else BLANK
            count = 0
        if total + count > found.shape[0]:
            larger = np.empty((2 * found.shape[0], 2), np.int64)
            larger[:total] = found[:total]
            found = larger
        found[total : total + count] = spans[:count]
        total += count
        first[k + 1] = total
    return codes, first, found[:total]
