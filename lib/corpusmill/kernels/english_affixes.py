"""What spaCy's blank English tokenizer takes off a run of characters at its front and its end, and where it parts what is left.

Source: spaCy 3.8, spacy/lang/punctuation.py and spacy/lang/en/punctuation.py. data[lo:hi] is the run; nothing outside is looked at.
"""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.english_exceptions import find_exception
from corpusmill.kernels.english_tables import (
    AFTER_DIGIT,
    BEFORE_STOP,
    INFIX,
    LETTER,
    LOWER,
    PREFIX,
    QUOTE,
    SUFFIX,
    TABLES_FILE,
    UPPER,
)
from corpusmill.kernels.memory import load8
from corpusmill.kernels.phrases import is_digit
from corpusmill.kernels.properties import BLOCK_SHIFT
from corpusmill.kernels.utf8 import Bytes, before, decode, width

_MASK: Final = (1 << BLOCK_SHIFT) - 1
_LONGEST_UNIT: Final = 4
"""Bytes of those that end in ASCII (km/h)."""
_LONGEST_FOREIGN_UNIT: Final = 12

with np.load(TABLES_FILE) as _tables:
    _STAGE: Final = _tables["stage"]
    _LEAF: Final = _tables["leaf"]

_ASCII: Final = _LEAF[_STAGE[0] : _STAGE[0] + 128].astype(np.int64)
_STOP: Final = ord(".")
_APOSTROPHES: Final = (ord("'"), 0x2019)


@jit
def flags_of(code_point: int) -> int:
    """Its flags (english_tables)."""
    return np.int64(_LEAF[_STAGE[code_point >> BLOCK_SHIFT] + (code_point & _MASK)])


@jit
def flags_at(data: Bytes, i: int, hi: int) -> int:
    """The flags of the character at i; 0 at the end of the run."""
    if i >= hi:
        return 0
    byte = load8(data, i)
    return _ASCII[byte] if byte < 128 else flags_of(decode(data, i))


@jit
def flags_before(data: Bytes, lo: int, i: int) -> int:
    """The flags of the character that ends before i; 0 at the start of the run."""
    if i <= lo:
        return 0
    byte = load8(data, i - 1)
    return _ASCII[byte] if byte < 128 else flags_of(decode(data, before(data, i)))


@jit
def _stops_end(data: Bytes, i: int, hi: int) -> int:
    """Where a run of full stops ends that begins at i."""
    while i < hi and data[i] == _STOP:
        i += 1
    return i


@jit
def prefix_size(data: Bytes, lo: int, hi: int) -> int:
    """Bytes of what is taken off the front; 0 where nothing is."""
    byte = data[lo]
    if byte == _STOP:
        stops = _stops_end(data, lo, hi) - lo
        return stops if stops > 1 else 0
    if byte == 43:  # + unless a number follows
        return 0 if lo + 1 < hi and is_digit(data[lo + 1]) else 1
    if byte in (65, 67) and lo + 1 < hi and data[lo + 1] == 36:  # A$, C$
        return 2
    if byte == 85 and lo + 2 < hi and data[lo + 1] == 83 and data[lo + 2] == 36:  # US$
        return 3
    return width(byte) if flags_at(data, lo, hi) & PREFIX else 0


@jit
def suffix_size(data: Bytes, lo: int, hi: int) -> int:
    """Bytes of what is taken off the end, the longest of all that can be; 0 where nothing is."""
    if lo >= hi:
        return 0
    if load8(data, hi - 1) == _STOP:
        return _stop_suffix(data, lo, hi)
    last = before(data, hi)
    code_point = decode(data, last)
    size = hi - last if flags_before(data, lo, hi) & SUFFIX else 0
    if last > lo and code_point in (83, 115, 0x2026):  # 's and ..
        earlier = before(data, last)
        other = decode(data, earlier)
        if other == 0x2026 if code_point == 0x2026 else other in _APOSTROPHES:
            size = hi - earlier
    return max(size, unit_size(data, lo, hi))


@jit
def _stop_suffix(data: Bytes, lo: int, hi: int) -> int:
    """As suffix_size, of a run that ends with a full stop."""
    i = hi - 1
    while i > lo and data[i - 1] == _STOP:
        i -= 1
    if hi - i > 1:
        return hi - i
    if i == lo:
        return 0
    letter = before(data, i)
    flags = flags_before(data, lo, i)
    if flags & BEFORE_STOP or (flags & UPPER and flags_before(data, lo, letter) & UPPER):
        return 1
    is_degree = letter > lo and data[letter] in (67, 70, 75) and decode(data, before(data, letter)) == 0xB0
    return 1 if is_degree else 0


@jit
def unit_size(data: Bytes, lo: int, hi: int) -> int:
    """Bytes of a unit or currency behind the run's last digit; 0 where there is none."""
    i = hi
    longest = _LONGEST_UNIT if data[hi - 1] < 0x80 else _LONGEST_FOREIGN_UNIT
    while i > lo and hi - i <= longest:
        if is_digit(data[i - 1]):
            return hi - i if find_exception(data, i, hi, AFTER_DIGIT) >= 0 else 0
        i -= 1
    return 0


@jit
def infix_size(data: Bytes, lo: int, i: int, hi: int) -> int:
    """Bytes of the infix that begins at i; 0 where none does."""
    byte = np.int64(load8(data, i))
    if byte == _STOP:
        stops = _stops_end(data, i, hi) - i
        if stops > 1:
            return stops
        return 1 if flags_before(data, lo, i) & (LOWER | QUOTE) and flags_at(data, i + 1, hi) & (UPPER | QUOTE) else 0
    if byte >= 0x80 and flags_of(decode(data, i)) & INFIX:
        return width(byte)
    if i == lo or i + 1 == hi:
        return 0
    follows_digit = is_digit(data[i - 1])
    if follows_digit and byte in (42, 43, 45, 94) and (is_digit(data[i + 1]) or data[i + 1] == 45):  # digit * + - ^ digit or -
        return 1
    follows_letter = flags_before(data, lo, i) & LETTER != 0
    if byte == 44:
        return 1 if follows_letter and flags_at(data, i + 1, hi) & LETTER else 0
    if not (follows_letter or follows_digit):
        return 0
    if byte in (47, 58, 60, 61, 62):  # / : < = >
        return 1 if flags_at(data, i + 1, hi) & LETTER else 0
    return _hyphen_size(data, i, hi)


@jit
def _hyphen_size(data: Bytes, i: int, hi: int) -> int:
    """Bytes of a hyphen, a dash, up to three hyphens, two em dashes or a tilde before a letter; 0 where there is none."""
    code_point = decode(data, i)
    if code_point in (0x7E, 0x2013):
        most = 1
    elif code_point == 0x2D:
        most = 3
    elif code_point == 0x2014:
        most = 2
    else:
        return 0
    after = i
    for _ in range(most):
        if after == hi or decode(data, after) != code_point:
            return 0
        after += width(data[i])
        if flags_at(data, after, hi) & LETTER:
            return after - i
    return 0
