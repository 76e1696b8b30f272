"""English words as spaCy's blank `en` tokenizer splits them: runs without blanks, exceptions, affixes, then what parts the rest.

Source: spaCy 3.8, spacy/tokenizer.pyx (Tokenizer._tokenize_affixes, _apply_special_cases); datatrove's thresholds were set on these words.
A run is split by marking the bytes at which its tokens begin, so that its time is linear and it needs no lists.
"""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.english_affixes import infix_size, is_digit, prefix_size, suffix_size
from corpusmill.kernels.english_exceptions import TOKENS, find_whole
from corpusmill.kernels.english_pieces import Cuts, join_pieces
from corpusmill.kernels.english_urls import is_address
from corpusmill.kernels.lanes import HIGH_BITS, between, letters_of
from corpusmill.kernels.memory import load8, load64, trailing_zeros
from corpusmill.kernels.properties import SPACE
from corpusmill.kernels.unicode import ASCII, property_of
from corpusmill.kernels.utf8 import Bytes, decode, width

_BLANK: Final = (ASCII & SPACE) != 0
_LETTER: Final = np.array([chr(c).isalpha() for c in range(128)])
_CLOSING: Final = np.array([chr(c) in ',;:!?)"' for c in range(128)])
"""Marks that are taken off behind letters whatever these are; of exceptions none is letters and one of them."""
_INFIX: Final = np.array([chr(c) in ".*+-^,/:<=>~" for c in range(128)])
"""ASCII that an infix may begin with."""
_STOP: Final = ord(".")


@jit
def skip_blanks(data: Bytes, i: int, end: int) -> int:
    """Where the next run begins, from i on."""
    while i < end:
        byte = load8(data, i)
        if byte < 128:
            if not _BLANK[byte]:
                break
            i += 1
        else:
            if not property_of(decode(data, i)) & SPACE:
                break
            i += width(byte)
    return i


@jit
def _plain_end(data: Bytes, i: int, end: int) -> tuple[int, bool, bool]:
    """The end of a run of ASCII letters and digits at i, whether it has letters, and whether it has digits; eight bytes at a time."""
    has_letters, has_digits = False, False
    while i + 8 <= end:
        word = load64(data, i)
        byte = word & ~HIGH_BITS
        letters, digits = letters_of(byte), between(byte, 0x30, 0x39)
        others = (~(letters | digits) | word) & HIGH_BITS
        size = trailing_zeros(others) >> 3
        inside = HIGH_BITS if size == 8 else (others - np.uint64(1)) & ~others & HIGH_BITS
        has_letters = has_letters or letters & inside != 0
        has_digits = has_digits or digits & inside != 0
        i += size
        if size < 8:
            return i, has_letters, has_digits
    while i < end and load8(data, i) < 128:
        byte8 = load8(data, i)
        if _LETTER[byte8]:
            has_letters = True
        elif is_digit(byte8):
            has_digits = True
        else:
            break
        i += 1
    return i, has_letters, has_digits


@jit
def _run_end(data: Bytes, i: int, end: int) -> int:
    """Where the run that begins before i ends: at white space."""
    while i < end:
        byte = load8(data, i)
        if byte < 128:
            if _BLANK[byte]:
                break
            i += 1
        else:
            if property_of(decode(data, i)) & SPACE:
                break
            i += width(byte)
    return i


@jit
def _is_over(data: Bytes, i: int, end: int) -> bool:
    """Whether a run ends at i, by ASCII white space or the document's end; other white space is not looked for."""
    return i == end or (load8(data, i) < 128 and _BLANK[load8(data, i)])


@jit
def next_run(data: Bytes, i: int, end: int) -> tuple[int, int]:
    """(end of the run at i, tokens in it where that is plain to see, else 0).

    1: letters alone that are no exception, or digits alone. 2: such letters and one mark behind them, the last byte.
    """
    after, has_letters, has_digits = _plain_end(data, i, end)
    if _is_over(data, after, end):
        return after, 0 if has_letters and (has_digits or find_whole(data, i, after) >= 0) else 1
    byte = load8(data, after)
    if has_letters and not has_digits and byte < 128 and _is_over(data, after + 1, end):
        is_mark = _CLOSING[byte] or (byte == _STOP and 97 <= load8(data, after - 1) <= 122)
        if is_mark and find_whole(data, i, after) < 0 and find_whole(data, i, after + 1) < 0:
            return after + 1, 2
    return _run_end(data, after, end), 0


@jit
def _strip_affixes(data: Bytes, start: int, end: int, cuts: Cuts) -> tuple[int, int]:
    """Take prefixes and suffixes off in turn until none is left or an exception is; gives what remains, and marks every part."""
    lo, hi, before = start, end, -1
    while lo < hi and hi - lo != before and find_whole(data, lo, hi) < 0:
        before = hi - lo
        prefix = prefix_size(data, lo, hi)
        is_found = prefix > 0 and find_whole(data, lo + prefix, hi) >= 0
        suffix = 0 if is_found else suffix_size(data, lo + prefix, hi)
        if suffix and find_whole(data, lo, hi - suffix) >= 0:
            is_found, prefix = True, 0
        lo, hi = lo + prefix, hi - suffix
        if lo < end:
            cuts[lo - start] = 1
        if hi < end:
            cuts[hi - start] = 1
        if is_found:
            break
    return lo, hi


@jit
def _cut_infixes(data: Bytes, start: int, lo: int, hi: int, cuts: Cuts) -> None:
    """Mark what infixes part, unless all is an address."""
    i, is_checked = lo, False
    while i < hi:
        byte = load8(data, i)
        if byte < 128 and not _INFIX[byte]:
            i += 1
            continue
        size = infix_size(data, lo, i, hi)
        if size and i > lo:
            if not is_checked and is_address(data, lo, hi):
                return
            is_checked = True
            cuts[i - start] = 1
            if i + size < hi:
                cuts[i + size - start] = 1
        i += size or width(byte)


@jit
def split_run(data: Bytes, start: int, end: int, cuts: Cuts) -> None:
    """Mark where the tokens of the run data[start:end] begin; `cuts` has room for it and holds zeros."""
    cuts[0] = 1
    if end - start == 1:
        return
    lo, hi = _strip_affixes(data, start, end, cuts)
    row = find_whole(data, lo, hi)
    if row >= 0:
        for k in range(hi - lo):
            cuts[lo - start + k] = (TOKENS[row] >> k) & 1
    else:
        _cut_infixes(data, start, lo, hi, cuts)
    if not (row >= 0 and lo == start and hi == end):
        join_pieces(data, start, end - start, cuts)
