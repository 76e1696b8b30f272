"""Sentences of English text as spaCy's sentencizer parts them: after . ! ? and their kin, before the next token that is no punctuation.

Source: spaCy 3.8, spacy/pipeline/sentencizer.pyx, on the tokens of kernels.english_words; datatrove's C4 filter counts these.
"""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.english_affixes import flags_at, flags_of
from corpusmill.kernels.english_pieces import Cuts
from corpusmill.kernels.english_runs import Runs, next_runs
from corpusmill.kernels.english_tables import PUNCTUATION, SENTENCE_END
from corpusmill.kernels.english_words import split_run
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, width

_FILLED: Final = 1
"""The sentence holds more than white space."""
_ENDED: Final = 2
"""What ends it has been seen."""


@jit
def _token_flags(data: Bytes, start: int, end: int) -> int:
    """PUNCTUATION where all of the token is, SENTENCE_END where it is one such character."""
    flags = PUNCTUATION
    i = start
    while i < end:
        flags &= flags_of(decode(data, i))
        i += width(data[i])
    if start + width(data[start]) == end:
        flags |= flags_of(decode(data, start)) & SENTENCE_END
    return flags


@jit
def _begin(count: int, state: int) -> tuple[int, int]:
    """Begin a sentence; the one before counts if it holds anything."""
    return count + (state & _FILLED), 0


@jit
def _take(count: int, state: int, flags: int) -> tuple[int, int]:
    """Count and state of the sentence after one more token."""
    if flags & SENTENCE_END:
        state |= _ENDED
    elif state & _ENDED and not flags & PUNCTUATION:
        count, state = _begin(count, state)
    return count, state | _FILLED


@jit
def _take_run(data: Bytes, start: int, end: int, cuts: Cuts, count: int, state: int) -> tuple[int, int, int]:
    """Count and state after a run without blanks that has to be split, and its tokens."""
    split_run(data, start, end, cuts)
    begin, tokens = start, 0
    for k in range(1, end - start + 1):
        if k == end - start or cuts[k]:
            count, state = _take(count, state, _token_flags(data, begin, start + k))
            begin = start + k
            tokens += 1
    cuts[: end - start] = 0
    return count, state, tokens


@jit
def count_line(data: Bytes, i: int, end: int, cuts: Cuts, runs: Runs) -> tuple[int, int]:
    """Sentences and words of data[i:end]. White space but a single blank is a token of the sentencizer's, and may begin a sentence."""
    sentences, state, words, last = 0, 0, 0, i
    count, after = next_runs(data, i, end, runs)
    while count:
        for r in range(count):
            start, known = runs[r, 0], runs[r, 2]
            if state & _ENDED and not (start == last + 1 and data[last] == 32):
                sentences, state = _begin(sentences, state)
            last = runs[r, 1]
            if known == 0:
                sentences, state, tokens = _take_run(data, start, last, cuts, sentences, state)
                words += tokens
                continue
            words += known
            sentences, state = _take(sentences, state, 0)
            if known == 2:
                sentences, state = _take(sentences, state, flags_at(data, last - 1, last))
        count, after = next_runs(data, after, end, runs)
    return sentences + (state & _FILLED), words


@jit
def largest_span(start: Offsets, end: Offsets) -> int:
    """Bytes of the longest of some spans."""
    most = np.int64(0)
    for k in range(start.size):
        most = max(most, end[k] - start[k])
    return most
