"""How many characters of each kind documents have, in one pass."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.memory import load8
from corpusmill.kernels.properties import ALPHANUMERIC, DIGIT, HAN, SPACE, UPPERCASE
from corpusmill.kernels.unicode import ASCII, property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, width

KINDS: Final = ("alphanumeric", "digits", "white_space", "uppercase", "brackets", "han", "longest_word")
"""The columns of count_kinds: str.isalnum, general category Nd, str.isspace, str.isupper, ( and ), script Han, and the characters of the
longest piece that str.split gives."""
_FIELD: Final = 12
"""Bits of a counter in a word of five."""
_FLUSH: Final = (1 << _FIELD) - 1
"""Characters after which the counters of a word may be full."""


def _increments() -> np.ndarray:
    """int64[128]: what an ASCII character adds to the five counters that it can add to, one in each 12 bits."""
    kinds = [(ASCII & flag) != 0 for flag in (ALPHANUMERIC, DIGIT, SPACE, UPPERCASE)] + [np.array([chr(c) in "()" for c in range(128)])]
    return sum((kind.astype(np.int64) << (_FIELD * k) for k, kind in enumerate(kinds)), np.zeros(128, np.int64))


_INCREMENTS: Final = _increments()
_IS_SPACE: Final = 1 << (2 * _FIELD)


@jit
def _add(packed: int, counts: Offsets) -> None:
    for k in range(5):
        counts[k] += (packed >> (_FIELD * k)) & _FLUSH


@jit
def _count_foreign(code_point: int, counts: Offsets) -> bool:
    """Count one character outside ASCII; gives whether it is white space."""
    word = property_of(code_point)
    counts[0] += word & ALPHANUMERIC != 0
    counts[1] += word & DIGIT != 0
    counts[2] += word & SPACE != 0
    counts[3] += word & UPPERCASE != 0
    counts[5] += word & HAN != 0
    return word & SPACE != 0


@jit
def count_kinds(data: Bytes, offsets: Offsets) -> Offsets:
    """int64[n, 7]: see KINDS."""
    counts = np.zeros((offsets.size - 1, 7), np.int64)
    for d in range(offsets.size - 1):
        packed = length = longest = 0
        i, end = offsets[d], offsets[d + 1]
        while i < end:
            stop = min(end, i + _FLUSH)
            while i < stop:
                byte = load8(data, i)
                if byte < 128:
                    increment = _INCREMENTS[byte]
                    packed += increment
                    is_space = increment & _IS_SPACE != 0
                    i += 1
                else:
                    is_space = _count_foreign(decode(data, i), counts[d])
                    i += width(byte)
                length = 0 if is_space else length + 1
                longest = max(longest, length)
            _add(packed, counts[d])
            packed = 0
        counts[d, 6] = longest
    return counts
