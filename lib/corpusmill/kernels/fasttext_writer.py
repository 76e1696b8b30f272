"""Writes a classifier as a fastText model file (.bin, version 12), which fastText itself loads.

Source: github.com/facebookresearch/fastText v0.9.2, src/{fasttext,args,dictionary,densematrix}.cc (saveModel).
"""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from corpusmill.kernels.fasttext_model import MAGIC, SOFTMAX, SUPERVISED, VERSION, Floats, ModelArrays

_UNUSED_WINDOW, _UNUSED_NEGATIVES, _RATE_UPDATES, _UNUSED_SAMPLING = 5, 5, 100, 1e-4
"""fastText's defaults of arguments that a classifier's file has and its use does not need."""


def write_model(
    path: Path, words: Sequence[tuple[bytes, int]], labels: Sequence[tuple[str, int]], epochs: int, minimum: int, model: ModelArrays
) -> None:
    """`words` and `labels` with how often each was seen, as `model` numbers them; a softmax, not quantised."""
    with path.open("wb") as file:
        file.write(struct.pack("<ii", MAGIC, VERSION))
        dim = model.vectors.shape[1]
        arguments = (
            dim, _UNUSED_WINDOW, epochs, minimum, _UNUSED_NEGATIVES, model.word_ngrams, SOFTMAX, SUPERVISED, model.buckets,
            model.shortest, model.longest, _RATE_UPDATES,
        )  # fmt: skip
        file.write(struct.pack("<12id", *arguments, _UNUSED_SAMPLING))
        tokens = sum(count for _, count in (*words, *labels))
        file.write(struct.pack("<iiiqq", len(words) + len(labels), len(words), len(labels), tokens, -1))
        for name, count in words:
            file.write(name + struct.pack("<bqb", 0, count, 0))
        for label, count in labels:
            file.write(label.encode() + struct.pack("<bqb", 0, count, 1))
        for matrix in (model.vectors, model.output):
            _write_matrix(file, matrix)


def _write_matrix(file: BinaryIO, matrix: Floats) -> None:
    file.write(struct.pack("<?qq", False, *matrix.shape))
    matrix.astype("<f4", copy=False).tofile(file)
