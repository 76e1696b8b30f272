"""Classifiers that are a linear head on sentence embeddings."""

from typing import Literal

from pydantic import Field

from corpusmill.settings.base import ScoreName, Settings
from corpusmill.settings.scoring import ClassifierTrainingSettings


class EmbeddingTrainingSettings(ClassifierTrainingSettings):
    """The head's training; the embedder stays as it is.

    FineWeb-Edu (arXiv 2406.17557 section 4) takes 20 epochs of Adam at 3e-4 towards the optimum that is computed here at once.
    """

    task: Literal["regression", "classification"] = "regression"
    """`regression`: labels are numbers, FineWeb-Edu's are 0 to 5, and a rule keeps `NAME.score` of at least 3. `classification`: any texts."""
    penalty: float = Field(default=1.0, gt=0)
    """Of the squared weights against the summed loss: scikit-learn's alpha of Ridge, 1 / C of LogisticRegression, and its defaults."""
    tokens: int = Field(default=512, gt=0)
    """How much of the beginning of a text is looked at, in training and ever after: what FineWeb-Edu's embedder takes."""


class EmbeddingScoreSettings(Settings):
    """A linear head on frozen sentence embeddings as a signal family: label, probability, score."""

    kind: Literal["embedding"]
    name: ScoreName
    model: str = ""
    """A head that train_classifier has made, a .json file; empty: the one that it has made under this name."""
    positive: str = ""
    """Of a classification: `score` is the probability of this label; empty: that of the likeliest."""
    embedder: str = "wordllama"
    """`wordllama`: means of the 256-dimension token vectors in that package; else a folder in the format of sentence-transformers or of
    Hugging Face transformers on every machine. Both need the extra `score`."""
    training: EmbeddingTrainingSettings = EmbeddingTrainingSettings()
