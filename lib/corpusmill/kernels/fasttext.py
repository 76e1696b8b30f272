"""fastText's prediction over Arrow buffers, in its own arithmetic: the mean of a text's vectors, then a walk down a tree or a softmax.

Source: github.com/facebookresearch/fastText v0.9.2, src/loss.cc (HierarchicalSoftmaxLoss, SoftmaxLoss).
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.fasttext_lines import line_rows, make_room
from corpusmill.kernels.fasttext_model import Floats, Integers, ModelArrays
from corpusmill.kernels.lines import stripped
from corpusmill.kernels.utf8 import Bytes, Offsets

_LEAST: Final = np.float32(np.log(1e-5))
"""The logarithm of a probability of 0, as fastText takes it: it adds 1e-5 first."""


@jit
def mean_vector(vectors: Floats, rows: Integers, count: int, hidden: Floats) -> None:
    """The mean of `count` rows of vectors, written to `hidden`."""
    hidden[:] = 0
    for n in range(count):
        row = rows[n]
        for k in range(hidden.size):
            hidden[k] += vectors[row, k]
    share = np.float32(1.0 / count)
    for k in range(hidden.size):
        hidden[k] *= share


@jit
def _log(x: float) -> float:
    return np.float32(np.log(np.float64(x) + 1e-5))


@jit
def _goes_right(hidden: Floats, model: ModelArrays, node: int) -> float:
    """The probability of a node's right child."""
    product = np.float32(0)
    for k in range(hidden.size):
        product += model.output[node, k] * hidden[k]
    return np.float32(1.0 / np.float64(np.float32(1) + np.exp(-product)))


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
        right = _goes_right(hidden, model, node - leaves)
        nodes[depth], scores[depth] = model.right[node], score + _log(right)
        depth += 1
        nodes[depth], scores[depth] = model.left[node], score + _log(np.float32(1.0 - np.float64(right)))
        depth += 1
    return best, best_score


@jit
def softmax(hidden: Floats, output: Floats, found: Floats) -> None:
    """The probabilities of all labels, written to `found`."""
    for label in range(found.size):
        product = np.float32(0)
        for k in range(hidden.size):
            product += output[label, k] * hidden[k]
        found[label] = product
    most, total = found.max(), np.float32(0)
    for label in range(found.size):
        found[label] = np.exp(found[label] - most)
        total += found[label]
    for label in range(found.size):
        found[label] /= total


@jit
def _tree_labels(hidden: Floats, model: ModelArrays, scores: Floats, found: Floats) -> None:
    """The probabilities of all leaves of the tree. `scores`: room for a logarithm a node. Children stand before their parents."""
    leaves = found.size
    scores[model.left.size - 1] = 0
    for node in range(model.left.size - 1, leaves - 1, -1):
        right = _goes_right(hidden, model, node - leaves)
        scores[model.right[node]] = scores[node] + _log(right)
        scores[model.left[node]] = scores[node] + _log(np.float32(1.0 - np.float64(right)))
    for label in range(leaves):
        found[label] = np.exp(scores[label])


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
    """(label int32[n], probability float32[n]) of n texts by their leading characters, for models with a tree of labels.

    Newlines are blanks. Label -1: nothing but white space.
    """
    n = offsets.size - 1
    labels, scores = np.full(n, -1, np.int32), np.zeros(n, np.float32)
    ends = np.empty(n, np.int64)
    for d in range(n):
        ends[d] = _leading(data, offsets[d], offsets[d + 1], characters)
    word, hashes, rows = make_room(data, offsets[:-1], ends, model)
    hidden = np.empty(model.vectors.shape[1], np.float32)
    nodes, stack = np.empty(model.left.size, np.int32), np.empty(model.left.size, np.float32)
    for d in range(n):
        first, last = stripped(data, offsets[d], ends[d])
        if first == last:
            continue
        count = line_rows(data, offsets[d], ends[d], model, word, hashes, rows)
        if count == 0:
            continue
        mean_vector(model.vectors, rows, count, hidden)
        label, score = _best_label(hidden, model, nodes, stack)
        labels[d], scores[d] = label, np.exp(score)
    return labels, scores


@jit
def predict_all(data: Bytes, offsets: Offsets, labels: int, model: ModelArrays) -> npt.NDArray[np.float32]:
    """float32[n, labels]: what fastText says of every label for n whole texts; newlines are blanks. Nothing but white space: zeros.

    fastText adds 1e-5 to a probability before it takes its logarithm, so that values may pass 1 by so much.
    """
    n = offsets.size - 1
    found = np.zeros((n, labels), np.float32)
    word, hashes, rows = make_room(data, offsets[:-1], offsets[1:], model)
    hidden = np.empty(model.vectors.shape[1], np.float32)
    scores = np.empty(model.left.size, np.float32)
    for d in range(n):
        first, last = stripped(data, offsets[d], offsets[d + 1])
        if first == last:
            continue
        count = line_rows(data, offsets[d], offsets[d + 1], model, word, hashes, rows)
        if count == 0:
            continue
        mean_vector(model.vectors, rows, count, hidden)
        if model.left.size:
            _tree_labels(hidden, model, scores, found[d])
        else:
            softmax(hidden, model.output, found[d])
            for label in range(labels):
                found[d, label] = np.exp(_log(found[d, label]))
    return found
