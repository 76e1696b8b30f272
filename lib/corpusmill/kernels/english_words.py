"""English words as spaCy's blank `en` tokenizer splits them: runs without blanks, exceptions, affixes, then what parts the rest.

Source: spaCy 3.8, spacy/tokenizer.pyx (Tokenizer._tokenize_affixes, _apply_special_cases); datatrove's thresholds were set on these words.
A run is split by marking the bytes at which its tokens begin, so that its time is linear and it needs no lists.
"""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.english_affixes import infix_size, prefix_size, suffix_size
from corpusmill.kernels.english_exceptions import TOKENS, find_whole
from corpusmill.kernels.english_pieces import Cuts, join_pieces
from corpusmill.kernels.english_urls import is_address
from corpusmill.kernels.memory import load8
from corpusmill.kernels.utf8 import Bytes, width

_INFIX: Final = np.array([chr(c) in ".*+-^,/:<=>~" for c in range(128)])
"""ASCII that an infix may begin with."""


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
def _cut_infixes(data: Bytes, start: int, lo: int, hi: int, cuts: Cuts) -> bool:
    """Mark what infixes part, unless all is an address; gives whether there is any."""
    i, is_checked = lo, False
    while i < hi:
        byte = load8(data, i)
        if byte < 128 and not _INFIX[byte]:
            i += 1
            continue
        size = infix_size(data, lo, i, hi)
        if size and i > lo:
            if not is_checked and is_address(data, lo, hi):
                return False
            is_checked = True
            cuts[i - start] = 1
            if i + size < hi:
                cuts[i + size - start] = 1
        i += size or width(byte)
    return is_checked


@jit
def split_run(data: Bytes, start: int, end: int, cuts: Cuts) -> None:
    """Mark where the tokens of the run data[start:end] begin; `cuts` has room for it and holds zeros."""
    cuts[0] = 1
    if end - start == 1:
        return
    lo, hi = _strip_affixes(data, start, end, cuts)
    row, is_cut = find_whole(data, lo, hi), lo > start or hi < end
    if row >= 0:
        for k in range(hi - lo):
            cuts[lo - start + k] = (TOKENS[row] >> k) & 1
    elif _cut_infixes(data, start, lo, hi, cuts):
        is_cut = True
    if is_cut:
        join_pieces(data, start, end - start, cuts)
