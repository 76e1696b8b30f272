"""The kinds of score, told apart by `kind`."""

from typing import Annotated

from pydantic import Field

from corpusmill.settings.embedding import EmbeddingScoreSettings
from corpusmill.settings.perplexity import PerplexityScoreSettings
from corpusmill.settings.scoring import FastTextScoreSettings
from corpusmill.settings.word_lists import WordListScoreSettings

ClassifierSettings = FastTextScoreSettings | EmbeddingScoreSettings
"""Kinds that train_classifier trains."""
ModelSettings = ClassifierSettings | PerplexityScoreSettings
"""Kinds whose model is a file or folder, the user's or trained."""
ScoreSettings = Annotated[ModelSettings | WordListScoreSettings, Field(discriminator="kind")]
Scores = tuple[ScoreSettings, ...]
