"""fastText's prediction over Arrow buffers, in its own arithmetic: the sum of a line's word and n-gram vectors, then a walk down a tree.

Source: github.com/facebookresearch/fastText v0.9.2, src/dictionary.cc (getLine, computeSubwords) and src/loss.cc (HierarchicalSoftmaxLoss).
It makes no strings and no vectors of n-grams, as fastText's own does.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.fasttext_model import Floats, Integers, ModelArrays
from corpusmill.kernels.lines import stripped
from corpusmill.kernels.utf8 import Bytes, Offsets, is_at

_FNV_START: Final = 2166136261
_FNV_PRIME: Final = 16777619
_MASK: Final = 0xFFFFFFFF
_OPENS, _CLOSES = 60, 62
"""< and > stand round a word when its n-grams are taken."""
_LABEL: Final = np.frombuffer(b"__label__", np.uint8).copy()
_END_OF_LINE: Final = 0
"""The number of the word </s>."""
_LEAST: Final = np.float32(np.log(1e-5))
"""The logarithm of a probability of 0, as fastText takes it: it adds 1e-5 first."""


@jit
def _step(h: int, byte: int) -> int:
    """FNV-1a on sign-extended bytes, 32 bits."""
    return (h ^ (byte | 0xFFFFFF00 if byte > 127 else byte)) * _FNV_PRIME & _MASK


@jit
def _is_separator(byte: int) -> bool:
    return byte == 32 or 9 <= byte <= 13 or byte == 0


@jit
def _word_number(data: Bytes, start: int, end: int, model: ModelArrays) -> int:
    """The word's number in the vocabulary, or -1."""
    h = _FNV_START
    for i in range(start, end):
        h = _step(h, np.int64(data[i]))
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
    """The n-gram's row of vectors, or -1 where pruning dropped it."""
    mask = model.gram_slots.size - 1
    slot = bucket & mask
    while model.gram_slots[slot] >= 0:
        place = model.gram_slots[slot]
        if model.grams[place] == bucket:
            return model.first.size - 1 + place
        slot = (slot + 1) & mask
    return -1


@jit
def _add(vectors: Floats, row: int, hidden: Floats) -> None:
    for k in range(hidden.size):
        hidden[k] += vectors[row, k]


@jit
def _add_grams(word: Bytes, size: int, model: ModelArrays, hidden: Floats) -> int:
    """Add the vectors of the n-grams of a word between its marks; gives how many."""
    added = 0
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
                    _add(model.vectors, row, hidden)
                    added += 1
            n += 1
    return added


@jit
def _sum_line(data: Bytes, start: int, end: int, model: ModelArrays, word: Bytes, hidden: Floats) -> int:
    """Add the vectors of a line's words, their n-grams and the end of the line; gives how many. `word`: room for one, and its marks."""
    added, i = 0, start
    while i < end:
        if _is_separator(data[i]):
            i += 1
            continue
        begin = i
        while i < end and not _is_separator(data[i]):
            i += 1
        number = _word_number(data, begin, i, model)
        if number == _END_OF_LINE:
            break
        if number < 0 and is_at(data, begin, i, _LABEL):
            continue
        if number >= 0:
            _add(model.vectors, number, hidden)
            added += 1
        size = i - begin
        word[0], word[size + 1] = _OPENS, _CLOSES
        for k in range(size):
            word[k + 1] = data[begin + k]
        added += _add_grams(word, size + 2, model, hidden)
    _add(model.vectors, _END_OF_LINE, hidden)
    return added + 1


@jit
def _log(x: float) -> float:
    return np.float32(np.log(np.float64(x) + 1e-5))


@jit
def _best_label(hidden: Floats, model: ModelArrays, nodes: Integers, scores: Floats) -> tuple[int, float]:
    """The likeliest label and its logarithm: depth first, leaving out what is already less likely. `nodes`, `scores`: room for a stack."""
    leaves = (model.left.size + 1) // 2
    best, best_score = -1, np.float32(0)
    nodes[0], scores[0], depth = model.left.size - 1, np.float32(0), 1
    while depth:
        depth -= 1
        node, score = np.int64(nodes[depth]), scores[depth]
        if score < _LEAST or (best >= 0 and score < best_score):
            continue
        if model.left[node] < 0:
            best, best_score = node, score
            continue
        product = np.float32(0)
        for k in range(hidden.size):
            product += model.nodes[node - leaves, k] * hidden[k]
        right = np.float32(1.0 / np.float64(np.float32(1) + np.exp(-product)))
        nodes[depth], scores[depth] = model.right[node], score + _log(right)
        depth += 1
        nodes[depth], scores[depth] = model.left[node], score + _log(np.float32(1.0 - np.float64(right)))
        depth += 1
    return best, best_score


@jit
def _leading(data: Bytes, start: int, end: int, characters: int) -> int:
    """The byte after so many characters, or `end`."""
    i = start
    while i < end:
        if data[i] & 0xC0 != 0x80:
            if characters == 0:
                return i
            characters -= 1
        i += 1
    return end


@jit
def predict(data: Bytes, offsets: Offsets, characters: int, model: ModelArrays) -> tuple[Integers, npt.NDArray[np.float32]]:
    """(label int32[n], probability float32[n]) of n texts by their leading characters; newlines are blanks. Label -1: nothing but white space."""
    n = offsets.size - 1
    labels, scores = np.full(n, -1, np.int32), np.zeros(n, np.float32)
    word = np.empty(4 * characters + 2, np.uint8)
    hidden = np.empty(model.vectors.shape[1], np.float32)
    nodes, stack = np.empty(model.left.size, np.int32), np.empty(model.left.size, np.float32)
    for d in range(n):
        end = _leading(data, offsets[d], offsets[d + 1], characters)
        first, last = stripped(data, offsets[d], end)
        if first == last:
            continue
        hidden[:] = 0
        added = _sum_line(data, offsets[d], end, model, word, hidden)
        share = np.float32(1.0 / added)
        for k in range(hidden.size):
            hidden[k] *= share
        label, score = _best_label(hidden, model, nodes, stack)
        labels[d], scores[d] = label, np.exp(score)
    return labels, scores
