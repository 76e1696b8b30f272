"""Trains a fastText classifier on blocks of (text, label) and writes the model file that fastText loads too."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpusmill.kernels.contamination import build_slots
from corpusmill.kernels.fasttext_model import END_OF_LINE, LABEL_PREFIX, ModelArrays, vocabulary
from corpusmill.kernels.fasttext_training import train_texts, word_spans
from corpusmill.kernels.fasttext_writer import write_model
from corpusmill.scoring.examples import Split
from corpusmill.settings import FastTextScoreSettings, FastTextTrainingSettings
from corpusmill.text.batch import byte_view

Blocks = Callable[[], Iterable[pa.RecordBatch]]
"""Gives the training examples once more, in the same order: batches of text and label."""


def train_score(settings: FastTextScoreSettings, learned: Split, folder: Path) -> tuple[Path, dict[str, Any]]:
    """See train_classifier.Trainer."""
    path = folder / "model.bin"
    losses = train_fasttext(learned.blocks, settings.training, path)
    return path, {"losses": losses}


def train_fasttext(blocks: Blocks, settings: FastTextTrainingSettings, path: Path) -> list[float]:
    """Write the model to `path`; gives the mean loss of each epoch, in nats a text."""
    words, labels, total = _count(blocks(), settings.minimum_count)
    model = _start([word for word, _ in words], len(labels), settings)
    numbers = {label: number for number, (label, _) in enumerate(labels)}
    losses = []
    for epoch in range(settings.epochs):
        done, loss, rows = epoch / settings.epochs, 0.0, 0
        for block in blocks():
            data, offsets = byte_view(block.column("text"))
            share = data.size / total / settings.epochs
            targets = np.array([numbers[label] for label in block.column("label").to_pylist()], np.int32)
            loss += train_texts(data, offsets, targets, model, settings.learning_rate, done, share)
            done, rows = done + share, rows + block.num_rows
        losses.append(loss / max(rows, 1))
    prefixed = [(LABEL_PREFIX + label, count) for label, count in labels]
    write_model(path, words, prefixed, settings.epochs, settings.minimum_count, model)
    return losses


def _count(blocks: Iterable[pa.RecordBatch], minimum: int) -> tuple[list[tuple[bytes, int]], list[tuple[str, int]], int]:
    """Words and labels with their counts, most frequent first (then by name), and the bytes of all texts."""
    words: Counter[bytes] = Counter()
    labels: Counter[str] = Counter()
    total = 0
    for block in blocks:
        data, offsets = byte_view(block.column("text"))
        total += data.size
        start, end = word_spans(data, offsets)
        # A word is cut out of the buffer by offsets that also cut what lies between words.
        cuts = np.stack([start, end], axis=1).ravel()
        pieces = pa.LargeBinaryArray.from_buffers(pa.large_binary(), max(cuts.size - 1, 0), [None, pa.py_buffer(cuts), pa.py_buffer(data)])
        counted = pc.value_counts(pieces.take(pa.array(np.arange(0, cuts.size, 2))))
        words.update(dict(zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)))
        labels.update(block.column("label").to_pylist())
    prefix = LABEL_PREFIX.encode()
    words[END_OF_LINE] += sum(labels.values())
    kept = [(word, count) for word, count in words.items() if count >= minimum and not word.startswith(prefix)]
    return sorted(kept, key=lambda item: (-item[1], item[0])), sorted(labels.items(), key=lambda item: (-item[1], item[0])), total


def _start(words: list[bytes], labels: int, settings: FastTextTrainingSettings) -> ModelArrays:
    """Vectors between -1/dim and 1/dim, evenly, and an output of zeros."""
    end = words.index(END_OF_LINE) if END_OF_LINE in words else -1
    buckets = settings.buckets if settings.word_ngrams > 1 else 0
    random = np.random.default_rng(settings.seed)
    vectors = random.random((len(words) + buckets, settings.dim), dtype=np.float32)
    vectors -= np.float32(0.5)
    vectors *= np.float32(2 / settings.dim)
    none = np.empty(0, np.int32)
    return ModelArrays(
        *vocabulary(words), end, buckets, False, none, build_slots(none.astype(np.uint64)), 0, 0, settings.word_ngrams, vectors,
        np.zeros((labels, settings.dim), np.float32), none, none,
    )  # fmt: skip
