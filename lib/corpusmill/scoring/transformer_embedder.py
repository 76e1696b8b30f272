"""Sentence embeddings of a transformer in a local folder, pooled as its own files say."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from transformers import AutoModel, AutoTokenizer

from corpusmill.errors import InputError
from corpusmill.scoring.embedders import CHARACTERS_A_TOKEN
from corpusmill.scoring.models import digest_of

_BATCH = 32
_MODULES, _POOLING = "modules.json", "1_Pooling/config.json"


class TransformerEmbedder:
    """Runs on the machine's GPU where it has one. Without 1_Pooling the mean is taken, as sentence-transformers does."""

    def __init__(self, folder: Path) -> None:
        """Raises InputError where the folder holds no model, or one whose vectors are made in a way that is not known here."""
        self._pooling, self._is_normalized = _pooling(folder)
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            model: Any = AutoModel.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError) as error:
            first = str(error).splitlines()[0]
            raise InputError(f"embedder {folder}: no model in the format of transformers: {first}") from error
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = model.eval().to(self._device)
        self._longest = int(getattr(model.config, "max_position_embeddings", 1 << 30))
        self.size: int = model.config.hidden_size
        self.sha256 = digest_of(str(folder))

    def embed(self, texts: Sequence[str], tokens: int) -> npt.NDArray[np.float32]:
        """See Embedder. Texts of about one length are computed together."""
        made = np.zeros((len(texts), self.size), np.float32)
        if not texts:
            return made
        longest = min(tokens, self._longest)
        cut = [text[: longest * CHARACTERS_A_TOKEN] for text in texts]
        ids = self._tokenizer(cut, truncation=True, max_length=longest, return_attention_mask=False)["input_ids"]
        order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
        for first in range(0, len(order), _BATCH):
            rows = order[first : first + _BATCH]
            padded = self._tokenizer.pad({"input_ids": [ids[row] for row in rows]}, return_tensors="pt").to(self._device)
            made[rows] = self._pooled(padded)
        return made

    def _pooled(self, padded: Any) -> npt.NDArray[np.float32]:  # noqa: ANN401 - transformers' own mapping
        with torch.inference_mode():
            states = self._model(**padded).last_hidden_state
            mask = padded["attention_mask"].unsqueeze(-1).to(states.dtype)
            found = states[:, 0] if self._pooling == "cls" else (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            if self._is_normalized:
                found = torch.nn.functional.normalize(found, dim=1)
            vectors: npt.NDArray[np.float32] = found.float().cpu().numpy()
        return vectors


def _pooling(folder: Path) -> tuple[str, bool]:
    """(`cls` or `mean`, whether vectors are scaled to length 1)."""
    kinds = [str(module.get("type", "")).rpartition(".")[2] for module in _read(folder / _MODULES, [])]
    others = set(kinds) - {"Transformer", "Pooling", "Normalize"}
    if others:
        raise InputError(f"embedder {folder}: {_MODULES} has {', '.join(sorted(others))}; known are Transformer, Pooling and Normalize")
    settings = _read(folder / _POOLING, {"pooling_mode_mean_tokens": True})
    modes = [key for key, value in settings.items() if key.startswith("pooling_mode_") and value is True]
    modes += [f"pooling_mode_{settings['pooling_mode']}"] if "pooling_mode" in settings else []
    known = {"pooling_mode_cls_token": "cls", "pooling_mode_cls": "cls", "pooling_mode_mean_tokens": "mean", "pooling_mode_mean": "mean"}
    if len(modes) != 1 or modes[0] not in known:
        raise InputError(f"embedder {folder}: {_POOLING} asks for {', '.join(modes) or 'nothing'}; known are the mean and the CLS token")
    return known[modes[0]], "Normalize" in kinds


def _read(path: Path, missing: Any) -> Any:  # noqa: ANN401 - JSON
    """Raises InputError where the file is no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else missing
    except ValueError as error:
        raise InputError(f"{path}: not JSON: {error}") from error
