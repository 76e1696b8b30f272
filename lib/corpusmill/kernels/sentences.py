"""Counting sentences, and which lines end like one, by the characters that end a sentence in any script."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.english_runs import new_runs
from corpusmill.kernels.english_sentences import count_line, largest_span
from corpusmill.kernels.properties import ALPHA, DIGIT, SPACE, SYMBOL
from corpusmill.kernels.unicode import property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, before, decode, width

_RANGES: Final = """
21 2E 3F 589 61D-61F 6D4 700-702 7F9 837 839 83D-83E 964-965 104A-104B 1362 1367-1368 166E 1735-1736 17D4-17D6 17D9-17DA 1803 1809 1944-1945
1AA8-1AAB 1B5A-1B5B 1B5E-1B5F 1B7D-1B7E 1C3B-1C3C 1C7E-1C7F 203C-203D 2047-2049 2E2E 2E3C 2E53-2E54 3002 A4FF A60E-A60F A6F3 A6F7 A876-A877
A8CE-A8CF A92F A9C8-A9C9 AA5D-AA5F AAF0-AAF1 ABEB FE52 FE56-FE57 FF01 FF0E FF1F FF61 10A56-10A57 10F55-10F59 10F86-10F89 11047-11048 110BE-110C1
11141-11143 111C5-111C6 111CD 111DE-111DF 11238-11239 1123B-1123C 112A9 1144B-1144C 115C2-115C3 115C9-115D7 11641-11642 1173C-1173E 11944 11946
11A42-11A43 11A9B-11A9C 11C41-11C42 11EF7-11EF8 11F43-11F44 16A6E-16A6F 16AF5 16B37-16B38 16B44 16E98 1BC9F 1DA88
"""
"""datatrove's TERMINAL_PUNCTUATION: Sentence_Terminal of Unicode 15, and three Khmer signs (159 code points, in hexadecimal)."""


def _code_points(ranges: str) -> list[int]:
    pairs = [(int(first, 16), int(last or first, 16)) for first, _, last in (word.partition("-") for word in ranges.split())]
    return [code_point for first, last in pairs for code_point in range(first, last + 1)]


TERMINALS: Final = np.array(_code_points(_RANGES), np.int64)


@jit
def is_terminal(code_point: int) -> bool:
    """Whether the character ends sentences."""
    if code_point < 128:
        return code_point == 46 or code_point == 33 or code_point == 63
    if not property_of(code_point) & SYMBOL:
        return False
    place = np.searchsorted(TERMINALS, code_point)
    return place < TERMINALS.size and TERMINALS[place] == code_point


@jit
def describe_lines(data: Bytes, start: Offsets, end: Offsets) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """bool[m] each: whether a line holds more than white space, and whether its last character ends sentences."""
    is_filled, is_ended = np.zeros(start.size, np.bool_), np.zeros(start.size, np.bool_)
    for k in range(start.size):
        i = start[k]
        while i < end[k] and not is_filled[k]:
            is_filled[k] = property_of(decode(data, i)) & SPACE == 0
            i += width(data[i])
        is_ended[k] = end[k] > start[k] and is_terminal(decode(data, before(data, end[k])))
    return is_filled, is_ended


@jit
def count_sentences(data: Bytes, start: Offsets, end: Offsets, is_english: npt.NDArray[np.bool_]) -> tuple[Offsets, Offsets]:
    """int64[m] each: sentences of each line, and the words of the English ones, which are counted on the way, else 0.

    `is_english` bool[m]: by kernels.english_sentences, the others by the signs that end sentences in any script.
    """
    sentences, words = np.zeros(start.size, np.int64), np.zeros(start.size, np.int64)
    cuts, runs, none = np.zeros(largest_span(start, end), np.uint8), new_runs(), np.empty(0, np.int64)
    for k in range(start.size):
        if is_english[k]:
            sentences[k], words[k] = count_line(data, start[k], end[k], cuts, runs)
        else:
            sentences[k] = walk_sentences(data, start[k], end[k], none, 0)
    return sentences, words


@jit
def walk_sentences(data: Bytes, begin: int, end: int, starts: Offsets, count: int) -> int:
    """Write where the sentences of a line begin, in any language, from row `count` on; gives the row after them. No rows to write to: only counts.

    A sentence ends after characters that end sentences and the punctuation behind them, if white space follows; in scripts that set no
    blanks (terminals outside ASCII) it need not. A full stop does not end one after a single letter (J. Smith, e.g.) nor beside another
    full stop. The next one begins with a character that is no punctuation.
    """
    i, is_open, before_line = begin, False, count
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
            if kind & SPACE == 0 and (count == before_line or kind & SYMBOL == 0):
                if starts.size:
                    starts[count] = i
                count += 1
                is_open = True
        if is_terminal(code_point):
            i, ends = _terminal_run(data, begin, i, end)
            is_open = is_open and not ends
        else:
            i += size
    return count


@jit
def _terminal_run(data: Bytes, low: int, i: int, high: int) -> tuple[int, bool]:
    """From a terminal on: the byte after it and the punctuation behind it, and whether a sentence ends there."""
    begin, stops, others, is_spaced = i, 0, 0, True
    while i < high and is_terminal(decode(data, i)):
        stops += data[i] == 46
        others += data[i] != 46
        is_spaced = is_spaced and data[i] < 128
        i += width(data[i])
    while i < high and property_of(decode(data, i)) & SYMBOL and not is_terminal(decode(data, i)):
        i += width(data[i])
    if is_spaced and i < high and property_of(decode(data, i)) & SPACE == 0:
        return i, False
    return i, others > 0 or (stops == 1 and not _is_initial(data, low, begin))


@jit
def _is_initial(data: Bytes, low: int, i: int) -> bool:
    """Whether a single letter stands before byte i."""
    if i <= low:
        return False
    letter = before(data, i)
    if not property_of(decode(data, letter)) & ALPHA:
        return False
    return letter <= low or not property_of(decode(data, before(data, letter))) & (ALPHA | DIGIT)
