"""Applies a fastText classifier, the user's or one that train_classifier has made, by the kernel that says what fastText says."""

import tempfile
from pathlib import Path

import pyarrow as pa

from corpusmill.errors import InputError
from corpusmill.kernels.fasttext import predict_all
from corpusmill.kernels.fasttext_model import LABEL_PREFIX, read_model
from corpusmill.scoring.classified import classified, positive_number
from corpusmill.settings import FastTextScoreSettings
from corpusmill.text.batch import byte_view


class FastTextScorer:
    """A model in memory; its vectors are mapped from disk, and shared by the workers of a machine."""

    def __init__(self, settings: FastTextScoreSettings, path: Path) -> None:
        """Raises InputError where the file is no fastText classifier, ConfigError where it lacks the positive label."""
        details = path.stat()
        kept = Path(tempfile.gettempdir()) / f"corpusmill-{path.stem}-{details.st_ino}-{details.st_size}-{details.st_mtime_ns}.vectors"
        try:
            model = read_model(path, kept)
        except ValueError as error:
            raise InputError(str(error)) from error
        self._settings = settings
        self._arrays = model.arrays
        self._labels = [label.removeprefix(LABEL_PREFIX) for label in model.labels]
        self._positive = positive_number(settings, settings.positive, self._labels)

    def score(self, texts: pa.Array, languages: pa.Array) -> pa.StructArray:
        """See Scorer. Looks at whole texts in every language."""
        data, offsets = byte_view(texts)
        found = predict_all(data, offsets, len(self._labels), self._arrays)
        return classified(self._settings, self._labels, self._positive, found)


def open_scorer(settings: FastTextScoreSettings, model: Path) -> FastTextScorer:
    """See scoring.scorer."""
    return FastTextScorer(settings, model)
