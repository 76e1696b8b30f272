"""What every kind of model is to score_documents and to `inspect`: texts in, one struct of signals a text out."""

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from corpusmill.errors import ConfigError
from corpusmill.settings import ScoreSettings


class Scorer(Protocol):
    """A model in memory."""

    def score(self, texts: pa.Array, languages: pa.Array) -> pa.StructArray:
        """The struct of signals.scored of n texts (string, no nulls) with their ISO 639 codes: never null, floats finite."""
        ...


_OPENED_BY = {
    "fasttext": "corpusmill.scoring.fasttext_scorer.open_scorer",
    "embedding": "corpusmill.scoring.embedding_scorer.open_scorer",
    "perplexity": "corpusmill.scoring.perplexity_scorer.open_scorer",
    "words": "corpusmill.scoring.word_scorer.open_scorer",
}
"""By kind: a function of the settings and the local path of the model; imported when one is opened, for each has packages of its own."""
_NEEDS = {"perplexity": "kenlm"}
"""By kind: the module, of the extra `score`, that scoring needs."""


def require_packages(scores: Sequence[ScoreSettings]) -> None:
    """Raises ConfigError where the packages of a kind are not installed."""
    for settings in scores:
        needed = _NEEDS.get(settings.kind)
        if needed and importlib.util.find_spec(needed) is None:
            raise ConfigError(f"scores: {settings.name} needs the package {needed}: pip install 'corpusmill[score]'")


def open_scorer(settings: ScoreSettings, model: Path) -> Scorer:
    """Load a model. Raises InputError where the file is no model of its kind."""
    module, _, function = _OPENED_BY[settings.kind].rpartition(".")
    opened: Scorer = getattr(importlib.import_module(module), function)(settings, model)
    return opened
