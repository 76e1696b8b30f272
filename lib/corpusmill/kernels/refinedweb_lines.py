r"""RefinedWeb's line rules (arXiv 2306.01116, table 5, as DCLM's refinedweb baseline runs them): which lines stay.

Lines are str.split("\n"). One goes if more than half of its characters are upper case, if all are digits, if it is a counter such as
`3 likes`, or if it has a single word.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.dropped_lines import BLANK, KEPT
from corpusmill.kernels.phrases import pack, phrase_end
from corpusmill.kernels.properties import ALPHANUMERIC, ANY_DIGIT, DIGIT, SPACE, UPPERCASE
from corpusmill.kernels.unicode import property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, width

UPPER, NUMERIC, COUNTER, TOO_FEW = range(4)
"""Why a line goes; the numbers are those of kernels.dropped_lines.CODES."""
_LARGEST_UPPERCASE: Final = 0.5
_LARGEST_NUMERIC: Final = 0.999999
_FEWEST_WORDS: Final = 2
_COUNTED, _COUNTED_FIRST = pack(
    "likes", "shares", "comments", "retweets", "reposts", "quotes", "bookmarks", "upvotes", "downvotes", "downloads", "views", "followers"
)  # fmt: skip


@jit
def _is_word_character(code_point: int) -> bool:
    return code_point == 95 or property_of(code_point) & ALPHANUMERIC != 0


@jit
def _is_counter(data: Bytes, i: int, end: int) -> bool:
    """Whether the line is a number with at most a k, m or b, white space, one of the words that sites count, and marks around."""
    while i < end and not _is_word_character(decode(data, i)):
        i += width(data[i])
    if i == end or not property_of(decode(data, i)) & DIGIT:
        return False
    while i < end and (data[i] == 44 or data[i] == 46 or property_of(decode(data, i)) & DIGIT):
        i += width(data[i])
    if i < end and data[i] in (66, 75, 77, 98, 107, 109):
        i += 1
    begin = i
    while i < end and property_of(decode(data, i)) & SPACE:
        i += width(data[i])
    if i == begin:
        return False
    for number in range(_COUNTED_FIRST.size - 1):
        after = phrase_end(data, i, end, _COUNTED[_COUNTED_FIRST[number] : _COUNTED_FIRST[number + 1]])
        while 0 <= after < end and not _is_word_character(decode(data, after)):
            after += width(data[after])
        if after == end:
            return True
    return False


@jit
def _judge(data: Bytes, start: int, end: int) -> int:
    """Why a line that is not empty goes, else KEPT."""
    characters = uppercase = digits = words = 0
    was_space = True
    i = start
    while i < end:
        kind = property_of(decode(data, i))
        characters += 1
        uppercase += kind & UPPERCASE != 0
        digits += kind & ANY_DIGIT != 0
        is_space = kind & SPACE != 0
        words += was_space and not is_space
        was_space = is_space
        i += width(data[i])
    if uppercase / characters > _LARGEST_UPPERCASE:
        return UPPER
    if digits / characters > _LARGEST_NUMERIC:
        return NUMERIC
    if digits and _is_counter(data, start, end):
        return COUNTER
    return TOO_FEW if words < _FEWEST_WORDS else KEPT


@jit
def judge_lines(data: Bytes, start: Offsets, end: Offsets) -> npt.NDArray[np.int8]:
    """int8[m]: why each line goes, KEPT, or BLANK for an empty one, which stays."""
    codes = np.full(start.size, BLANK, np.int8)
    for k in range(start.size):
        if end[k] > start[k]:
            codes[k] = _judge(data, start[k], end[k])
    return codes
