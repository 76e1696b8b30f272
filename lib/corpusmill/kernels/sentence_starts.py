"""Where sentences begin, in any script, by the rule by which kernels.sentences counts them."""

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.properties import SPACE, SYMBOL
from corpusmill.kernels.sentences import is_terminal, terminal_run
from corpusmill.kernels.unicode import property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, width


@jit
def find_sentences(data: Bytes, line_first: Offsets, line_start: Offsets, line_end: Offsets) -> tuple[Offsets, Offsets]:
    """(int64[n+1] each document's first sentence, int64[m] the byte at which each begins) of n documents with these lines.

    A line's end ends its last sentence; a line of white space alone has none.
    """
    n = line_first.size - 1
    first = np.zeros(n + 1, np.int64)
    none = np.empty(0, np.int64)
    for d in range(n):
        first[d + 1] = first[d]
        for k in range(line_first[d], line_first[d + 1]):
            first[d + 1] = _walk(data, line_start[k], line_end[k], none, first[d + 1])
    starts = np.empty(first[n], np.int64)
    count = np.int64(0)
    for k in range(line_start.size):
        count = _walk(data, line_start[k], line_end[k], starts, count)
    return first, starts


@jit
def _walk(data: Bytes, begin: int, end: int, starts: Offsets, count: int) -> int:
    """Write where the sentences of a line begin, from row `count` on; gives the row after them. No rows to write to: only counts."""
    i, is_open, before = begin, False, count
    while i < end:
        byte = data[i]
        if byte < 0x80:
            if is_open and not is_terminal(byte):
                i += 1
                continue
            code_point, size = np.int64(byte), 1
        else:
            code_point, size = decode(data, i), width(byte)
        if not is_open:
            kind = property_of(code_point)
            if kind & SPACE == 0 and (count == before or kind & SYMBOL == 0):
                if starts.size:
                    starts[count] = i
                count += 1
                is_open = True
        if is_terminal(code_point):
            i, ends = terminal_run(data, begin, i, end)
            is_open = is_open and not ends
        else:
            i += size
    return count
