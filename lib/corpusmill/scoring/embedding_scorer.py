"""Applies a linear head on sentence embeddings."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpusmill.errors import ConfigError, InputError
from corpusmill.scoring.classified import classified, positive_number
from corpusmill.scoring.embedders import open_embedder
from corpusmill.scoring.embedding_head import read_head
from corpusmill.settings import EmbeddingScoreSettings
from corpusmill.signals.scored import scored_struct

_LEAST_SPREAD = 1e-3


class EmbeddingScorer:
    """An embedder and the head that was trained on it, in memory."""

    def __init__(self, settings: EmbeddingScoreSettings, path: Path) -> None:
        """Raises InputError for a file that is no head or was trained on another embedder, ConfigError where it lacks the positive label."""
        self._settings = settings
        self._head = read_head(path)
        if self._head.is_regression and settings.positive:
            raise ConfigError(f"scores: {settings.name} is a regression, whose score is its value: leave positive out")
        self._positive = positive_number(settings, settings.positive, self._head.labels)
        self._embedder = open_embedder(settings.embedder)
        if self._embedder.sha256 != self._head.embedder_sha256:
            raise InputError(
                f"scores: {settings.name} was trained on the embedder {self._head.embedder} ({self._head.embedder_sha256[:12]}), "
                f"the recipe's is {settings.embedder} ({self._embedder.sha256[:12]}): name that one, or run train_classifier"
            )

    def score(self, texts: pa.Array, languages: pa.Array) -> pa.StructArray:
        """See Scorer. Looks at the beginning of texts in every language."""
        rows = np.flatnonzero(pc.not_equal(pc.utf8_trim_whitespace(texts), "").to_numpy(zero_copy_only=False))
        vectors = self._embedder.embed(texts.take(pa.array(rows)).to_pylist(), self._head.tokens)
        values = self._head.values(vectors)
        if self._head.is_regression:
            return self._rated(rows, values[:, 0], len(texts))
        found = np.zeros((len(texts), len(self._head.labels)), np.float32)
        raised = np.exp(values - values.max(axis=1, keepdims=True, initial=-np.inf))
        found[rows] = raised / raised.sum(axis=1, keepdims=True)
        return classified(self._settings, self._head.labels, self._positive, found)

    def _rated(self, rows: npt.NDArray[np.int64], values: npt.NDArray[np.float64], count: int) -> pa.StructArray:
        """Of a regression: the likeliest whole number, how likely it is where errors are normal around whole numbers, and the value."""
        labels = np.array(self._head.labels)
        distances = values[:, None] - labels.astype(np.float64)
        places = np.abs(distances).argmin(axis=1)
        logits = -((distances / max(self._head.spread, _LEAST_SPREAD)) ** 2) / 2
        raised = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
        likely = raised[np.arange(len(values)), places] / raised.sum(axis=1)
        names, probability, score = np.full(count, "", dtype=object), np.zeros(count), np.zeros(count)
        names[rows], probability[rows], score[rows] = labels[places], likely, values
        return scored_struct(self._settings).struct(label=names, probability=probability, score=score)


def open_scorer(settings: EmbeddingScoreSettings, model: Path) -> EmbeddingScorer:
    """See scoring.scorer."""
    return EmbeddingScorer(settings, model)
