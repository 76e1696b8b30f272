"""The tokens of an English document as the rows that kernels.words writes, or their number."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.english_words import Cuts, next_run, skip_blanks, split_run
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
    i = skip_blanks(data, i, end)
    while i < end:
        after, known = next_run(data, i, end)
        if m + after - i > start.size:
            return i, m
        if known:
            last = after - known + 1
            start[m], stop[m], characters[m] = i, last, last - i
            kinds[m] = IS_ALPHA if load8(data, i) > 57 else np.uint8(0)
            if known == 2:
                start[m + 1], stop[m + 1], characters[m + 1], kinds[m + 1] = last, after, 1, IS_SYMBOL
            m += known
        else:
            split_run(data, i, after, cuts)
            begin = i
            for k in range(1, after - i + 1):
                if k == after - i or cuts[k]:
                    start[m], stop[m] = begin, i + k
                    characters[m], kinds[m] = _describe(data, begin, i + k)
                    begin = i + k
                    m += 1
            cuts[: after - i] = 0
        i = skip_blanks(data, after, end)
    return end, m


@jit
def count_english(data: Bytes, i: int, end: int, cuts: Cuts) -> int:
    """Tokens of a document."""
    count = 0
    i = skip_blanks(data, i, end)
    while i < end:
        after, known = next_run(data, i, end)
        count += known
        if not known:
            split_run(data, i, after, cuts)
            for k in range(after - i):
                count += cuts[k]
                cuts[k] = 0
        i = skip_blanks(data, after, end)
    return count
