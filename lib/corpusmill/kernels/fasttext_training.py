"""fastText's supervised training over Arrow buffers: stochastic gradient descent on the softmax, one text after another, by one thread.

Source: github.com/facebookresearch/fastText v0.9.2, src/{fasttext,model,loss}.cc; the paper is arXiv 1607.01759. One thread gives the same
model for the same texts, which fastText's own does not on several.
"""

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.fasttext import mean_vector, softmax
from corpusmill.kernels.fasttext_lines import is_separator, line_rows, make_room
from corpusmill.kernels.fasttext_model import Floats, Integers, ModelArrays
from corpusmill.kernels.lines import stripped
from corpusmill.kernels.utf8 import Bytes, Offsets


@jit
def word_spans(data: Bytes, offsets: Offsets) -> tuple[Offsets, Offsets]:
    """(start, end) int64[m] of the words of n texts, as fastText parts them."""
    count = 0
    for d in range(offsets.size - 1):
        for i in range(offsets[d], offsets[d + 1]):
            count += not is_separator(data[i]) and (i == offsets[d] or is_separator(data[i - 1]))
    start, end, m = np.empty(count, np.int64), np.empty(count, np.int64), 0
    for d in range(offsets.size - 1):
        for i in range(offsets[d], offsets[d + 1]):
            if is_separator(data[i]):
                continue
            if i == offsets[d] or is_separator(data[i - 1]):
                start[m] = i
            if i + 1 == offsets[d + 1] or is_separator(data[i + 1]):
                end[m] = i + 1
                m += 1
    return start, end


@jit
def _learn(
    label: int, rate: float, rows: Integers, count: int, model: ModelArrays, hidden: Floats, found: Floats, gradient: Floats
) -> float:
    """One step on one text; gives its loss before the step, in nats."""
    mean_vector(model.vectors, rows, count, hidden)
    softmax(hidden, model.output, found)
    loss = -np.log(np.float64(found[label]) + 1e-5)
    gradient[:] = 0
    for other in range(found.size):
        alpha = np.float32(rate * ((1.0 if other == label else 0.0) - found[other]))
        for k in range(hidden.size):
            gradient[k] += alpha * model.output[other, k]
            model.output[other, k] += alpha * hidden[k]
    share = np.float32(1.0 / count)
    for k in range(hidden.size):
        gradient[k] *= share
    for n in range(count):
        row = rows[n]
        for k in range(hidden.size):
            model.vectors[row, k] += gradient[k]
    return loss


@jit
def train_texts(data: Bytes, offsets: Offsets, labels: Integers, model: ModelArrays, rate: float, start: float, share: float) -> float:
    """Learn n texts with their labels, in order, changing the model's vectors and output; gives the sum of their losses in nats.

    `rate` falls in a straight line over the whole training, of which `start` is done before these texts and which they are `share` of.
    """
    n = offsets.size - 1
    word, hashes, rows = make_room(data, offsets[:-1], offsets[1:], model)
    hidden, gradient = np.empty(model.vectors.shape[1], np.float32), np.empty(model.vectors.shape[1], np.float32)
    found = np.empty(model.output.shape[0], np.float32)
    total, losses = max(offsets[n] - offsets[0], 1), 0.0
    for d in range(n):
        first, last = stripped(data, offsets[d], offsets[d + 1])
        if first == last:
            continue
        count = line_rows(data, offsets[d], offsets[d + 1], model, word, hashes, rows)
        if count == 0:
            continue
        progress = start + share * (offsets[d] - offsets[0]) / total
        losses += _learn(labels[d], rate * (1.0 - progress), rows, count, model, hidden, found, gradient)
    return losses
