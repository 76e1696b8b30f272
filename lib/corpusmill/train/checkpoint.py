"""Checkpoints: everything a run needs to go on bit by bit as if it had never stopped, in one file under a name that tells the step.

A file appears whole under its name or not at all. Folders are local or any fsspec URL.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from corpusmill.errors import ConfigError, StoreError
from corpusmill.files import publish_file, staging_file
from corpusmill.paths import filesystem, join_path
from corpusmill.settings import TrainSettings
from corpusmill.train.data import TokenSource

_NAME = re.compile(r"step_(\d{10})\.pt$")

_DATA = ("layout", "total_tokens", "vocab_size", "pad_id")
_SHAPE = ("layers", "hidden", "intermediate", "heads", "kv_heads", "rope_theta", "norm_epsilon", "tie_embeddings")
_FIXED = ("sequence_length", "seed", *_SHAPE)
"""Settings that cannot change within a run: the model's shape, and what decides which sample comes when."""


@dataclass
class Progress:
    """How far a run is. `metrics` has a row a finished step, the fields of loop.Metrics as numbers: 48 bytes a step in the file."""

    step: int = 0
    consumed_samples: int = 0
    consumed_tokens: int = 0
    digest: str = ""
    metrics: list[tuple[float, ...]] = field(default_factory=list)


def save(
    folder: str, model: nn.Module, optimizer: torch.optim.Optimizer, progress: Progress, settings: TrainSettings, source: TokenSource
) -> None:
    """Write the checkpoint of `progress.step`, then remove all but the newest train.checkpoints_kept."""
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "progress": {**vars(progress), "metrics": torch.tensor(progress.metrics, dtype=torch.float64)},
        "random": torch.get_rng_state(),
        "random_cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "settings": settings.model_dump_json(),
        "data": {name: getattr(source, name) for name in _DATA},
    }
    staged = staging_file(folder)
    try:
        torch.save(state, staged)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise
    publish_file(staged, join_path(folder, f"step_{progress.step:010d}.pt"))
    files, _ = filesystem(folder)
    for old in _found(folder)[: -settings.checkpoints_kept]:
        files.rm(old)


def latest(folder: str) -> str | None:
    """The newest checkpoint's path, None where there is none."""
    found = _found(folder)
    return found[-1] if found else None


def read(folder: str, settings: TrainSettings, source: TokenSource) -> dict[str, Any] | None:
    """The newest checkpoint's state on the CPU, None where there is none.

    Raises ConfigError where it belongs to other data or another model shape, StoreError where the file cannot be read.
    """
    path = latest(folder)
    if path is None:
        return None
    files, _ = filesystem(folder)
    try:
        with files.open(path, "rb") as file:
            state: dict[str, Any] = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:
        raise StoreError(f"checkpoint {path} cannot be read ({type(error).__name__}): delete it to go on from the one before") from error
    _check_same(state, settings, source)
    return state


def restore(state: dict[str, Any], model: nn.Module, optimizer: torch.optim.Optimizer) -> Progress:
    """Put a state that `read` gave into model, optimizer and random generators; say how far it is."""
    model.load_state_dict(state["model"])
    chosen = [{name: value for name, value in group.items() if name != "params"} for group in optimizer.param_groups]
    optimizer.load_state_dict(state["optimizer"])
    # The moments go on; betas and weight decay are those of today's settings.
    for group, values in zip(optimizer.param_groups, chosen, strict=True):
        group.update(values)
    torch.set_rng_state(state["random"])
    if torch.cuda.is_available() and len(state["random_cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(state["random_cuda"])
    progress = state["progress"]
    return Progress(**{**progress, "metrics": [tuple(row) for row in progress["metrics"].tolist()]})


def _found(folder: str) -> list[str]:
    """All finished checkpoints, oldest first."""
    files, root = filesystem(folder)
    files.invalidate_cache()
    if not files.exists(root):
        return []
    return sorted(str(path) for path in files.ls(root, detail=False) if _NAME.search(str(path)))


def _check_same(state: dict[str, Any], settings: TrainSettings, source: TokenSource) -> None:
    """Raises ConfigError naming what differs."""
    old_settings, new_settings = json.loads(state["settings"]), json.loads(settings.model_dump_json())
    differ = [f"train.{name}={old_settings[name]}, now {new_settings[name]}" for name in _FIXED if old_settings[name] != new_settings[name]]
    if any(state["data"][name] != getattr(source, name) for name in _DATA):
        differ.append(f"other shards ({state['data']['total_tokens']:,} tokens, now {source.total_tokens:,})")
    if differ:
        raise ConfigError(f"run '{settings.run}' was trained with {'; '.join(differ)}: give this one another name with train.run=NAME")
