"""The kinds of score, told apart by `kind`."""

from typing import Annotated

from pydantic import Field

from corpusmill.settings.embedding import EmbeddingScoreSettings
from corpusmill.settings.scoring import FastTextScoreSettings

ScoreSettings = Annotated[FastTextScoreSettings | EmbeddingScoreSettings, Field(discriminator="kind")]
Scores = tuple[ScoreSettings, ...]
