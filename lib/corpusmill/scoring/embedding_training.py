"""Trains a linear head on sentence embeddings of examples, which are computed once and kept in a file."""

from pathlib import Path
from typing import Any

import numpy as np

from corpusmill.errors import TooLittleInputError
from corpusmill.scoring.embedders import Embedder, open_embedder
from corpusmill.scoring.embedding_head import Head, number_of
from corpusmill.scoring.examples import Split
from corpusmill.scoring.linear_fit import Floats, Vectors, fit_logistic, fit_ridge
from corpusmill.settings import EmbeddingScoreSettings


def train_score(settings: EmbeddingScoreSettings, learned: Split, folder: Path) -> tuple[Path, dict[str, Any]]:
    """See train_classifier.Trainer. Raises ConfigError for a regression's label that is no number, TooLittleInputError for one label alone."""
    embedder = open_embedder(settings.embedder)
    vectors, labels = _embedded(embedder, learned, settings.training.tokens, folder / "vectors")
    if settings.training.task == "regression":
        parts = _regression(vectors, np.array([number_of(settings, label) for label in labels]), settings)
    else:
        parts = _classification(vectors, labels, settings)
    origin = {"embedder": settings.embedder, "embedder_sha256": embedder.sha256, "tokens": settings.training.tokens}
    head = Head.model_validate({**origin, **parts})
    path = folder / "head.json"
    path.write_text(head.model_dump_json(), encoding="utf-8")
    return path, {**origin, "task": settings.training.task}


def _embedded(embedder: Embedder, learned: Split, tokens: int, path: Path) -> tuple[Vectors, list[str]]:
    """float32[n, size], mapped from a file, and the n labels."""
    vectors = np.memmap(path, np.float32, mode="w+", shape=(learned.rows, embedder.size))
    labels: list[str] = []
    for block in learned.blocks():
        vectors[len(labels) : len(labels) + block.num_rows] = embedder.embed(block.column("text").to_pylist(), tokens)
        labels += block.column("label").to_pylist()
    return vectors, labels


def _regression(vectors: Vectors, values: Floats, settings: EmbeddingScoreSettings) -> dict[str, Any]:
    weights, bias, spread = fit_ridge(vectors, values, settings.training.penalty)
    numbers = range(round(values.min()), round(values.max()) + 1)
    return {
        "labels": tuple(str(number) for number in numbers),
        "weights": (tuple(weights.tolist()),),
        "bias": (bias,),
        "is_regression": True,
        "spread": spread,
    }


def _classification(vectors: Vectors, labels: list[str], settings: EmbeddingScoreSettings) -> dict[str, Any]:
    names = sorted(set(labels))
    if len(names) < 2:
        raise TooLittleInputError(f"scores: {settings.name}: all examples have the label {names[0]!r}: give examples of another one too")
    numbers = {name: number for number, name in enumerate(names)}
    classes = np.array([numbers[label] for label in labels])
    weights, bias = fit_logistic(vectors, classes, len(names), settings.training.penalty)
    return {"labels": tuple(names), "weights": tuple(map(tuple, weights.tolist())), "bias": tuple(bias.tolist())}
