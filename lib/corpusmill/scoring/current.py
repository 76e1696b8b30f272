"""The model that a score has now, of whatever kind."""

from corpusmill.scoring.models import CurrentModel, find_model
from corpusmill.scoring.word_lists import store_word_lists
from corpusmill.settings import ScoreSettings, WordListScoreSettings

TRAINED_BY = {"fasttext": "train_classifier", "embedding": "train_classifier", "perplexity": "train_perplexity"}
"""The job that makes models of each kind."""


def current_model(files: str, settings: ScoreSettings) -> CurrentModel:
    """Lists of words are put below `files` as they are now; else as find_model says. Raises as find_model and store_word_lists do."""
    if isinstance(settings, WordListScoreSettings):
        return store_word_lists(files, settings)
    return find_model(files, settings, TRAINED_BY[settings.kind])
