"""A fastText classifier as arrays: reads supervised models, quantised (.ftz) such as lid.176 or not (.bin), with a softmax or a tree of labels.

Source: github.com/facebookresearch/fastText v0.9.2, src/{fasttext,args,dictionary,quantmatrix,productquantizer,loss}.cc; the paper is arXiv
1612.03651.
"""

import mmap
import os
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

MAGIC: Final = 793712314
VERSION: Final = 12
TREE, SOFTMAX = 1, 3
"""Numbers of the losses."""
SUPERVISED: Final = 3
_LARGE: Final = 16_000_000
"""Bytes of a matrix that is worth sharing between processes."""
_CENTROIDS: Final = 256
END_OF_LINE: Final = b"</s>"
LABEL_PREFIX: Final = "__label__"


class ModelArrays(NamedTuple):
    """What the kernel computes with."""

    text: Bytes
    """The vocabulary, word after word."""
    first: Offsets
    """int64[words + 1]: where each word is in `text`."""
    word_slots: Integers
    """An open-addressing table by the word's hash: its number or -1."""
    end_of_line: int
    """The number of the word </s>, or -1."""
    buckets: int
    is_pruned: bool
    """Whether only the n-grams in `grams` have vectors; else bucket b has row words + b."""
    grams: Integers
    """int32[kept]: the bucket of each n-gram that pruning kept; its row of `vectors` is words + its place here."""
    gram_slots: Integers
    """An open-addressing table by the bucket: the place in `grams` or -1."""
    shortest: int
    longest: int
    """Characters of an n-gram; `longest` 0: there are none."""
    word_ngrams: int
    """Words of the longest run that has a vector."""
    vectors: Floats
    """float32[rows, dim]: of words, then of n-grams and runs of words."""
    output: Floats
    """float32: [labels, dim] with a softmax, [labels - 1, dim] of the inner nodes of the labels' Huffman tree."""
    left: Integers
    right: Integers
    """int32[2 labels - 1]: the children of each node, leaves (the labels) first, -1 for a leaf; empty with a softmax."""


@dataclass(frozen=True)
class Model:
    """A classifier: its labels, as the file names them, and its arrays."""

    labels: tuple[str, ...]
    arrays: ModelArrays


def read_model(path: Path, aligned: Path | None = None) -> Model:
    """Raises ValueError where the file is no supervised model, or has another loss than softmax or hierarchical softmax.

    Vectors that are not quantised are mapped, so that processes share them; `aligned` names a file to keep a large matrix in whose values
    do not lie on multiples of four bytes in the model's own file. Without it each process has a copy.
    """
    try:
        return _read(_Fields(path), path, aligned)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} ends too early or is damaged") from error


def _read(file: "_Fields", path: Path, aligned: Path | None) -> Model:
    if file.take("ii") != (MAGIC, VERSION):
        raise ValueError(f"{path} is no fastText model of version {VERSION}")
    dim, _, _, _, _, word_ngrams, loss, kind, buckets, shortest, longest, _ = file.take("12i")
    file.take("d")
    if kind != SUPERVISED or loss not in (TREE, SOFTMAX):
        raise ValueError(f"{path} is a fastText model that is no classifier, or with another loss than softmax and hierarchical softmax")
    words, labels, counts, grams = _dictionary(file)
    vectors = _quantised(file, dim) if file.take("?")[0] else file.matrix(aligned)
    if file.take("?")[0]:
        raise ValueError(f"{path} is a fastText model with a quantised output")
    output = file.matrix()
    left, right = _huffman(counts) if loss == TREE else (np.empty(0, np.int32), np.empty(0, np.int32))
    kept = np.empty(0, np.int32)
    if grams is not None:
        # Rows are numbered as the file does: words, then the n-grams by the number that pruning gave them.
        order = np.argsort(grams[:, 1])
        kept = np.ascontiguousarray(grams[order, 0])
        used = np.concatenate([np.arange(len(words)), len(words) + grams[order, 1]])
        vectors = np.ascontiguousarray(vectors[used])
    end = words.index(END_OF_LINE) if END_OF_LINE in words else -1
    arrays = ModelArrays(
        *vocabulary(words), end, buckets, grams is not None, kept, build_slots(kept.astype(np.uint64)), shortest, longest, word_ngrams,
        vectors, output, left, right,
    )  # fmt: skip
    return Model(labels, arrays)


def vocabulary(words: Sequence[bytes]) -> tuple[Bytes, Offsets, Integers]:
    """(text, first, word_slots) of ModelArrays."""
    first = np.array([0, *accumulate(len(word) for word in words)], np.int64)
    return np.frombuffer(b"".join(words), np.uint8), first, build_slots(np.array([hash_bytes(word) for word in words], np.uint64))


class _Fields:
    """The file's bytes, mapped and taken from front to back. Arrays are views of the map, writable in this process alone."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        self._at = 0

    def take(self, form: str) -> tuple[int, ...]:
        found = struct.unpack_from("<" + form, self._data, self._at)
        self._at += struct.calcsize("<" + form)
        return found

    def array(self, type_: str, count: int) -> npt.NDArray[Any]:
        found = np.frombuffer(self._data, type_, count, self._at)
        self._at += found.nbytes
        return found if found.flags.aligned else found.copy()

    def matrix(self, aligned: Path | None = None) -> Floats:
        """Rows and columns, then float32 values: where these do not lie on multiples of four, kept as an aligned copy beside others' maps."""
        rows, columns = self.take("qq")
        if rows * columns * 4 > len(self._data) - self._at:
            raise IndexError("the file ends too early")
        if aligned is None or self._at % 4 == 0 or rows * columns * 4 < _LARGE:
            return self.array("<f4", rows * columns).reshape(rows, columns)
        if not aligned.exists():
            staged = aligned.with_name(f"{aligned.name}.{os.getpid()}")
            np.frombuffer(self._data, "u1", rows * columns * 4, self._at).tofile(staged)
            staged.replace(aligned)
        self._at += rows * columns * 4
        with aligned.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        return np.frombuffer(mapped, "<f4").reshape(rows, columns)

    def word(self) -> bytes:
        end = self._data.find(b"\0", self._at)
        if end < 0:
            raise IndexError("the file ends too early")
        found = self._data[self._at : end]
        self._at = end + 1
        return found


def _dictionary(file: _Fields) -> tuple[list[bytes], tuple[str, ...], list[int], Integers | None]:
    """Words, labels, how often each label was seen, and (bucket, number) of each n-gram that is kept; None where none was pruned."""
    size, words, _ = file.take("iii")
    _, pruned = file.take("qq")
    names, counts = [], []
    for _ in range(size):
        names.append(file.word())
        counts.append(file.take("qb")[0])
    grams = file.array("<i4", 2 * pruned).reshape(-1, 2) if pruned >= 0 else None
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
