"""Applies a language's SentencePiece and KenLM models: the perplexity of a document, and its bucket among those of its language, as CCNet."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import sentencepiece
from pydantic import TypeAdapter, ValidationError

from corpusmill.errors import InputError
from corpusmill.scoring.ccnet_text import normalize
from corpusmill.settings import PerplexityScoreSettings
from corpusmill.signals.scored import scored_struct

PIECES, GRAMS, CUTOFFS = ".sp.model", ".arpa.bin", "cutoffs.json"
"""Files of a model's folder: LANGUAGE.sp.model and LANGUAGE.arpa.bin, which are CCNet's names, and {LANGUAGE: [head, tail]}."""
UNDEFINED = -1.0
_CUTOFFS = TypeAdapter(dict[str, tuple[float, float]])


@dataclass(frozen=True)
class LanguageModel:
    """The two models of one language."""

    pieces: sentencepiece.SentencePieceProcessor
    grams: Any
    """kenlm.Model, mapped from its file and so shared by the workers of a machine."""

    def perplexity(self, text: str) -> float:
        """10^(-log10 probability / length) over the lines with words; a line's length is its pieces and its end. UNDEFINED without any.

        CCNet's class DocLM does so; its pipeline takes line ends out before, which glues words together.
        """
        total, length = 0.0, 0
        for line in encode(self.pieces, text):
            total += self.grams.score(" ".join(line))
            length += len(line) + 1
        return float(10.0 ** (-total / length)) if length else UNDEFINED


def encode(pieces: sentencepiece.SentencePieceProcessor, text: str) -> list[list[str]]:
    """The pieces of each line that has any."""
    lines = [line for line in map(normalize, text.split("\n")) if line]
    return [line for line in pieces.encode(lines, out_type=str) if line]


class PerplexityScorer:
    """Models of many languages, each loaded when the first document of it comes."""

    def __init__(self, settings: PerplexityScoreSettings, folder: Path) -> None:
        """Raises InputError where the folder has no cutoffs, or a language of them no models."""
        self._settings = settings
        self._folder = folder
        self._models: dict[str, LanguageModel] = {}
        self._cutoffs = _read_cutoffs(folder)

    def score(self, texts: pa.Array, languages: pa.Array) -> pa.StructArray:
        """See Scorer."""
        pairs = zip(texts.to_pylist(), languages.to_pylist(), strict=True)
        found = [self._model(code).perplexity(text) if code in self._cutoffs else UNDEFINED for text, code in pairs]
        buckets = [self._bucket(perplexity, code) for perplexity, code in zip(found, languages.to_pylist(), strict=True)]
        return scored_struct(self._settings).struct(perplexity=pa.array(found, pa.float64()), bucket=pa.array(buckets, pa.string()))

    def _bucket(self, perplexity: float, code: str) -> str:
        if perplexity < 0:
            return "all"
        head, tail = self._cutoffs[code]
        return "head" if perplexity < head else "middle" if perplexity < tail else "tail"

    def _model(self, code: str) -> LanguageModel:
        if code not in self._models:
            self._models[code] = open_language(self._folder, code)
        return self._models[code]


def open_language(folder: Path, code: str) -> LanguageModel:
    """Load the models of one language. Raises InputError where a file is no such model."""
    import kenlm  # of the extra `score`

    config = kenlm.Config()
    config.load_method = kenlm.LoadMethod.LAZY
    pieces = sentencepiece.SentencePieceProcessor()
    path = folder / f"{code}{PIECES}"
    try:
        pieces.load(str(path))
        path = folder / f"{code}{GRAMS}"
        return LanguageModel(pieces, kenlm.Model(str(path), config))
    except (OSError, RuntimeError) as error:
        raise InputError(f"{path} is no model of its kind: {' '.join(str(error).split())[:200]}") from error


def _read_cutoffs(folder: Path) -> dict[str, tuple[float, float]]:
    path = folder / CUTOFFS
    if not path.is_file():
        raise InputError(f"{folder} has no {CUTOFFS}: a perplexity model is a folder of LANGUAGE{PIECES}, LANGUAGE{GRAMS} and {CUTOFFS}")
    try:
        cutoffs = _CUTOFFS.validate_json(path.read_bytes())
    except ValidationError as error:
        raise InputError(f"{path} must be {{LANGUAGE: [head, tail]}}, two perplexities a language") from error
    for code in cutoffs:
        for end in (PIECES, GRAMS):
            if not (folder / f"{code}{end}").is_file():
                raise InputError(f"{path} names the language {code}, but there is no {code}{end}")
    return cutoffs


def write_cutoffs(folder: Path, cutoffs: dict[str, tuple[float, float]]) -> None:
    """Write {LANGUAGE: [head, tail]}."""
    (folder / CUTOFFS).write_text(json.dumps(cutoffs, sort_keys=True), encoding="utf-8")


def open_scorer(settings: PerplexityScoreSettings, model: Path) -> PerplexityScorer:
    """See scoring.scorer."""
    return PerplexityScorer(settings, model)
