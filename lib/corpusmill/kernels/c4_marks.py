"""The words and signs by which C4 drops lines or pages, found in one pass over a line's bytes, in lower case as `str.lower` makes it."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.phrases import pack, phrase_at
from corpusmill.kernels.utf8 import Bytes, Offsets

LOREM: Final = 1
JAVASCRIPT: Final = 2
CURLY: Final = 4
POLICY: Final = 8
_PHRASES, _FIRST = pack(
    "lorem ipsum", "javascript", "{", "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"
)
_MARK: Final = np.array([LOREM, JAVASCRIPT, CURLY, POLICY, POLICY, POLICY, POLICY, POLICY, POLICY], np.int64)
_BEGINS: Final = np.isin(np.arange(256), [byte for letter in "lj{tpcu" for byte in (ord(letter), ord(letter.upper()))])
"""bool[256]: bytes that may begin one of them."""


@jit
def marks_of(data: Bytes, start: int, end: int) -> int:
    """Which of LOREM, JAVASCRIPT, CURLY and POLICY data[start:end] holds, as bits."""
    marks = 0
    for i in range(start, end):
        if _BEGINS[data[i]]:
            number = phrase_at(data, i, end, _PHRASES, _FIRST)
            if number >= 0:
                marks |= _MARK[number]
    return marks


@jit
def marks_of_lines(data: Bytes, start: Offsets, end: Offsets) -> npt.NDArray[np.int64]:
    """int64[m]: the marks of each line."""
    marks = np.empty(start.size, np.int64)
    for k in range(start.size):
        marks[k] = marks_of(data, start[k], end[k])
    return marks
