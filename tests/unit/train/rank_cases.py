"""One rank of a group that runs every case of test_ranks.py and writes what it got as JSON: start-up takes 15 s, so a group is started once.

python rank_cases.py gloo RANK WORLD PORT FOLDER, or under horovodrun: python rank_cases.py horovod FOLDER
"""

import json
import sys
from dataclasses import astuple
from pathlib import Path

import numpy as np
import torch
from corpusmill.settings import TrainSettings
from corpusmill.train.collective import Collective, HorovodCollective, TorchCollective
from corpusmill.train.loop import train

PAD = 3
SETTINGS = TrainSettings(
    layers=2, hidden=32, intermediate=64, heads=4, kv_heads=2, sequence_length=16, batch_sequences=8, steps=20, warmup_steps=4,
    learning_rate=1e-2, checkpoint_steps=10, checkpoints_kept=9,
)  # fmt: skip


class ArraySource:
    """Shards in memory. A third of the tokens are pad, in runs, as masked documents are: ranks get very uneven counts of targets."""

    vocab_size = 64
    pad_id = PAD

    def __init__(self, total_tokens: int = 1500, seed: int = 0, masked: bool = True, layout: str = "layout") -> None:
        random = np.random.default_rng(seed)
        self.tokens = random.integers(4, self.vocab_size, total_tokens)
        if masked:
            for start in range(100, total_tokens, 300):
                self.tokens[start : start + 100] = PAD
        self.total_tokens = total_tokens
        self.layout = layout
        self.digest = f"digest {seed} {masked}"

    def read(self, start: int, count: int) -> np.ndarray:
        assert 0 <= start <= start + count <= self.total_tokens
        return self.tokens[start : start + count].astype(np.int64)


def run_training(collective: Collective, folder: Path, **changes: object) -> list[tuple[float, ...]]:
    settings = SETTINGS.model_copy(update=changes)
    return [astuple(m)[:-1] for m in train(settings, ArraySource, collective, str(folder), device=torch.device("cpu"))]


def sum_case(collective: Collective) -> dict[str, list[float]]:
    """Tensors of several types and shapes, in two buckets and more."""
    tensors = {
        "float32": torch.full((3, 2), 1.0 + collective.rank),
        "float64": torch.tensor([2.0**40 + collective.rank], dtype=torch.float64),
        "int64": torch.tensor([2**40 + collective.rank, 7]),
        "bfloat16": torch.tensor([1.0 + collective.rank / 128], dtype=torch.bfloat16),
        "scalar": torch.tensor(5.0),
        "strided": torch.arange(6.0).reshape(2, 3).T,
        "empty": torch.empty(0),
    }
    collective.all_reduce_sum(list(tensors.values()))
    return {name: tensor.double().reshape(-1).tolist() for name, tensor in tensors.items()}


def broadcast_case(collective: Collective) -> dict[str, list[float]]:
    parameter = torch.nn.Parameter(torch.full((2, 2), float(collective.rank + 10)))
    whole = torch.tensor([collective.rank + 20])
    collective.broadcast([parameter, whole])
    return {"parameter": parameter.double().reshape(-1).tolist(), "whole": whole.double().tolist()}


def all_cases(collective: Collective, folder: Path) -> dict[str, object]:
    torch.set_num_threads(1)
    collective.barrier()
    results: dict[str, object] = {
        "rank": collective.rank,
        "world": collective.world,
        "sum": sum_case(collective),
        "broadcast": broadcast_case(collective),
        "losses": run_training(collective, folder / "losses"),
        "accumulated": run_training(collective, folder / "accumulated", accumulate=2),
        "first_half": run_training(collective, folder / "first_half", checkpoint_steps=7),
    }
    collective.barrier()
    return results


if __name__ == "__main__":
    out = Path(sys.argv[-1])
    if sys.argv[1] == "horovod":
        joined: Collective = HorovodCollective()
    else:
        rank, world, port = (int(word) for word in sys.argv[2:5])
        store = torch.distributed.TCPStore("127.0.0.1", port, world, is_master=False)
        joined = TorchCollective(store, rank, world)
    found = all_cases(joined, out)
    (out / f"rank_{joined.rank}.json").write_text(json.dumps(found))
    joined.close()
