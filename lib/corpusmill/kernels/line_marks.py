"""How lines begin and end, as Dolma, DCLM and NeMo Curator look at them."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.marks import is_ellipsis
from corpusmill.kernels.phrases import lower, pack, phrase_end
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, is_at

MARKS: Final = (
    "filled", "dolma_bullet", "dolma_ellipsis", "dclm_bullet", "dclm_ellipsis", "curator_bullet", "curator_ellipsis", "curator_open",
)  # fmt: skip
"""The columns of mark_lines. Lines are str.split("\\\\n"); filled: more than white space. Dolma's marks are at the very ends of a line, the others
of it stripped: DCLM's bullets are U+25CF, U+2022, * and -; Curator's open lines end with none of . ? ! " and '."""
_DCLM_BULLETS: Final = (0x25CF, 0x2022, 0x2A, 0x2D)
_CURATOR_BULLETS: Final = np.array(
    [0x2022, 0x2023, 0x2043, 0x204C, 0x204D, 0x2219, 0x25CB, 0x25CF, 0x25D8, 0x25E6, 0x29BE, 0x29BF], np.int64
)
"""NeMo Curator 1e2e427, stages/text/utils/constants.py."""
_DOTS: Final = np.frombuffer(b"...", np.uint8).copy()
_SPACED_DOTS: Final = np.frombuffer(b". . .", np.uint8).copy()
_ENDS: Final = tuple(np.frombuffer(mark.encode(), np.uint8).copy() for mark in ("[...]", "(...)", "[\u2026]", "-\u00bb"))
_MORE, _ = pack("read more")
_END_MARKS: Final = tuple(map(ord, ".?!\"'"))


@jit
def _ends_with(data: Bytes, start: int, end: int, wanted: Bytes) -> bool:
    return end - start >= wanted.size and is_at(data, end - wanted.size, end, wanted)


@jit
def _is_more(data: Bytes, start: int, end: int) -> bool:
    """Whether the line ends with `read more` in any case, or that and two full stops."""
    if end - start > 2 and data[end - 1] == 46 and data[end - 2] == 46:
        end -= 2
    # Of the characters that are an ASCII letter in lower case only K, U+212A, is longer, and `read more` has none.
    return end - start >= _MORE.size and phrase_end(data, end - _MORE.size, end, _MORE) == end


@jit
def _is_curator_ellipsis(data: Bytes, start: int, end: int) -> bool:
    """Whether a line that ends with neither three dots nor U+2026 ends with one of Curator's other ellipses."""
    last = lower(data[end - 1])
    if last == 0x65 or last == 0x2E:
        return _is_more(data, start, end)
    if last < 128 and last != 0x5D and last != 0x29:
        return False
    for mark in _ENDS:
        if _ends_with(data, start, end, mark):
            return True
    return False


@jit
def _mark(data: Bytes, start: int, end: int, low: int, high: int, marks: Offsets) -> None:
    """Add a line that is not blank; low to high: without white space at its ends."""
    character = decode(data, low)
    is_dotted = _ends_with(data, low, high, _DOTS) or (high - low >= 3 and is_ellipsis(data, high - 3, high))
    marks[0] += 1
    marks[1] += data[start] == 0x2A or data[start] == 0x2D
    marks[2] += end - start >= 3 and is_ellipsis(data, end - 3, end)
    marks[3] += character in _DCLM_BULLETS
    marks[4] += is_dotted or _ends_with(data, low, high, _SPACED_DOTS)
    if character > 0x2000:
        for bullet in _CURATOR_BULLETS:
            marks[5] += character == bullet
    marks[6] += is_dotted or _is_curator_ellipsis(data, low, high)
    marks[7] += data[high - 1] not in _END_MARKS


@jit
def mark_lines(data: Bytes, first: Offsets, start: Offsets, end: Offsets, low: Offsets, high: Offsets) -> Offsets:
    """int64[n, 8]: see MARKS. `low`, `high`: the lines without the white space at their ends."""
    marks = np.zeros((first.size - 1, 8), np.int64)
    for d in range(first.size - 1):
        for k in range(first[d], first[d + 1]):
            if low[k] < high[k]:
                _mark(data, start[k], end[k], low[k], high[k], marks[d])
    return marks
