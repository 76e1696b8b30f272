"""Frozen sentence embeddings: means of token vectors that the package wordllama ships, or a transformer in a local folder."""

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from corpusmill.errors import ConfigError, InputError
from corpusmill.scoring.models import digest_of

WORDLLAMA = "wordllama"
CHARACTERS_A_TOKEN = 16
"""A text is cut after so many characters a token wanted, before it is tokenized: blanks apart, no token of a page is longer on average."""
_TOKENIZER, _VECTORS, _TENSOR = "tokenizers/l2_supercat_tokenizer_config.json", "weights/l2_supercat_256.safetensors", "embedding.weight"
_PACKAGES = {True: (WORDLLAMA, "safetensors", "tokenizers"), False: ("torch", "transformers")}
"""What wordllama and what transformers need."""


class Embedder(Protocol):
    """Texts to vectors, always the same ones."""

    sha256: str
    """Of the files it consists of."""
    size: int
    """Values of a vector."""

    def embed(self, texts: Sequence[str], tokens: int) -> npt.NDArray[np.float32]:
        """float32[n, size], of the first `tokens` tokens of each text."""
        ...


def require_embedder(name: str) -> None:
    """Raise for what open_embedder would and can be seen without loading anything: ConfigError, InputError."""
    if name != WORDLLAMA and not Path(name).is_dir():
        raise InputError(_no_folder(name))
    for package in _PACKAGES[name == WORDLLAMA]:
        if importlib.util.find_spec(package) is None:
            raise ConfigError(_no_package(name, package))


def embedder_digest(name: str) -> str:
    """The sha256 that the embedder of this name has, from its files alone. Raises as require_embedder does."""
    require_embedder(name)
    return _digest_of_files(_wordllama_files()) if name == WORDLLAMA else digest_of(name)


def open_embedder(name: str) -> Embedder:
    """Load by the name of the setting `embedder`. Raises ConfigError where packages are missing, InputError where there is none such."""
    # Spark has a worker a core; threads of each would be one for every core of the machine.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        if name == WORDLLAMA:
            return WordllamaEmbedder()
        if not Path(name).is_dir():
            raise InputError(_no_folder(name))
        from corpusmill.scoring.transformer_embedder import TransformerEmbedder

        return TransformerEmbedder(Path(name))
    except ModuleNotFoundError as error:
        raise ConfigError(_no_package(name, str(error.name))) from error


def _no_folder(name: str) -> str:
    return f"embedder {name}: there is no such folder; give a folder, or {WORDLLAMA!r}"


def _no_package(name: str, package: str) -> str:
    return f"embedder {name} needs the package {package}: pip install 'corpusmill[score]'"


def _wordllama_files() -> list[Path]:
    """Tokenizer and vectors. Raises ModuleNotFoundError, InputError."""
    found = importlib.util.find_spec(WORDLLAMA)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(name=WORDLLAMA)
    files = [Path(found.submodule_search_locations[0]) / name for name in (_TOKENIZER, _VECTORS)]
    if not all(file.is_file() for file in files):
        raise InputError(f"the package {WORDLLAMA} lacks {_TOKENIZER} or {_VECTORS}: install version 0.4")
    return files


def _digest_of_files(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).hexdigest()


class WordllamaEmbedder:
    """The mean of a text's token vectors. Its files are read from the installed package, whose own loader asks the network for the tokenizer."""

    def __init__(self) -> None:
        """Raises ModuleNotFoundError, InputError where the package has other files than version 0.4."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        files = _wordllama_files()
        self.sha256 = _digest_of_files(files)
        self._tokenizer = Tokenizer.from_file(str(files[0]))
        self._tokenizer.no_padding()
        self._vectors: npt.NDArray[np.float32] = load_file(files[1])[_TENSOR].astype(np.float32)
        self.size: int = self._vectors.shape[1]

    def embed(self, texts: Sequence[str], tokens: int) -> npt.NDArray[np.float32]:
        """See Embedder. A text without tokens has zeros."""
        self._tokenizer.enable_truncation(max_length=tokens)
        made = np.zeros((len(texts), self.size), np.float32)
        cut = [text[: tokens * CHARACTERS_A_TOKEN] for text in texts]
        for row, encoded in enumerate(self._tokenizer.encode_batch_fast(cut, add_special_tokens=False)):
            if encoded.ids:
                self._vectors[encoded.ids].mean(axis=0, out=made[row])
        return made
