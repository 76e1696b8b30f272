"""A line of text as fastText sees it: the rows of its words, of their n-grams of characters and of runs of words, over Arrow buffers.

Source: github.com/facebookresearch/fastText v0.9.2, src/dictionary.cc (getLine, addSubwords, computeSubwords, addWordNgrams).
It makes no strings and no vectors of n-grams, as fastText's own does.
"""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.fasttext_model import END_OF_LINE, LABEL_PREFIX, Integers, ModelArrays
from corpusmill.kernels.utf8 import Bytes, Offsets, is_at

_FNV_START: Final = 2166136261
_FNV_PRIME: Final = 16777619
_MASK: Final = 0xFFFFFFFF
_RUN_PRIME: Final = np.uint64(116049371)
_OPENS, _CLOSES = 60, 62
"""< and > stand round a word when its n-grams are taken."""
_LABEL: Final = np.frombuffer(LABEL_PREFIX.encode(), np.uint8).copy()
_END: Final = np.frombuffer(END_OF_LINE, np.uint8).copy()


@jit
def _step(h: int, byte: int) -> int:
    """FNV-1a on sign-extended bytes, 32 bits."""
    return (h ^ (byte | 0xFFFFFF00 if byte > 127 else byte)) * _FNV_PRIME & _MASK


@jit
def hash_word(data: Bytes, start: int, end: int) -> int:
    """FastText's 32-bit hash of a word."""
    h = _FNV_START
    for i in range(start, end):
        h = _step(h, np.int64(data[i]))
    return h


@jit
def is_separator(byte: int) -> bool:
    """Whether a byte stands between words."""
    return byte == 32 or 9 <= byte <= 13 or byte == 0


@jit
def _word_number(data: Bytes, start: int, end: int, h: int, model: ModelArrays) -> int:
    """The number in the vocabulary of the word whose hash is `h`, or -1."""
    mask = model.word_slots.size - 1
    slot = h & mask
    while model.word_slots[slot] >= 0:
        word = model.word_slots[slot]
        begin = model.first[word]
        if model.first[word + 1] - begin == end - start:
            same = True
            for k in range(end - start):
                same &= model.text[begin + k] == data[start + k]
            if same:
                return word
        slot = (slot + 1) & mask
    return -1


@jit
def _gram_row(bucket: int, model: ModelArrays) -> int:
    """The row of vectors of a bucket, or -1 where pruning dropped it."""
    if not model.is_pruned:
        return model.first.size - 1 + bucket
    mask = model.gram_slots.size - 1
    slot = bucket & mask
    while model.gram_slots[slot] >= 0:
        place = model.gram_slots[slot]
        if model.grams[place] == bucket:
            return model.first.size - 1 + place
        slot = (slot + 1) & mask
    return -1


@jit
def _character_grams(word: Bytes, size: int, model: ModelArrays, rows: Integers, count: int) -> int:
    """Append the rows of the n-grams of a word between its marks; gives the new count."""
    for i in range(size):
        if word[i] & 0xC0 == 0x80:
            continue
        h, j, n = _FNV_START, i, 1
        while j < size and n <= model.longest:
            h = _step(h, np.int64(word[j]))
            j += 1
            while j < size and word[j] & 0xC0 == 0x80:
                h = _step(h, np.int64(word[j]))
                j += 1
            if n >= model.shortest and not (n == 1 and (i == 0 or j == size)):
                row = _gram_row(h % model.buckets, model)
                if row >= 0:
                    rows[count] = row
                    count += 1
            n += 1
    return count


@jit
def _word_runs(hashes: Integers, words: int, model: ModelArrays, rows: Integers, count: int) -> int:
    """Append the rows of all runs of 2 to `word_ngrams` words; gives the new count."""
    for i in range(words):
        h = np.uint64(np.int64(hashes[i]))
        for j in range(i + 1, min(words, i + model.word_ngrams)):
            h = h * _RUN_PRIME + np.uint64(np.int64(hashes[j]))
            row = _gram_row(np.int64(h % np.uint64(model.buckets)), model)
            if row >= 0:
                rows[count] = row
                count += 1
    return count


@jit
def line_rows(data: Bytes, start: int, end: int, model: ModelArrays, word: Bytes, hashes: Integers, rows: Integers) -> int:
    """Write the rows of a text and of the end of its line to `rows`; gives how many. Newlines are blanks.

    `word`, `hashes`, `rows`: as `make_room` makes them.
    """
    count, words, i = 0, 0, start
    while i < end:
        if is_separator(data[i]):
            i += 1
            continue
        begin = i
        while i < end and not is_separator(data[i]):
            i += 1
        h = hash_word(data, begin, i)
        number = _word_number(data, begin, i, h, model)
        if i - begin == _END.size and is_at(data, begin, i, _END):
            break
        if number < 0 and is_at(data, begin, i, _LABEL):
            continue
        hashes[words] = h
        words += 1
        if number >= 0:
            rows[count] = number
            count += 1
        if model.longest > 0:
            size = i - begin
            word[0], word[size + 1] = _OPENS, _CLOSES
            for k in range(size):
                word[k + 1] = data[begin + k]
            count = _character_grams(word, size + 2, model, rows, count)
    if model.end_of_line >= 0:
        rows[count] = model.end_of_line
        count += 1
    if model.word_ngrams > 1:
        hashes[words] = hash_word(_END, 0, _END.size)
        count = _word_runs(hashes, words + 1, model, rows, count)
    return count


@jit
def make_room(data: Bytes, start: Offsets, end: Offsets, model: ModelArrays) -> tuple[Bytes, Integers, Integers]:
    """The arrays that `line_rows` writes to, large enough for each of n texts [start, end): by their longest and the most words that one has."""
    size, most = 0, 0
    for d in range(start.size):
        words = 0
        for i in range(start[d], end[d]):
            words += not is_separator(data[i]) and (i == start[d] or is_separator(data[i - 1]))
        size, most = max(size, end[d] - start[d]), max(most, words)
    grams = (size + 2 * most) * model.longest if model.longest > 0 else 0
    rows = np.empty((most + 1) * max(model.word_ngrams, 1) + grams, np.int32)
    return np.empty(size + 2, np.uint8), np.empty(most + 1, np.int32), rows
