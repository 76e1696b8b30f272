"""The texts that the English splitter treats by name, found by first byte, last byte and length."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.english_tables import TABLES_FILE, WHOLE
from corpusmill.kernels.memory import load8
from corpusmill.kernels.utf8 import Bytes

_SLOTS: Final = 4096

with np.load(TABLES_FILE) as _tables:
    _text, _first = _tables["texts"], _tables["first"].astype(np.int64)
    _rows = [_tables[name] for name in ("kinds", "tokens", "pieces")]


def _slots(first: np.ndarray, last: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """int64[m]: as _slot."""
    return (first * 131 + last * 31 + sizes * 1009) & (_SLOTS - 1)


_size = np.diff(_first)
_slot_of = _slots(_text[_first[:-1]].astype(np.int64), _text[_first[1:] - 1].astype(np.int64), _size)
_order = np.argsort(_slot_of, kind="stable")

_TEXT: Final = _text
_START: Final = _first[:-1][_order]
_SIZE: Final = _size[_order]
KIND, TOKENS, PIECES = (row.astype(np.int64)[_order] for row in _rows)
"""int64[exceptions] each: kind; bit k: a token begins at byte k; the same of the pieces that stand for it inside longer runs, 0 where it has
none (english_tables)."""
_SLOT_FIRST: Final = np.searchsorted(_slot_of[_order], np.arange(_SLOTS + 1)).astype(np.int16)
LONGEST: Final = int(_size.max())
"""Bytes of the longest."""


def _openings() -> np.ndarray:
    """bool[_SLOTS]: which slots the first two pieces of an exception fall into."""
    found = np.zeros(_SLOTS, np.bool_)
    for row in np.flatnonzero(PIECES):
        second = int(PIECES[row] & ~1)
        size = (second & -second).bit_length() - 1
        text = _TEXT[_START[row] : _START[row] + _SIZE[row]].astype(np.int64)
        found[_slots(text[0], text[size], np.int64(size))] = True
    return found


_OPENS: Final = _openings()
MOST_PIECES: Final = max(int(bits).bit_count() for bits in PIECES)
"""Of an exception."""


@jit
def find_exception(data: Bytes, start: int, end: int, kind: int) -> int:
    """The row of data[start:end] among those of this kind; -1 where there is none."""
    size = end - start
    if size > LONGEST or size <= 0:
        return -1
    slot = (np.int64(load8(data, start)) * 131 + np.int64(load8(data, end - 1)) * 31 + size * 1009) & (_SLOTS - 1)
    for row in range(_SLOT_FIRST[slot], _SLOT_FIRST[slot + 1]):
        if _SIZE[row] != size or not KIND[row] & kind:
            continue
        k = 0
        while k < size and load8(data, start + k) == _TEXT[_START[row] + k]:
            k += 1
        if k == size:
            return row
    return -1


@jit
def may_be_pieces(data: Bytes, start: int, size: int) -> bool:
    """False where no exception has pieces of which the first is `size` bytes at start and the second begins as the token behind it does."""
    slot = (np.int64(load8(data, start)) * 131 + np.int64(load8(data, start + size)) * 31 + size * 1009) & (_SLOTS - 1)
    return bool(_OPENS[slot])


@jit
def find_whole(data: Bytes, start: int, end: int) -> int:
    """The row of data[start:end] among the texts that have tokens of their own; -1 where it is none of them."""
    return find_exception(data, start, end, WHOLE)
