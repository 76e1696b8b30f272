"""The pieces that str.split gives, put together from the words of a text: words stand in one piece where nothing is between them."""

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.marks import stop_word
from corpusmill.kernels.properties import ALPHA, SPACE
from corpusmill.kernels.unicode import property_of
from corpusmill.kernels.utf8 import Bytes, Counts, Offsets, decode, width

Letters = npt.NDArray[np.bool_]
Stops = npt.NDArray[np.uint8]
Room = tuple[Offsets, Offsets, Counts, Letters, Stops]
"""Room for pieces, all m long: start and end as those of the words, characters int32, whether they have a letter, and which stop word they are
(kernels.marks.stop_word)."""
Pieces = tuple[Offsets, Offsets, Offsets, Counts, Letters, Stops]
"""first int64[n+1], and the others as in Room."""


@jit
def most_pieces(start: Offsets, end: Offsets, characters: Counts) -> int:
    """A number of pieces that there are no more of: white space inside a word has three bytes, which is two more than characters."""
    most = start.size
    for k in range(start.size):
        most += (end[k] - start[k] - characters[k]) >> 1
    return most


@jit
def make_room(start: Offsets, count: int) -> Room:
    """Room for so many pieces of words whose starts are of this type."""
    places = np.empty((2, count), start.dtype)
    return places[0], places[1], np.empty(count, np.int32), np.empty(count, np.bool_), np.empty(count, np.uint8)


@jit
def _append_cut(data: Bytes, begin: int, end: int, m: int, last: int, room: Room) -> tuple[int, int]:
    """append_pieces for a word that is not ASCII: it may hold white space, and is cut there.

    U+202F joins words, and a mark joins the white space before it (UAX #29, rules WB4 and WB13a).
    """
    starts, ends, sizes, letters, marks = room
    i, before = begin, m
    while i < end:
        kind, after = property_of(decode(data, i)), i + width(data[i])
        if not kind & SPACE:
            if i != last:
                starts[m], sizes[m], letters[m] = i, 0, False
                m += 1
            last = after
            ends[m - 1] = last
            sizes[m - 1] += 1
            letters[m - 1] |= kind & ALPHA != 0
        i = after
    for k in range(max(before - 1, 0), m):
        marks[k] = stop_word(data, starts[k], ends[k])
    return m, last


@jit
def append_pieces(
    data: Bytes, start: Offsets, end: Offsets, characters: Counts, alpha: Letters, stops: Stops, m: int, last: int, room: Room
) -> tuple[int, int]:
    """Put the pieces of words that follow each other in one text behind the m pieces in `room`; gives the new m and `last`.

    `last`: the byte after the last of the m pieces, which goes on where the first word begins there; -1 where none may go on.
    """
    starts, ends, sizes, letters, marks = room
    for k in range(start.size):
        if end[k] - start[k] > characters[k]:
            m, last = _append_cut(data, np.int64(start[k]), np.int64(end[k]), m, last, room)
            continue
        if start[k] == last:
            sizes[m - 1] += characters[k]
            letters[m - 1] |= alpha[k]
            marks[m - 1] = 0
        else:
            starts[m], sizes[m], letters[m], marks[m] = start[k], characters[k], alpha[k], stops[k]
            m += 1
        last = np.int64(end[k])
        ends[m - 1] = last
    return m, last


@jit
def join_words(data: Bytes, first: Offsets, start: Offsets, end: Offsets, characters: Counts, alpha: Letters, stops: Stops) -> Pieces:
    """Each text as str.split(). `first` to `stops`: all words but those of white space alone."""
    room = make_room(start, most_pieces(start, end, characters))
    begins = np.zeros(first.size, np.int64)
    m = 0
    for d in range(first.size - 1):
        a, b = first[d], first[d + 1]
        m, _ = append_pieces(data, start[a:b], end[a:b], characters[a:b], alpha[a:b], stops[a:b], m, -1, room)
        begins[d + 1] = m
    starts, ends, sizes, letters, marks = room
    return begins, starts[:m], ends[:m], sizes[:m], letters[:m], marks[:m]
