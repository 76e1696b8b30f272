"""How many characters of each kind documents have: ASCII by a histogram of bytes, which no branch depends on, the others one by one."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import U64
from corpusmill.kernels.lanes import HIGH_BITS
from corpusmill.kernels.memory import load8, load64
from corpusmill.kernels.properties import ALPHANUMERIC, DIGIT, HAN, SPACE, SPECIAL, UPPERCASE
from corpusmill.kernels.unicode import ASCII, property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, width

KINDS: Final = ("alphanumeric", "digits", "white_space", "uppercase", "han", "special", "brackets", "parentheses", "plain", "blanks")
"""The columns of count_kinds: str.isalnum, general category Nd, str.isspace, str.isupper, script Han, Data-Juicer's special characters, ( and ),
NeMo Curator's parentheses, its letters, digits and marks of prose, and its white space."""
_FLAGS: Final = np.array([ALPHANUMERIC, DIGIT, SPACE, UPPERCASE, HAN, SPECIAL], np.int64)
"""The first columns are flags of kernels.properties."""
_SETS: Final = ("()", "(){}[]", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\n?!,.", "\t\n\r\b ")
"""The ASCII of the others (Curator 1e2e427, stages/text/utils/constants.py)."""
_ANGLES: Final = (0x27E8, 0x27E9)
"""Curator's parentheses outside ASCII."""
_PARENTHESES: Final = KINDS.index("parentheses")


def _ascii_kinds() -> np.ndarray:
    """int64[128, kinds]: 1 where the character is of the kind."""
    flags = (ASCII[:, None] & _FLAGS != 0).astype(np.int64)
    return np.concatenate([flags, np.array([[chr(c) in members for members in _SETS] for c in range(128)], np.int64)], axis=1)


_ASCII_KINDS: Final = _ascii_kinds()


@jit
def _count_ascii(data: Bytes, i: int, end: int, seen: Offsets) -> int:
    """Count the ASCII from byte i on in `seen` int64[4, 128]; gives the first byte that is none, or `end`."""
    while i + 8 <= end:
        word = load64(data, i)
        if word & HIGH_BITS:
            break
        for k in range(8):
            # Four tables, because a count that was just written is read back slowly.
            seen[k & 3, np.int64((word >> U64(8 * k)) & U64(127))] += 1
        i += 8
    while i < end and load8(data, i) < 128:
        seen[0, load8(data, i)] += 1
        i += 1
    return i


@jit
def count_kinds(data: Bytes, offsets: Offsets) -> Offsets:
    """int64[n, 10]: see KINDS."""
    counts = np.zeros((offsets.size - 1, _ASCII_KINDS.shape[1]), np.int64)
    seen = np.zeros((4, 128), np.int64)
    for d in range(offsets.size - 1):
        seen[:] = 0
        i, end = offsets[d], offsets[d + 1]
        while i < end:
            i = _count_ascii(data, i, end, seen)
            while i < end and load8(data, i) >= 128:
                code_point = decode(data, i)
                kind = property_of(code_point)
                for k in range(_FLAGS.size):
                    counts[d, k] += kind & _FLAGS[k] != 0
                counts[d, _PARENTHESES] += code_point == _ANGLES[0] or code_point == _ANGLES[1]
                i += width(load8(data, i))
        for c in range(128):
            times = seen[0, c] + seen[1, c] + seen[2, c] + seen[3, c]
            if times:
                for k in range(counts.shape[1]):
                    counts[d, k] += times * _ASCII_KINDS[c, k]
    return counts
