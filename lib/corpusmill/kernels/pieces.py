"""The pieces that str.split gives, put together from the words of a text: words stand in one piece where nothing is between them."""

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.properties import ALPHA, SPACE
from corpusmill.kernels.unicode import property_of
from corpusmill.kernels.utf8 import Bytes, Counts, Offsets, decode, width

Letters = npt.NDArray[np.bool_]
Stops = npt.NDArray[np.uint8]
Pieces = tuple[Offsets, Offsets, Offsets, Counts, Letters, Stops]
"""first int64[n+1], start and end as those of the words, characters int32[m], letters bool[m], stops uint8[m]."""


@jit
def _most_pieces(start: Offsets, end: Offsets, characters: Counts) -> int:
    """A number of pieces that there are no more of: white space inside a word has three bytes, which is two more than characters."""
    most = start.size
    for k in range(start.size):
        most += (end[k] - start[k] - characters[k]) >> 1
    return most


@jit
def join_words(data: Bytes, first: Offsets, start: Offsets, end: Offsets, characters: Counts, alpha: Letters, stops: Stops) -> Pieces:
    """Each text as str.split(), with which pieces have a letter, and of those that are one word the mark of kernels.marks.mark_stop_words.

    `first` to `alpha`: all words but those of white space alone. One that is not ASCII may hold white space: U+202F joins words, and a mark
    joins the white space before it (UAX #29, rules WB4 and WB13a). Such a word is cut.
    """
    most = _most_pieces(start, end, characters)
    begins = np.zeros(first.size, np.int64)
    starts, ends = np.empty(most, start.dtype), np.empty(most, start.dtype)
    sizes, letters, marks = np.empty(most, np.int32), np.empty(most, np.bool_), np.empty(most, np.uint8)
    m = 0
    for d in range(first.size - 1):
        last = -1
        for k in range(first[d], first[d + 1]):
            if end[k] - start[k] > characters[k]:
                i = np.int64(start[k])
                while i < end[k]:
                    kind, after = property_of(decode(data, i)), i + width(data[i])
                    if not kind & SPACE:
                        if i != last:
                            starts[m], sizes[m], letters[m], marks[m] = i, 0, False, 0
                            m += 1
                        last = after
                        ends[m - 1] = last
                        sizes[m - 1] += 1
                        letters[m - 1] |= kind & ALPHA != 0
                        marks[m - 1] = 0
                    i = after
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
        begins[d + 1] = m
    return begins, starts[:m], ends[:m], sizes[:m], letters[:m], marks[:m]
