"""The words and signs by which C4 drops lines or pages, found in one pass over a line's bytes, in lower case as `str.lower` makes it."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.phrases import lower, pack, phrase_at
from corpusmill.kernels.utf8 import Bytes, Offsets

LOREM: Final = 1
JAVASCRIPT: Final = 2
CURLY: Final = 4
POLICY: Final = 8
_PHRASES, _FIRST = pack(
    "lorem ipsum", "javascript", "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"
)
_MARK: Final = np.array([LOREM, JAVASCRIPT, POLICY, POLICY, POLICY, POLICY, POLICY, POLICY], np.int64)
_NO_BYTE: Final = 255
_SECOND: Final = np.full(256, _NO_BYTE, np.uint8)
"""uint8[256]: what follows, in lower case, where a phrase begins with this byte; 255, which UTF-8 never has, where none does."""
for _first, _second in ("lo", "ja", "te", "pr", "co", "us"):
    _SECOND[[ord(_first), ord(_first.upper())]] = ord(_second)


@jit
def marks_of(data: Bytes, start: int, end: int) -> int:
    """Which of LOREM, JAVASCRIPT, CURLY and POLICY data[start:end] holds, as bits."""
    marks = 0
    for i in range(start, end):
        byte = data[i]
        if byte == 123:
            marks |= CURLY
        elif _SECOND[byte] != _NO_BYTE and i + 1 < end and lower(data[i + 1]) == _SECOND[byte]:
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
