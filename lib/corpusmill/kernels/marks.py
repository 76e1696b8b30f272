"""Counting single signs and tokens in whole texts: hashes, ellipses, bullets and stop words, for Gopher's rules."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.lines import stripped
from corpusmill.kernels.utf8 import Bytes, Offsets

_STOP_WORDS: Final = ("the", "be", "to", "of", "and", "that", "have", "with")
"""Gopher's (arXiv 2112.11446, appendix A1)."""
_STOP_BYTES: Final = np.frombuffer("".join(_STOP_WORDS).encode(), dtype=np.uint8).copy()
_STOP_FIRST: Final = np.cumsum([0, *(len(word) for word in _STOP_WORDS)]).astype(np.int64)


@jit
def count_signs(data: Bytes, offsets: Offsets) -> tuple[Offsets, Offsets]:
    """int64[n] each: `#`, and ellipses: `...` (not overlapping, as str.count) and U+2026 together."""
    hashes, ellipses = np.zeros(offsets.size - 1, np.int64), np.zeros(offsets.size - 1, np.int64)
    for document in range(offsets.size - 1):
        dots = 0
        for i in range(offsets[document], offsets[document + 1]):
            byte = data[i]
            dots = dots + 1 if byte == 46 else 0
            if dots == 3:
                ellipses[document] += 1
                dots = 0
            if byte == 35:
                hashes[document] += 1
            elif byte == 0xE2 and data[i + 1] == 0x80 and data[i + 2] == 0xA6:
                ellipses[document] += 1
    return hashes, ellipses


@jit
def describe_ends(data: Bytes, start: Offsets, end: Offsets) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """bool[m] each: whether a line begins with U+2022 or a hyphen, and whether it ends with an ellipsis, white space aside."""
    is_bullet, is_open = np.zeros(start.size, np.bool_), np.zeros(start.size, np.bool_)
    for k in range(start.size):
        low, high = stripped(data, start[k], end[k])
        if low < high:
            is_bullet[k] = data[low] == 45 or _is_sign(data, low, high, 0xA2)
            is_dots = high - low >= 3 and data[high - 1] == 46 and data[high - 2] == 46 and data[high - 3] == 46
            is_open[k] = is_dots or (high - low >= 3 and _is_sign(data, high - 3, high, 0xA6))
    return is_bullet, is_open


@jit
def _is_sign(data: Bytes, i: int, end: int, last: int) -> bool:
    """Whether a character of U+2000 to U+203F with this last byte begins at i."""
    return end - i >= 3 and data[i] == 0xE2 and data[i + 1] == 0x80 and data[i + 2] == last


@jit
def count_stop_words(data: Bytes, first: Offsets, start: Offsets, end: Offsets) -> Offsets:
    """int64[n]: how many different stop words are among each text's tokens; case counts."""
    counts = np.zeros(first.size - 1, np.int64)
    for document in range(first.size - 1):
        seen = 0
        for k in range(first[document], first[document + 1]):
            size = end[k] - start[k]
            if not 2 <= size <= 4:
                continue
            for word in range(_STOP_FIRST.size - 1):
                if size == _STOP_FIRST[word + 1] - _STOP_FIRST[word] and _equals(data, start[k], _STOP_FIRST[word], size):
                    counts[document] += (seen >> word) & 1 == 0
                    seen |= 1 << word
                    break
    return counts


@jit
def _equals(data: Bytes, i: int, word: int, size: int) -> bool:
    for k in range(size):
        if data[i + k] != _STOP_BYTES[word + k]:
            return False
    return True
