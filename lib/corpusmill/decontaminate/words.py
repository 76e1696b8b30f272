"""The words that contamination is measured in, and the way back from them to bytes of the text."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpusmill.kernels.normal_words import hash_normal_words
from corpusmill.text.batch import TextBatch

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class NormalWords:
    """Unicode words without punctuation, lower case, numbers as 0, no accents. The words of document d are rows first[d] to first[d + 1]."""

    first: Integers
    """int64[n+1]."""
    hash: NDArray[np.uint64]
    """uint64[w]."""
    start: Integers
    """int64[w]: bytes from the start of its document."""
    end: Integers

    def source(self, begin: Integers, end: Integers) -> tuple[Integers, Integers]:
        """Bytes, from their document's start, of runs of words [begin, end) counted over the batch; none is empty."""
        return self.start[begin], self.end[end - 1]


def normal_words(texts: TextBatch) -> NormalWords:
    """The words of n texts."""
    tokens = texts.tokens
    first, token, hashes = hash_normal_words(texts.data, tokens.first, tokens.start, tokens.end, tokens.symbol)
    origin = np.repeat(texts.offsets[:-1], np.diff(first))
    return NormalWords(first, hashes, tokens.start[token] - origin, tokens.end[token] - origin)
