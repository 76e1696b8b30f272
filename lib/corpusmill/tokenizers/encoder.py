"""A SentencePiece model applied: any text to ids in bounded memory, and back."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
import sentencepiece
from numpy.typing import NDArray

from corpusmill.errors import ConfigError

PART_CHARACTERS = 65_536
"""A longer text is encoded in parts: SentencePiece needs about 100 bytes a character, and is 2.6 times as fast on parts of this size."""
_HARD_PART_CHARACTERS = 1_000_000
"""Where no space comes for so long, the text is cut anyway."""
_SPACE = "\u2581"
"""SentencePiece's sign for a space, which text may hold too."""
_BOUNDARY = re.compile("(?<=[^ ]) ")


class Encoder:
    """A loaded model. `pad_id` is the model's own, or the first id behind its pieces."""

    def __init__(self, model: bytes) -> None:
        """Raises ConfigError where `model` is no SentencePiece model."""
        try:
            self._model = sentencepiece.SentencePieceProcessor(model_proto=model)
        except RuntimeError as error:
            raise ConfigError("tokenizer.model is not a SentencePiece model file") from error
        self.pieces: int = self._model.vocab_size()
        self.unk_id: int = self._model.unk_id()
        self.bos_id: int = self._model.bos_id()
        self.eos_id: int = self._model.eos_id()
        own_pad = self._model.pad_id()
        self.pad_id: int = own_pad if own_pad >= 0 else self.pieces
        self._adds_space = self._model.encode("a", out_type=str)[0].startswith(_SPACE)
        bytes_of_sign = [self._model.piece_to_id(f"<0x{byte:02X}>") for byte in _SPACE.encode()]
        self._sign = [] if self.unk_id in bytes_of_sign or self._adds_space else bytes_of_sign

    def encode(self, text: str) -> NDArray[np.int32]:
        """int32 ids, without begin or end. Parts meet before a space, which no piece has inside: the ids are those of the whole text.

        Only in a stretch of 1,000,000 characters without a space may a cut change ids, and never for a model that puts a space before texts.
        """
        found = [self._encode_part(part) for part in self._parts(text)]
        return np.concatenate(found) if found else np.zeros(0, np.int32)

    def decode(self, ids: NDArray[np.int32] | Iterable[int]) -> str:
        """The text of ids."""
        return str(self._model.decode([int(i) for i in ids]))

    def _encode_part(self, part: str) -> NDArray[np.int32]:
        if not self._sign or _SPACE not in part:
            return np.array(self._model.encode(part, num_threads=1), np.int32)
        # SentencePiece would read the sign as a space: its bytes stand for it instead.
        ids: list[int] = []
        for number, stretch in enumerate(part.split(_SPACE)):
            ids += self._sign if number else []
            ids += self._model.encode(stretch, num_threads=1)
        return np.array(ids, np.int32)

    def _parts(self, text: str) -> Iterator[str]:
        start = 0
        while len(text) - start > PART_CHARACTERS:
            limit = len(text) if self._adds_space else min(start + _HARD_PART_CHARACTERS, len(text))
            found = _BOUNDARY.search(text, start + PART_CHARACTERS, limit)
            end = found.start() if found else limit
            yield text[start:end]
            # A model that puts a space before every text puts back the one that is left out here.
            start = end + 1 if found and self._adds_space else end
        if start < len(text):
            yield text[start:]


@lru_cache(maxsize=2)
def load_encoder(model: bytes) -> Encoder:
    """The encoder of a model file's bytes, made once a process."""
    return Encoder(model)
