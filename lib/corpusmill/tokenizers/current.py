"""The current tokenizer: `tokenizers/current.json` under store.files names the model file that the corpus is encoded with."""

import hashlib
import json

from pydantic import ValidationError

from corpusmill.errors import NotReadyError, StoreError
from corpusmill.files import read_file, write_file
from corpusmill.paths import exists, join_path
from corpusmill.settings import Settings

_FOLDER = "tokenizers"


class CurrentTokenizer(Settings):
    """A SentencePiece model file and what readers of its tokens must know. It travels in the shard manifest."""

    sha256: str
    """Of the model file."""
    path: str
    """Of the model file, under store.files."""
    vocab_size: int
    """Every id is below it, pad's too."""
    unk_id: int
    bos_id: int
    """Begin of document; -1 where the model has none."""
    eos_id: int
    """End of document; each document ends in it."""
    pad_id: int
    """An id of its own: it is never in a document and never enters the loss."""
    begins_with_bos: bool
    """Whether each document begins with bos_id."""


def model_path(model: bytes) -> str:
    """Where a model file goes under store.files: its name is its content, so that no model is ever overwritten."""
    return f"{_FOLDER}/{hashlib.sha256(model).hexdigest()[:16]}/tokenizer.model"


def write_current(files: str, model: bytes, tokenizer: CurrentTokenizer) -> None:
    """Store the model file, then make it the current one in one step."""
    write_file(join_path(files, tokenizer.path), model)
    write_file(_current_path(files), json.dumps(tokenizer.model_dump(), sort_keys=True, indent=1).encode())


def read_current(files: str) -> CurrentTokenizer:
    """The current tokenizer under `files` (store.files). Raises NotReadyError, or StoreError where the file is damaged."""
    path = _current_path(files)
    if not exists(path):
        raise NotReadyError(f"there is no tokenizer at {path}: run train_tokenizer first")
    try:
        return CurrentTokenizer.model_validate_json(read_file(path))
    except ValidationError as error:
        raise StoreError(f"{path} is damaged: run train_tokenizer with pipeline.force=true") from error


def read_model(files: str, tokenizer: CurrentTokenizer) -> bytes:
    """The model file's bytes. Raises StoreError where they are not those that `tokenizer` was made for."""
    model = read_file(join_path(files, tokenizer.path))
    if hashlib.sha256(model).hexdigest() != tokenizer.sha256:
        raise StoreError(f"{join_path(files, tokenizer.path)} was altered: run train_tokenizer with pipeline.force=true")
    return model


def _current_path(files: str) -> str:
    return join_path(files, _FOLDER, "current.json")
