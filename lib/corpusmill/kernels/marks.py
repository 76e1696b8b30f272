"""Counting single signs and tokens in whole texts: hashes, ellipses, bullets and stop words, for Gopher's rules."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.lines import stripped
from corpusmill.kernels.utf8 import Bytes, Offsets

_WORDS: Final = ("the", "be", "to", "of", "and", "that", "have", "with")
_STOP_WORDS: Final = np.array([int.from_bytes(word.encode(), "little") for word in _WORDS], np.int64)
"""Gopher's (arXiv 2112.11446, appendix A1), as little-endian numbers."""
_LOWER: Final = 0x20202020
OTHER_CASE: Final = 128


@jit
def count_signs(data: Bytes, offsets: Offsets) -> tuple[Offsets, Offsets, Offsets]:
    """int64[n] each: `#`, `...` and U+2026 together, and `. . .`; not overlapping, as str.count."""
    n = offsets.size - 1
    hashes, ellipses, spaced = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for document in range(n):
        dots, low = 0, offsets[document]
        for i in range(offsets[document], offsets[document + 1]):
            byte = data[i]
            dots = dots + 1 if byte == 46 else 0
            if dots == 3:
                ellipses[document] += 1
                dots = 0
            if byte == 46 and i - 4 >= low and _is_spaced(data, i):
                spaced[document] += 1
                low = i + 1
            if byte == 35:
                hashes[document] += 1
            elif byte == 0xE2 and data[i + 1] == 0x80 and data[i + 2] == 0xA6:
                ellipses[document] += 1
    return hashes, ellipses, spaced


@jit
def _is_spaced(data: Bytes, i: int) -> bool:
    """Whether `. . ` stands before byte i."""
    return data[i - 1] == 32 and data[i - 2] == 46 and data[i - 3] == 32 and data[i - 4] == 46


@jit
def describe_ends(data: Bytes, start: Offsets, end: Offsets) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """bool[m] each: whether a line begins with U+2022 or a hyphen, and whether it ends with an ellipsis, white space aside."""
    is_bullet, is_open = np.zeros(start.size, np.bool_), np.zeros(start.size, np.bool_)
    for k in range(start.size):
        low, high = stripped(data, start[k], end[k])
        if low < high:
            is_bullet[k] = data[low] == 45 or _is_sign(data, low, high, 0xA2)
            is_dots = high - low >= 3 and data[high - 1] == 46 and data[high - 2] == 46 and data[high - 3] == 46
            is_open[k] = is_dots or (high - low >= 3 and is_ellipsis(data, high - 3, high))
    return is_bullet, is_open


@jit
def is_ellipsis(data: Bytes, i: int, end: int) -> bool:
    """Whether U+2026 begins at byte i."""
    return _is_sign(data, i, end, 0xA6)


@jit
def _is_sign(data: Bytes, i: int, end: int, last: int) -> bool:
    """Whether a character of U+2000 to U+203F with this last byte begins at i."""
    return end - i >= 3 and data[i] == 0xE2 and data[i + 1] == 0x80 and data[i + 2] == last


@jit
def stop_word(data: Bytes, begin: int, end: int) -> int:
    """The number of the stop word that data[begin:end] is, from 1 on, OTHER_CASE more where its case is another; 0 where it is none."""
    size = end - begin
    if not 2 <= size <= 4:
        return 0
    word = np.int64(0)
    for i in range(size):
        word |= np.int64(data[begin + i]) << (8 * i)
    # No byte but those of capital letters becomes a letter by setting this bit.
    lowered = word | (_LOWER & ((np.int64(1) << (8 * size)) - 1))
    for number in range(_STOP_WORDS.size):
        if lowered == _STOP_WORDS[number]:
            return number + 1 + (OTHER_CASE if word != lowered else 0)
    return 0


@jit
def mark_stop_words(data: Bytes, start: Offsets, end: Offsets) -> npt.NDArray[np.uint8]:
    """uint8[m]: `stop_word` of each token."""
    marks = np.zeros(start.size, np.uint8)
    for k in range(start.size):
        marks[k] = stop_word(data, start[k], end[k])
    return marks


@jit
def count_stop_words(first: Offsets, marks: npt.NDArray[np.uint8]) -> Offsets:
    """int64[n]: how many different stop words are among each text's tokens; case counts."""
    counts = np.zeros(first.size - 1, np.int64)
    for document in range(first.size - 1):
        seen = 0
        for k in range(first[document], first[document + 1]):
            if 0 < marks[k] < OTHER_CASE:
                counts[document] += (seen >> marks[k]) & 1 == 0
                seen |= 1 << marks[k]
    return counts
