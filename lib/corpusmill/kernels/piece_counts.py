"""What white-space filters count on the pieces of str.split, which are put together a block at a time and never kept all."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.marks import OTHER_CASE, is_ellipsis
from corpusmill.kernels.pieces import Letters, Room, Stops, append_pieces, make_room, most_pieces
from corpusmill.kernels.special_words import count_between, count_words
from corpusmill.kernels.utf8 import Bytes, Counts, Offsets, is_at, largest_step

COUNTS: Final = (
    "pieces", "characters", "median_sum", "letters", "symbols", "stop_words", "stop_words_any_case", "mostly_symbols", "longest", "words",
)  # fmt: skip
"""The columns of count_pieces: how many; their characters; the two middle lengths together, of one piece the double; pieces with a letter; with #
or U+2026; equal to one of eight stop words as they are, and in any case; ellipses and pieces with more runs of # than half their characters;
characters of the longest; Data-Juicer's words (kernels.special_words)."""
_COLUMNS: Final = len(COUNTS)
_BLOCK: Final = 65_536
"""Words whose pieces are put together at a time: a piece takes 14 bytes."""
_SHORT: Final = 256
"""Characters below which lengths are counted and not kept for their median."""
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
def _median_sum(counts: Offsets, long_ones: Counts) -> int:
    """The two middle lengths together; `counts`: how many there are of each below _SHORT; `long_ones`: the others."""
    short = counts.sum()
    pieces = short + long_ones.size
    total = seen = size = 0
    low, high = (pieces - 1) // 2, pieces // 2
    while size < _SHORT and seen <= high:
        total += size * ((seen <= low < seen + counts[size]) + (seen <= high < seen + counts[size]))
        seen += counts[size]
        size += 1
    if high < short:
        return total
    ordered = np.sort(long_ones)
    return total + np.int64(ordered[high - short]) + (np.int64(ordered[low - short]) if low >= short else 0)


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
def _add(data: Bytes, room: Room, m: int, has_signs: bool, lengths: Offsets, long_ones: Counts, longs: int, found: Offsets) -> int:
    """Count the first m pieces in `room`; gives how many of the text have been put in `long_ones`."""
    start, end, sizes, letters, stops = room
    characters = lettered = exact = any_case = mostly = longest = 0
    for k in range(m):
        size = np.int64(sizes[k])
        characters += size
        longest = max(longest, size)
        if size < _SHORT:
            lengths[size] += 1
        else:
            long_ones[longs] = size
            longs += 1
        lettered += letters[k]
        any_case += stops[k] > 0
        exact += 0 < stops[k] < OTHER_CASE
        if size <= 5 and not letters[k]:
            mostly += _is_ellipsis_mark(data, start[k], end[k])
    found[0] += m
    found[1] += characters
    found[3] += lettered
    found[5] += exact
    found[6] += any_case
    found[7] += mostly
    found[8] = max(found[8], longest)
    if has_signs:
        symbols, runs = _count_symbols(data, start[:m], end[:m], sizes[:m])
        found[4] += symbols
        found[7] += runs
    return longs


@jit
def _hold_last(room: Room, larger: Room, m: int) -> None:
    """Make the last of m pieces the first of `larger`, which may be the same room."""
    for k in range(min(m, 1)):
        larger[0][k], larger[1][k], larger[2][k] = room[0][m - 1], room[1][m - 1], room[2][m - 1]
        larger[3][k], larger[4][k] = room[3][m - 1], room[4][m - 1]


@jit
def count_pieces(
    data: Bytes,
    offsets: Offsets,
    first: Offsets,
    start: Offsets,
    end: Offsets,
    characters: Counts,
    alpha: Letters,
    stops: Stops,
    signs: Offsets,
) -> Offsets:
    """int64[n, 10]: see COUNTS. `first` to `stops`: as join_words takes them; `signs` int64[n]: # and ellipses in each text."""
    found = np.zeros((first.size - 1, _COLUMNS), np.int64)
    lengths, long_ones = np.zeros(_SHORT, np.int64), np.empty(largest_step(offsets) // _SHORT + 1, np.int32)
    room = make_room(start, _BLOCK)
    for d in range(first.size - 1):
        lengths[:] = 0
        m = longs = 0
        last, begin, is_word = -1, offsets[d], False
        for a in range(first[d], first[d + 1], _BLOCK):
            b = min(a + _BLOCK, first[d + 1])
            needed = most_pieces(start[a:b], end[a:b], characters[a:b]) + 1
            larger = room if needed <= room[0].size else make_room(start, needed)
            _hold_last(room, larger, m)
            room = larger
            m, last = append_pieces(data, start[a:b], end[a:b], characters[a:b], alpha[a:b], stops[a:b], min(m, 1), last, room)
            # The last piece may go on in the next block.
            done = m if b == first[d + 1] else m - 1
            longs = _add(data, room, done, signs[d] > 0, lengths, long_ones, longs, found[d])
            words, begin, is_word = count_words(data, begin, is_word, room[0][:done], room[1][:done])
            found[d, 9] += words
        words, is_word = count_between(data, begin, offsets[d + 1], is_word)
        found[d, 9] += words + is_word
        if found[d, 0]:
            found[d, 2] = _median_sum(lengths, long_ones[:longs])
    return found
