"""Words as fastText's tokenizer gives them."""

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import U64
from corpusmill.kernels.lanes import HIGH_BITS, between, letters_of
from corpusmill.kernels.memory import bits_set, load8, load64
from corpusmill.kernels.properties import ALPHANUMERIC
from corpusmill.kernels.unicode import ASCII, property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, decode


@jit
def _begins_word(data: Bytes, begin: int, i: int) -> bool:
    """Whether ASCII white space or nothing stands before byte i, and at it a letter or digit."""
    before = data[i - 1] if i > begin else 32
    if before != 32 and not 9 <= before <= 13:
        return False
    return (ASCII[data[i]] if data[i] < 128 else property_of(decode(data, i))) & ALPHANUMERIC != 0


@jit
def count_spoken(data: Bytes, offsets: Offsets) -> Offsets:
    """int64[n]: words that fastText's tokenizer gives, which splits at ASCII white space alone, and that begin with a letter or digit."""
    counts = np.zeros(offsets.size - 1, np.int64)
    for d in range(offsets.size - 1):
        begin, end = offsets[d], offsets[d + 1]
        i, was_space = begin, U64(0x80)
        while i < end:
            word = load64(data, i) if i + 8 <= end else HIGH_BITS
            if word & HIGH_BITS:
                after = min(i + 8, end)
                while i < after:
                    counts[d] += data[i] & 0xC0 != 0x80 and _begins_word(data, begin, i)
                    i += 1
                last = load8(data, i - 1)
                was_space = U64(0x80) if last == 32 or 9 <= last <= 13 else U64(0)
                continue
            spaces = (between(word, 9, 13) | (between(word, 32, 32))) & HIGH_BITS
            counts[d] += bits_set((spaces << U64(8) | was_space) & (letters_of(word) | between(word, 48, 57)))
            was_space = spaces >> U64(56)
            i += 8
    return counts
