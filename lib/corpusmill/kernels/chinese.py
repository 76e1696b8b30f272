"""Characters of Chinese text: simplified and traditional ones, punctuation and stop words, from chinese_tables.npz."""

from pathlib import Path
from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.lanes import HIGH_BITS
from corpusmill.kernels.memory import bits_set, load8, load64
from corpusmill.kernels.properties import BLOCK_SHIFT
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, width

KINDS: Final = ("common_han", "simplified", "traditional", "punctuation", "stop_characters", "stop_words")
"""The columns of count_chinese: U+4E00 to U+9FA5; characters of simplified, and of traditional writing alone; Chinese punctuation; characters that
are stop words, and how many different ones."""
_FIRST, _LAST = 0x4E00, 0x9FA5
_SIMPLIFIED: Final = 1
_TRADITIONAL: Final = 2
_PUNCTUATION: Final = 4
_STOP_SHIFT: Final = 3
_MASK: Final = (1 << BLOCK_SHIFT) - 1

with np.load(Path(__file__).with_name("chinese_tables.npz")) as _tables:
    _STAGE: Final = _tables["stage"]
    _LEAF: Final = _tables["leaf"]


@jit
def count_chinese(data: Bytes, offsets: Offsets) -> Offsets:
    """int64[n, 6]: see KINDS. No ASCII is any of them, which is left out eight bytes at a time."""
    counts = np.zeros((offsets.size - 1, 6), np.int64)
    for d in range(offsets.size - 1):
        common = simplified = traditional = punctuation = stops = seen = 0
        i, end = offsets[d], offsets[d + 1]
        while i < end:
            if load8(data, i) < 128:
                i += 8 if i + 8 <= end and not load64(data, i) & HIGH_BITS else 1
                continue
            code_point = decode(data, i)
            value = np.int64(_LEAF[_STAGE[code_point >> BLOCK_SHIFT] + (code_point & _MASK)])
            common += _FIRST <= code_point <= _LAST
            simplified += value & _SIMPLIFIED != 0
            traditional += value & _TRADITIONAL != 0
            punctuation += value & _PUNCTUATION != 0
            stop = value >> _STOP_SHIFT
            stops += stop > 0
            seen |= (1 << stop) >> 1
            i += width(load8(data, i))
        counts[d, 0], counts[d, 1], counts[d, 2], counts[d, 3] = common, simplified, traditional, punctuation
        counts[d, 4], counts[d, 5] = stops, bits_set(seen)
    return counts
