"""What every kind of model is to score_documents and to `inspect`: texts in, one struct of signals a text out."""

import importlib
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from corpusmill.settings import ScoreSettings


class Scorer(Protocol):
    """A model in memory."""

    def score(self, texts: pa.Array, languages: pa.Array) -> pa.StructArray:
        """The struct of signals.scored of n texts (string, no nulls) with their ISO 639 codes: never null, floats finite."""
        ...


_OPENED_BY = {
    "fasttext": "corpusmill.scoring.fasttext_scorer.open_scorer",
    "embedding": "corpusmill.scoring.embedding_scorer.open_scorer",
}
"""By kind: a function of the settings and the local path of the model; imported when one is opened, for each has packages of its own."""


def open_scorer(settings: ScoreSettings, model: Path) -> Scorer:
    """Load a model. Raises InputError where the file is no model of its kind."""
    module, _, function = _OPENED_BY[settings.kind].rpartition(".")
    opened: Scorer = getattr(importlib.import_module(module), function)(settings, model)
    return opened
