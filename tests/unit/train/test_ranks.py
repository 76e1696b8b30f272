"""The contract of every Collective, and what stands on it: ranks that share a batch train as one process does."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from corpusmill.train.collective import SingleProcess

from tests.unit.train import rank_cases

WORLD = 2
SCRIPT = Path(rank_cases.__file__)
LIB = Path(sys.modules["corpusmill"].__file__).parents[1]


def start_gloo(folder: Path) -> None:
    store = torch.distributed.TCPStore("127.0.0.1", 0, WORLD, is_master=True, wait_for_workers=False)
    ranks = [
        subprocess.Popen([sys.executable, SCRIPT, "gloo", str(rank), str(WORLD), str(store.port), str(folder)], env=environment())
        for rank in range(WORLD)
    ]
    assert [rank.wait(timeout=300) for rank in ranks] == [0] * WORLD


def start_horovod(folder: Path) -> None:
    program = shutil.which("horovodrun", path=str(Path(sys.executable).parent))
    assert program
    command = [program, "-np", str(WORLD), "--gloo", "--network-interfaces", "lo", sys.executable, str(SCRIPT), "horovod", str(folder)]
    subprocess.run(command, env=environment(), check=True, timeout=300)


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(LIB), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module", params=["single", "gloo", "horovod"])
def group(request, tmp_path_factory):
    """All cases as run by one kind of group: a dict of results a rank, and the folder it worked in."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "single":
        return [rank_cases.all_cases(SingleProcess(), folder)], folder
    if request.param == "horovod" and not importlib.util.find_spec("horovod"):
        pytest.skip("horovod is not built: tools/build_horovod.sh .venv")
    {"gloo": start_gloo, "horovod": start_horovod}[request.param](folder)
    return [json.loads((folder / f"rank_{rank}.json").read_text()) for rank in range(WORLD)], folder


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The same cases in one process."""
    return rank_cases.all_cases(SingleProcess(), tmp_path_factory.mktemp("alone"))


def test_ranks_are_numbered(group):
    results, _ = group
    assert [r["rank"] for r in results] == list(range(len(results)))
    assert {r["world"] for r in results} == {len(results)}


def test_sums_over_ranks_keep_shape_order_and_every_bit(group):
    results, _ = group
    world, ranks = len(results), range(len(results))
    for result in results:
        assert result["sum"] == {
            "float32": [float(sum(1 + r for r in ranks))] * 6,
            "float64": [float(sum(2**40 + r for r in ranks))],
            "int64": [float(sum(2**40 + r for r in ranks)), 7.0 * world],
            "bfloat16": [float(torch.tensor(sum(1 + r / 128 for r in ranks)).bfloat16())],
            "scalar": [5.0 * world],
            "strided": [world * x for x in (0.0, 3.0, 1.0, 4.0, 2.0, 5.0)],
            "empty": [],
        }


def test_broadcast_gives_every_rank_the_first_ones_values(group):
    results, _ = group
    assert all(r["broadcast"] == {"parameter": [10.0] * 4, "whole": [20.0]} for r in results)


@pytest.mark.parametrize("case", ["losses", "accumulated"])
def test_losses_and_gradient_norms_equal_one_process_for_20_steps(group, alone, case):
    """With SGD or not: the gradient norm is compared too, as Adam hides a wrong scale of the gradient."""
    results, _ = group
    expected = np.array(alone["losses"])
    assert len(expected) == 20
    for result in results:
        assert np.allclose(np.array(result[case]), expected, rtol=1e-5, atol=0), np.abs(np.array(result[case]) / expected - 1).max(axis=0)


def test_batches_are_uneven_over_ranks():
    """What the test above is worth: the two halves of nearly every batch have other counts of targets."""
    from corpusmill.train.data import Loader

    source, s = rank_cases.ArraySource(), rank_cases.SETTINGS
    loaders = [Loader(source, s.sequence_length, s.batch_sequences, s.seed, rank, WORLD) for rank in range(WORLD)]
    counts = [[int((x.batch(step * 8)[:, 1:] != rank_cases.PAD).sum()) for x in loaders] for step in range(20)]
    assert sum(abs(a - b) > 5 for a, b in counts) >= 15


def test_one_process_goes_on_where_the_ranks_stopped(group, alone, tmp_path):
    """A checkpoint of step 14 of the group, taken up by one process: the same losses."""
    _, folder = group
    newest = folder / "first_half" / "step_0000000014.pt"
    (tmp_path / "run").mkdir()
    shutil.copy(newest, tmp_path / "run")
    resumed = rank_cases.run_training(SingleProcess(), tmp_path / "run")
    assert np.allclose(np.array(resumed), np.array(alone["losses"]), rtol=1e-5, atol=0)
