"""Where the tokens of a run are the pieces of an exception, such as Dr. in Dr.Smith or :) in good:), its own tokens take their place.

Source: spaCy 3.8, spacy/tokenizer.pyx (Tokenizer._apply_special_cases, _filter_special_spans), run by run: exceptions hold no blanks.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.english_exceptions import LONGEST, MOST_PIECES, PIECES, TOKENS, find_whole, may_be_pieces
from corpusmill.kernels.utf8 import Bytes

Cuts = npt.NDArray[np.uint8]
"""uint8[room]: 1 at k where a token of the run begins at its byte k; all 0 between runs."""

_CUT: Final = 1
_SEEN: Final = 2
"""At the first byte of a token that some match has covered, chosen or not."""
_REPLACED: Final = 4
_NEW_CUT: Final = 8


@jit
def _next_cut(cuts: Cuts, at: int, size: int) -> int:
    """Where the token ends that begins at `at` in a run of this size."""
    at += 1
    while at < size and not cuts[at] & _CUT:
        at += 1
    return at


@jit
def _match(data: Bytes, start: int, at: int, size: int, cuts: Cuts, pieces: int) -> tuple[int, int, int]:
    """(row of the exception whose pieces are these many tokens from `at` on, its end, its last token's begin); row -1 where there is none."""
    bits, end, last = 0, at, at
    for _ in range(pieces):
        if end == size or end - at >= LONGEST:
            return -1, end, last
        bits |= 1 << (end - at)
        last = end
        end = _next_cut(cuts, end, size)
    row = find_whole(data, start + at, start + end)
    return (row if row >= 0 and PIECES[row] == bits else -1), end, last


@jit
def _choose(data: Bytes, start: int, size: int, cuts: Cuts, pieces: int) -> None:
    """Choose, from the left, the matches of so many tokens whose first and last are not covered yet; a match covers, chosen or not."""
    at = 0
    while at < size:
        row, end, last = _match(data, start, at, size, cuts, pieces)
        if row >= 0:
            is_free = not (cuts[at] | cuts[last]) & _SEEN
            for k in range(at, end):
                cuts[k] |= _SEEN
                if is_free:
                    cuts[k] |= _REPLACED | (_NEW_CUT if (TOKENS[row] >> (k - at)) & 1 else 0)
        at = _next_cut(cuts, at, size)


@jit
def join_pieces(data: Bytes, start: int, size: int, cuts: Cuts) -> None:
    """Change the cuts of the run of `size` bytes at `start`: the longest matches first, of equal ones the leftmost."""
    at, is_found = 0, False
    after = _next_cut(cuts, at, size)
    while after < size and not is_found:
        is_found = may_be_pieces(data, start + at, after - at)
        at, after = after, _next_cut(cuts, after, size)
    if not is_found:
        return
    for pieces in range(MOST_PIECES, 1, -1):
        _choose(data, start, size, cuts, pieces)
    for k in range(size):
        cuts[k] = (cuts[k] & _NEW_CUT) != 0 if cuts[k] & _REPLACED else cuts[k] & _CUT
