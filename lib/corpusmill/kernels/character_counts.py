"""How many characters of each kind documents have, in one pass."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.memory import load8
from corpusmill.kernels.properties import ALPHANUMERIC, DIGIT, HAN, SPACE, UPPERCASE
from corpusmill.kernels.unicode import ASCII, property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, width

KINDS: Final = ("alphanumeric", "digits", "white_space", "uppercase", "brackets", "han", "longest_word")
"""The columns of count_kinds: str.isalnum, general category Nd, str.isspace, str.isupper, ( and ), script Han, and the characters of the
longest piece that str.split gives."""
_OPENING: Final = ord("(")
_CLOSING: Final = ord(")")


@jit
def count_kinds(data: Bytes, offsets: Offsets) -> Offsets:
    """int64[n, 7]: see KINDS."""
    counts = np.zeros((offsets.size - 1, 7), np.int64)
    for d in range(offsets.size - 1):
        alphanumeric = digits = spaces = uppercase = brackets = han = longest = length = 0
        i, end = offsets[d], offsets[d + 1]
        while i < end:
            byte = load8(data, i)
            word = ASCII[byte] if byte < 128 else property_of(decode(data, i))
            alphanumeric += word & ALPHANUMERIC != 0
            digits += word & DIGIT != 0
            uppercase += word & UPPERCASE != 0
            brackets += byte == _OPENING or byte == _CLOSING
            han += word & HAN != 0
            is_space = word & SPACE != 0
            spaces += is_space
            length = 0 if is_space else length + 1
            longest = max(longest, length)
            i += width(byte)
        counts[d, 0], counts[d, 1], counts[d, 2], counts[d, 3] = alphanumeric, digits, spaces, uppercase
        counts[d, 4], counts[d, 5], counts[d, 6] = brackets, han, longest
    return counts
