"""What white-space filters count on the pieces of str.split, in one pass over them."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import U64
from corpusmill.kernels.lanes import HIGH_BITS, between, letters_of
from corpusmill.kernels.marks import OTHER_CASE, is_ellipsis
from corpusmill.kernels.memory import bits_set, load8, load64
from corpusmill.kernels.properties import ALPHANUMERIC
from corpusmill.kernels.unicode import ASCII, property_of
from corpusmill.kernels.utf8 import Bytes, Counts, Offsets, decode, is_at

COUNTS: Final = ("characters", "median_sum", "letters", "symbols", "stop_words", "stop_words_any_case", "mostly_symbols", "longest")
"""The columns of count_pieces: characters; the two middle lengths together, of one piece the double; pieces with a letter; with # or U+2026;
equal to one of eight stop words as they are, and in any case; ellipses and pieces with more runs of # than half their characters; characters of
the longest."""
_SHORT: Final = 256
"""Characters below which lengths are counted and not sorted for their median; a text of longer pieces has few of them."""
_MARKS: Final = tuple(np.frombuffer(mark.encode(), np.uint8).copy() for mark in ("...", "[...]", "\u2026", "(...)", "[\u2026]", "-\u00bb"))
"""NeMo Curator's ellipsis marks (1e2e427, stages/text/utils/constants.py) but for `read more`, which is no piece."""
_HASH: Final = 0x23


@jit
def _is_ellipsis_mark(data: Bytes, start: int, end: int) -> bool:
    for mark in _MARKS:
        if mark.size == end - start and is_at(data, start, end, mark):
            return True
    return False


@jit
def _median_sum(counts: Offsets, sizes: Counts) -> int:
    """The two middle ones of `sizes` together; `counts`: how many there are of each below _SHORT."""
    low, high = (sizes.size - 1) // 2, sizes.size // 2
    seen, total, size = 0, 0, 0
    while size < _SHORT and seen <= high:
        total += size * ((seen <= low < seen + counts[size]) + (seen <= high < seen + counts[size]))
        seen += counts[size]
        size += 1
    if seen > high:
        return total
    ordered = np.sort(sizes)
    return np.int64(ordered[low]) + np.int64(ordered[high])


@jit
def _count_symbols(data: Bytes, start: Offsets, end: Offsets, sizes: Counts) -> tuple[int, int]:
    """Pieces with # or U+2026, and pieces with more runs of # than half their characters."""
    symbols = mostly = 0
    for k in range(start.size):
        runs, has_ellipsis = 0, False
        for i in range(start[k], end[k]):
            runs += data[i] == _HASH and (i == start[k] or data[i - 1] != _HASH)
            has_ellipsis |= data[i] == 0xE2 and is_ellipsis(data, i, end[k])
        symbols += runs > 0 or has_ellipsis
        mostly += 2 * runs > sizes[k]
    return symbols, mostly


@jit
def count_pieces(
    data: Bytes,
    first: Offsets,
    start: Offsets,
    end: Offsets,
    sizes: Counts,
    letters: npt.NDArray[np.bool_],
    stops: npt.NDArray[np.uint8],
    signs: Offsets,
) -> Offsets:
    """int64[n, 8]: see COUNTS. `signs` int64[n]: of # and ellipses in each text; one without any is not searched for them."""
    found = np.zeros((first.size - 1, 8), np.int64)
    lengths = np.zeros(_SHORT, np.int64)
    for d in range(first.size - 1):
        low, high = first[d], first[d + 1]
        if low == high:
            continue
        lengths[:] = 0
        characters = lettered = exact = any_case = mostly = longest = 0
        for k in range(low, high):
            size = np.int64(sizes[k])
            characters += size
            longest = max(longest, size)
            lengths[size if size < _SHORT else 0] += 1
            lettered += letters[k]
            any_case += stops[k] > 0
            exact += 0 < stops[k] < OTHER_CASE
            if size <= 5 and not letters[k]:
                mostly += _is_ellipsis_mark(data, start[k], end[k])
        lengths[0] = 0
        found[d, 0], found[d, 1] = characters, _median_sum(lengths, sizes[low:high])
        found[d, 2], found[d, 4], found[d, 5], found[d, 6], found[d, 7] = lettered, exact, any_case, mostly, longest
        if signs[d]:
            symbols, runs = _count_symbols(data, start[low:high], end[low:high], sizes[low:high])
            found[d, 3] = symbols
            found[d, 6] += runs
    return found


@jit
def _begins_word(data: Bytes, begin: int, i: int) -> bool:
    """Whether ASCII white space or nothing stands before byte i, and at it a letter or digit."""
    before = data[i - 1] if i > begin else 32
    if before != 32 and not 9 <= before <= 13:
        return False
    return (ASCII[data[i]] if data[i] < 128 else property_of(decode(data, i))) & ALPHANUMERIC != 0


@jit
def count_spoken(data: Bytes, offsets: Offsets) -> Offsets:
    """int64[n]: words that fastText's tokenizer gives, which splits at ASCII white space alone, and that begin with a letter or digit."""
    counts = np.zeros(offsets.size - 1, np.int64)
    for d in range(offsets.size - 1):
        begin, end = offsets[d], offsets[d + 1]
        i, was_space = begin, U64(0x80)
        while i < end:
            word = load64(data, i) if i + 8 <= end else HIGH_BITS
            if word & HIGH_BITS:
                after = min(i + 8, end)
                while i < after:
                    counts[d] += data[i] & 0xC0 != 0x80 and _begins_word(data, begin, i)
                    i += 1
                last = load8(data, i - 1)
                was_space = U64(0x80) if last == 32 or 9 <= last <= 13 else U64(0)
                continue
            spaces = (between(word, 9, 13) | (between(word, 32, 32))) & HIGH_BITS
            counts[d] += bits_set((spaces << U64(8) | was_space) & (letters_of(word) | between(word, 48, 57)))
            was_space = spaces >> U64(56)
            i += 8
    return counts
