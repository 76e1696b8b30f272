"""Trains the two models of one language, and finds the perplexities that part its buckets."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import sentencepiece

from corpusmill.errors import ConfigError, TooLittleInputError
from corpusmill.scoring.ccnet_text import normalize
from corpusmill.scoring.examples import Split
from corpusmill.scoring.kenlm_programs import train_grams
from corpusmill.scoring.perplexity_scorer import GRAMS, PIECES, encode, open_language
from corpusmill.settings import PerplexityTrainingSettings

_THREADS = 16
"""SentencePiece's default. Fixed, because the model file holds it: the number of cores would change the file's hash."""


def train_language(code: str, learned: Split, held: Split, training: PerplexityTrainingSettings, folder: Path) -> tuple[float, float]:
    """Write CODE.sp.model and CODE.arpa.bin to `folder`; gives the cutoffs (head, tail), percentiles over the held-out texts.

    Raises ConfigError with what SentencePiece or KenLM said, TooLittleInputError where no held-out text has words.
    """
    _train_pieces(code, learned, training, folder / f"{code}{PIECES}")
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{code}{PIECES}"))
    lines = (" ".join(line) for text in _texts(learned) for line in encode(pieces, text))
    train_grams(lines, training, folder / f"{code}{GRAMS}")
    model = open_language(folder, code)
    found = [perplexity for text in _texts(held) if (perplexity := model.perplexity(text)) >= 0]
    if not found:
        raise TooLittleInputError(f"no held-out text of {code} has words: give more texts or raise training.held_out")
    head, tail = np.percentile(found, [training.head, training.tail]).tolist()
    return head, tail


def _train_pieces(code: str, learned: Split, training: PerplexityTrainingSettings, path: Path) -> None:
    """A unigram model as CCNet's; of fewer texts its vocabulary is smaller."""
    taken = (text for number, text in enumerate(_texts(learned)) if number < training.pieces_from)
    lines = (line for text in taken for line in map(normalize, text.split("\n")) if line)
    try:
        with path.open("wb") as file:
            sentencepiece.SentencePieceTrainer.train(
                sentence_iterator=lines,
                model_writer=file,
                model_type="unigram",
                vocab_size=training.vocab_size,
                hard_vocab_limit=False,
                character_coverage=training.character_coverage,
                num_threads=_THREADS,
                minloglevel=2,
            )
    except RuntimeError as error:
        raise ConfigError(
            f"SentencePiece learns no pieces of the {learned.rows} texts in {code}: {' '.join(str(error).split())}"
        ) from error


def _texts(split: Split) -> Iterator[str]:
    for block in split.blocks():
        yield from block.column("text").to_pylist()
