"""A fastText classifier as arrays: reads quantised supervised models (.ftz) with hierarchical softmax, such as lid.176.

Source: github.com/facebookresearch/fastText v0.9.2, src/{fasttext,args,dictionary,quantmatrix,productquantizer,loss}.cc; the paper is arXiv
1612.03651.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from corpusmill.kernels.contamination import build_slots
from corpusmill.kernels.utf8 import Bytes, Offsets

Integers = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]

_MAGIC: Final = 793712314
_VERSION: Final = 12
_HIERARCHICAL_SOFTMAX: Final = 1
_CENTROIDS: Final = 256
END_OF_LINE: Final = "</s>"


class ModelArrays(NamedTuple):
    """What the kernel computes with."""

    text: Bytes
    """The vocabulary, word after word."""
    first: Offsets
    """int64[words + 1]: where each word is in `text`."""
    word_slots: Integers
    """An open-addressing table by the word's hash: its number or -1."""
    buckets: int
    grams: Integers
    """int32[kept]: the bucket of each n-gram that pruning kept; its row of `vectors` is words + its place here."""
    gram_slots: Integers
    """An open-addressing table by the bucket: the place in `grams` or -1."""
    shortest: int
    longest: int
    """Characters of an n-gram."""
    vectors: Floats
    """float32[rows, dim]: of words, then of n-grams."""
    nodes: Floats
    """float32[labels - 1, dim]: of the inner nodes of the labels' Huffman tree."""
    left: Integers
    right: Integers
    """int32[2 labels - 1]: the children of each node, leaves (the labels) first, -1 for a leaf."""


@dataclass(frozen=True)
class Model:
    """A classifier: its labels, as the file names them, and its arrays."""

    labels: tuple[str, ...]
    arrays: ModelArrays


def read_model(path: Path) -> Model:
    """Raises ValueError where the file is no quantised model with hierarchical softmax and pruned n-grams of bytes."""
    file = _Fields(path.read_bytes())
    if file.take("ii") != (_MAGIC, _VERSION):
        raise ValueError(f"{path} is no fastText model of version {_VERSION}")
    dim, _, _, _, _, word_ngrams, loss, _, buckets, shortest, longest, _ = file.take("12i")
    file.take("d")
    if loss != _HIERARCHICAL_SOFTMAX or word_ngrams != 1:
        raise ValueError(f"{path} is a fastText model with another loss than hierarchical softmax, or with word n-grams")
    words, labels, counts, grams = _dictionary(file)
    if not file.take("?")[0]:
        raise ValueError(f"{path} is a fastText model that is not quantised")
    vectors = _quantised(file, dim)
    if file.take("?")[0]:
        raise ValueError(f"{path} is a fastText model with a quantised output")
    rows, columns = file.take("qq")
    output = file.array("<f4", rows * columns).reshape(rows, columns)
    left, right = _huffman(counts)
    # Rows are numbered as the file does: words, then the n-grams by the number that pruning gave them.
    order = np.argsort(grams[:, 1])
    kept = np.ascontiguousarray(grams[order, 0])
    used = np.concatenate([np.arange(len(words)), len(words) + grams[order, 1]])
    first = np.array([0, *accumulate(len(word) for word in words)], np.int64)
    text = np.frombuffer(b"".join(words), np.uint8)
    word_slots = build_slots(np.array([hash_bytes(word) for word in words], np.uint64))
    arrays = ModelArrays(
        text, first, word_slots, buckets, kept, build_slots(kept.astype(np.uint64)), shortest, longest,
        np.ascontiguousarray(vectors[used]), output, left, right,
    )  # fmt: skip
    return Model(labels, arrays)


class _Fields:
    """The file's bytes, taken from front to back."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, form: str) -> tuple[int, ...]:
        found = struct.unpack_from("<" + form, self._data, self._at)
        self._at += struct.calcsize("<" + form)
        return found

    def array(self, type_: str, count: int) -> npt.NDArray[Any]:
        found = np.frombuffer(self._data, type_, count, self._at)
        self._at += found.nbytes
        return found

    def word(self) -> bytes:
        end = self._data.index(b"\0", self._at)
        found = self._data[self._at : end]
        self._at = end + 1
        return found


def _dictionary(file: _Fields) -> tuple[list[bytes], tuple[str, ...], list[int], Integers]:
    """Words, labels, how often each label was seen, and (bucket, number) of each n-gram that is kept."""
    size, words, _ = file.take("iii")
    _, pruned = file.take("qq")
    names, counts = [], []
    for _ in range(size):
        names.append(file.word())
        counts.append(file.take("qb")[0])
    grams = file.array("<i4", 2 * max(pruned, 0)).reshape(-1, 2)
    return names[:words], tuple(name.decode() for name in names[words:]), counts[words:], grams


def _quantised(file: _Fields, dim: int) -> Floats:
    """float32[rows, dim]: the centroids that the codes name, times the row's norm."""
    (has_norms,) = file.take("?")
    rows, _ = file.take("qq")
    (size,) = file.take("i")
    codes = file.array("u1", size).reshape(rows, -1)
    centroids = _centroids(file)
    parts = [centroids[part][codes[:, part]] for part in range(codes.shape[1])]
    vectors = np.concatenate(parts, axis=1)[:, :dim]
    if has_norms:
        norm_codes = file.array("u1", rows)
        vectors = vectors * _centroids(file)[0][norm_codes]
    return vectors


def _centroids(file: _Fields) -> list[Floats]:
    """For each part of a vector float32[256, its length]. The last part may be shorter than the others."""
    dim, parts, length, last = file.take("4i")
    lengths = [length] * (parts - 1) + [last]
    data = file.array("<f4", dim * _CENTROIDS)
    ends = np.cumsum(lengths) * _CENTROIDS
    return [data[end - n * _CENTROIDS : end].reshape(_CENTROIDS, n) for n, end in zip(lengths, ends, strict=True)]


def _huffman(counts: Sequence[int]) -> tuple[Integers, Integers]:
    """The children of each node, as fastText's HierarchicalSoftmaxLoss::buildTree joins them; counts descend."""
    leaves = len(counts)
    total = [*counts, *([10**15] * (leaves - 1))]
    left, right = np.full(2 * leaves - 1, -1, np.int32), np.full(2 * leaves - 1, -1, np.int32)
    leaf, node = leaves - 1, leaves
    for new in range(leaves, 2 * leaves - 1):
        least = []
        for _ in range(2):
            if leaf >= 0 and total[leaf] < total[node]:
                least.append(leaf)
                leaf -= 1
            else:
                least.append(node)
                node += 1
        left[new], right[new] = least
        total[new] = total[least[0]] + total[least[1]]
    return left, right


def hash_bytes(word: bytes) -> int:
    """32-bit FNV-1a with sign-extended bytes, fastText's Dictionary::hash."""
    h = 2166136261
    for byte in word:
        h = (h ^ (byte | 0xFFFFFF00 if byte > 127 else byte)) * 16777619 & 0xFFFFFFFF
    return h
