"""Paragraphs with the words of cookie banners and policies that NeMo Curator looks for, found by the rare letters k, v and m in them."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import U64
from corpusmill.kernels.lanes import HIGH_BITS, ONES, equal
from corpusmill.kernels.memory import load64, trailing_zeros
from corpusmill.kernels.phrases import lower, pack, phrase_end
from corpusmill.kernels.utf8 import Bytes, Offsets

POLICY: Final = 1
LOREM: Final = 2
_SAYINGS: Final = (
    "lorem ipsum", "terms of use", "privacy policy", "privacy overview", "cookie policy", "uses cookies", "use of cookies", "use cookies",
    "privacy & cookies policy", "privacy and cookies policy", "necessary cookies are absolutely essential",
    "any cookies that may not be particularly necessary", "if you continue to browse this site without changing your cookie settings",
)  # fmt: skip
"""Curator 1e2e427, stages/text/utils/constants.py, policy_substrings; of its long sentences the first words."""
_PHRASES, _FIRST = pack(*_SAYINGS)
_ANCHOR: Final = np.array([min(saying.index(letter) for letter in "kvm" if letter in saying) for saying in _SAYINGS], np.int64)
"""Bytes before the first k, v or m of each, which is in `ook`, `riv`, `rem` or `erm`."""


@jit
def _is_likely(one: int, two: int, letter: int) -> bool:
    if letter == 0x6B:
        return one == 0x6F and two == 0x6F
    if letter == 0x76:
        return one == 0x72 and two == 0x69
    return (one == 0x72 and two == 0x65) or (one == 0x65 and two == 0x72)


@jit
def _found_at(data: Bytes, low: int, i: int, high: int) -> int:
    """POLICY or LOREM if a saying has its anchor at byte i, else 0."""
    if i - 2 < low or not _is_likely(lower(data[i - 2]), lower(data[i - 1]), lower(data[i])):
        return 0
    letter = lower(data[i])
    for number in range(_ANCHOR.size):
        begin, first = i - _ANCHOR[number], _FIRST[number]
        if begin < low or _PHRASES[first + _ANCHOR[number]] != letter:
            continue
        if phrase_end(data, begin, high, _PHRASES[first : _FIRST[number + 1]]) >= 0:
            return LOREM if number == 0 else POLICY
    return 0


@jit
def mark_paragraphs(data: Bytes, start: Offsets, end: Offsets) -> npt.NDArray[np.uint8]:
    """uint8[m]: POLICY and LOREM of each paragraph."""
    marks = np.zeros(start.size, np.uint8)
    for k in range(start.size):
        i, high = start[k], end[k]
        while i < high:
            if i + 8 <= high:
                word = load64(data, i)
                byte = (word & ~HIGH_BITS) | (ONES * U64(0x20))
                found = (equal(byte, 0x6B) | equal(byte, 0x76) | equal(byte, 0x6D)) & ~word & HIGH_BITS
                while found:
                    marks[k] |= _found_at(data, start[k], i + (trailing_zeros(found) >> 3), high)
                    found &= found - U64(1)
                i += 8
            else:
                if lower(data[i]) in (0x6B, 0x76, 0x6D):
                    marks[k] |= _found_at(data, start[k], i, high)
                i += 1
    return marks
