"""Data-Juicer's words: what blanks, tabs and newlines part, without the special characters at both ends, and of those what is left."""

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.properties import ALPHANUMERIC, SPECIAL
from corpusmill.kernels.unicode import ASCII, property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, width


@jit
def _has_other(data: Bytes, i: int, end: int) -> bool:
    """Whether a character of data[i:end] is not special."""
    while i < end:
        if not (ASCII[data[i]] if data[i] < 128 else property_of(decode(data, i))) & SPECIAL:
            return True
        i += width(data[i])
    return False


@jit
def count_between(data: Bytes, begin: int, end: int, is_word: bool) -> tuple[int, bool]:
    """How many words end in data[begin:end], white space that str.split parts at, and whether one goes on. `is_word`: whether one went on before.

    Not all of that white space parts these words, and not all of it is a special character.
    """
    count, i = 0, begin
    while i < end:
        if data[i] == 32 or data[i] == 10 or data[i] == 9:
            count += is_word
            is_word = False
        else:
            is_word = is_word or not property_of(decode(data, i)) & SPECIAL
        i += width(data[i])
    return count, is_word


@jit
def count_words(data: Bytes, begin: int, is_word: bool, start: Offsets, end: Offsets) -> tuple[int, int, bool]:
    """How many words of a text end before the last of these pieces of str.split.

    `begin`: the byte after the piece before; `is_word`: whether a word goes on there. Gives both anew as second and third.
    """
    count, i = 0, begin
    for k in range(start.size):
        ended, is_word = count_between(data, i, start[k], is_word)
        count += ended
        is_word = is_word or _has_other(data, start[k], end[k])
        i = np.int64(end[k])
    return count, i, is_word


@jit
def _split(data: Bytes, offsets: Offsets, first: Offsets, start: Offsets, end: Offsets) -> None:
    """Write the words; without rows to write to, only `first`."""
    m = 0
    for d in range(offsets.size - 1):
        i, low, high = offsets[d], -1, -1
        while i < offsets[d + 1]:
            after = i + width(data[i])
            if data[i] == 32 or data[i] == 10 or data[i] == 9:
                if low >= 0:
                    if start.size:
                        start[m], end[m] = low, high
                    m += 1
                low = -1
            elif not property_of(decode(data, i)) & SPECIAL:
                low = i if low < 0 else low
                high = after
            i = after
        if low >= 0:
            if start.size:
                start[m], end[m] = low, high
            m += 1
        first[d + 1] = m


def split_words(data: Bytes, offsets: Offsets) -> tuple[Offsets, Offsets, Offsets]:
    """(first int64[n+1], start int64[m], end int64[m]) of the words of each text."""
    first, nothing = np.zeros(offsets.size, np.int64), np.empty(0, np.int64)
    _split(data, offsets, first, nothing, nothing)
    start, end = np.empty(first[-1], np.int64), np.empty(first[-1], np.int64)
    if start.size:
        _split(data, offsets, first, start, end)
    return first, start, end


@jit
def begin_alphanumeric(data: Bytes, start: Offsets) -> npt.NDArray[np.bool_]:
    """bool[m]: whether a letter or digit stands at each of the places."""
    found = np.empty(start.size, np.bool_)
    for k in range(start.size):
        found[k] = property_of(decode(data, start[k])) & ALPHANUMERIC != 0
    return found
