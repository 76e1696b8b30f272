"""The tokens of an English document as the rows that kernels.words writes."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.english_pieces import Cuts
from corpusmill.kernels.english_runs import new_runs, next_runs
from corpusmill.kernels.english_words import split_run
from corpusmill.kernels.memory import load8
from corpusmill.kernels.properties import ALPHA, SYMBOL
from corpusmill.kernels.unicode import ASCII, property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, width

IS_SYMBOL: Final = np.uint8(1)
"""Kind of a row: every character is in datatrove's PUNCTUATION_SET."""
IS_ALPHA: Final = np.uint8(2)
"""Kind of a row: at least one character is str.isalpha."""


@jit
def _describe(data: Bytes, start: int, end: int) -> tuple[int, np.uint8]:
    """Characters and kind of a token."""
    characters, is_symbol, is_alpha = 0, True, False
    i = start
    while i < end:
        byte = load8(data, i)
        word = ASCII[byte] if byte < 128 else property_of(decode(data, i))
        is_symbol = is_symbol and word & SYMBOL != 0
        is_alpha = is_alpha or word & ALPHA != 0
        characters += 1
        i += width(byte)
    return characters, (IS_SYMBOL if is_symbol else np.uint8(0)) | (IS_ALPHA if is_alpha else np.uint8(0))


@jit
def _has_letter(data: Bytes, start: int, end: int) -> bool:
    """Whether ASCII letters, digits and underscores inside them hold a letter; most begin with one."""
    for i in range(start, end):
        byte = load8(data, i)
        if byte > 96 or 65 <= byte <= 90:
            return True
    return False


@jit
def fill_english(
    data: Bytes,
    i: int,
    end: int,
    m: int,
    cuts: Cuts,
    start: Offsets,
    stop: Offsets,
    characters: npt.NDArray[np.int32],
    kinds: npt.NDArray[np.uint8],
) -> tuple[int, int]:
    """Write the tokens from byte i on at row m; gives (byte to go on from, row), the byte `end` when all are written.

    Runs are written whole: it stops before one that may have more tokens than there are rows left.
    """
    runs = new_runs()
    count, after = next_runs(data, i, end, runs)
    while count:
        for r in range(count):
            begin, stop_of_run, known = runs[r, 0], runs[r, 1], runs[r, 2]
            if m + stop_of_run - begin > start.size:
                return begin, m
            if known == 0:
                m = _fill_run(data, begin, stop_of_run, m, cuts, start, stop, characters, kinds)
                continue
            last = stop_of_run - known + 1
            start[m], stop[m], characters[m] = begin, last, last - begin
            kinds[m] = IS_ALPHA if _has_letter(data, begin, last) else np.uint8(0)
            if known == 2:
                start[m + 1], stop[m + 1], characters[m + 1], kinds[m + 1] = last, stop_of_run, 1, IS_SYMBOL
            m += known
        count, after = next_runs(data, after, end, runs)
    return end, m


@jit
def _fill_run(
    data: Bytes,
    begin: int,
    end: int,
    m: int,
    cuts: Cuts,
    start: Offsets,
    stop: Offsets,
    characters: npt.NDArray[np.int32],
    kinds: npt.NDArray[np.uint8],
) -> int:
    """Write the tokens of a run at row m; gives the row after them."""
    split_run(data, begin, end, cuts)
    size, at = end - begin, 0
    for k in range(1, size + 1):
        if k == size or cuts[k]:
            start[m], stop[m] = begin + at, begin + k
            characters[m], kinds[m] = _describe(data, begin + at, begin + k)
            at = k
            m += 1
    cuts[:size] = 0
    return m
