"""Models that score documents, and how those are trained that the user does not bring."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from corpusmill.settings.base import SampleSettings, ScoreName, Settings, TableSettings, as_tuple


class ExamplesSettings(TableSettings):
    """Texts that a classifier learns from, with one label for all of them or a column that holds it."""

    label: str = ""
    """The label of every row."""
    label_column: str = ""
    """The column that holds each row's label, a text or a number."""


class ClassifierTrainingSettings(SampleSettings):
    """How train_classifier makes a model. Held-out examples give precision, recall, F1 and calibration."""

    examples: Annotated[tuple[ExamplesSettings, ...], BeforeValidator(as_tuple)] = ()
    """Two tables, positive and negative, or one of labelled examples. Empty: the model is the user's file."""
    label_set: Literal["", "llama3_syne_en", "llama3_syne_zh"] = ""
    """Examples may have the labels of this set alone (scoring.label_sets): the topics of Llama-3-SynE (arXiv 2407.18743). Empty: any."""


class FastTextTrainingSettings(ClassifierTrainingSettings):
    """fastText's supervised training (arXiv 1607.01759); the defaults are those of its version 0.9.2 but for pairs of words."""

    dim: int = Field(default=100, gt=0)
    epochs: int = Field(default=5, gt=0)
    learning_rate: float = Field(default=0.1, gt=0)
    word_ngrams: int = Field(default=2, gt=0)
    """Features are runs of up to so many words; 2 as DCLM's classifier by its name (arXiv 2406.11794: `..._bigram_200k_train`)."""
    buckets: int = Field(default=2_000_000, gt=0)
    """Runs of words share so many vectors by hash: 2 M of 100 values are 800 MB, mapped from the model's file."""
    minimum_count: int = Field(default=1, gt=0)
    """Rarer words have no vector of their own."""


class FastTextScoreSettings(Settings):
    """A fastText classifier as a signal family: label, probability, score."""

    kind: Literal["fasttext"]
    name: ScoreName
    model: str = ""
    """A .bin or .ftz file; empty: what train_classifier has made under this name."""
    positive: str = ""
    """`score` is the probability of this label; empty: that of the likeliest."""
    training: FastTextTrainingSettings = FastTextTrainingSettings()
