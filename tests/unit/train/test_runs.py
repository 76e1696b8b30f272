"""Whole runs in one process: what is learned, what a checkpoint keeps, and what a run refuses."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from corpusmill.errors import ConfigError, NotReadyError, StoreError, TooLittleInputError
from corpusmill.train import checkpoint
from corpusmill.train.collective import SingleProcess
from corpusmill.train.data import Loader
from corpusmill.train.loop import train
from corpusmill.train.shard_tokens import ShardTokens

from tests.unit.train.rank_cases import SETTINGS, ArraySource
from tests.unit.train.shard_files import write_shard_files


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Models this small only wait for their second thread where other tests run beside them."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


class Stopped(Exception):
    """The process dies here."""


def run(folder, source=None, said=None, stop_after=None, **changes):
    def on_step(metrics):
        if metrics.step == stop_after:
            raise Stopped

    settings = SETTINGS.model_copy(update=changes)
    opened = source or ArraySource
    return train(settings, opened, SingleProcess(), str(folder), on_step, (said if said is not None else []).append, torch.device("cpu"))


def numbers(metrics):
    return [(m.step, m.consumed_tokens, m.loss, m.lr, m.grad_norm) for m in metrics]


def state(folder):
    return torch.load(checkpoint.latest(str(folder)), weights_only=True)


def same(a, b):
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    return len(a) == len(b) and all(map(same, a, b)) if isinstance(a, list | tuple) else a == b


def test_a_stream_that_repeats_is_learned(tmp_path):
    class Alphabet(ArraySource):
        def __init__(self):
            super().__init__(masked=False)
            self.tokens = np.arange(self.total_tokens) % 20 + 4

    metrics = run(tmp_path, Alphabet, steps=60)
    assert metrics[0].loss == pytest.approx(np.log(64), rel=0.02)
    assert metrics[-1].loss < 0.5
    assert [m.step for m in metrics] == list(range(1, 61))
    assert metrics[-1].consumed_tokens <= 60 * 8 * 16


@pytest.mark.parametrize("stop_after", [1, 7, 8, 13, 14, 19])
def test_an_interrupted_run_equals_one_that_was_not_bit_by_bit(tmp_path, stop_after):
    """Before the first checkpoint, just before one, just after, at the end; the checkpoint is of steps 7, 14 and 20."""
    whole = run(tmp_path / "whole", checkpoint_steps=7)
    with pytest.raises(Stopped):
        run(tmp_path / "broken", checkpoint_steps=7, stop_after=stop_after)
    resumed = run(tmp_path / "broken", checkpoint_steps=7)
    assert numbers(resumed) == numbers(whole)
    a, b = state(tmp_path / "whole"), state(tmp_path / "broken")
    assert same(a["model"], b["model"])
    assert same(a["optimizer"], b["optimizer"])
    assert torch.equal(a["random"], b["random"])


def test_a_finished_run_goes_on_when_more_steps_are_asked_and_else_does_nothing(tmp_path):
    run(tmp_path, steps=8)
    assert numbers(run(tmp_path, steps=8)) == numbers(run(tmp_path, steps=5))
    said = []
    run(tmp_path, steps=8, said=said)
    assert said == ["run 'default' has its 8 steps already: nothing is trained; train.run=NAME begins another"]
    said = []
    assert [m.step for m in run(tmp_path, steps=12, said=said)] == list(range(1, 13))
    assert said == ["run 'default' goes on from step 8"]


def test_a_resumed_run_takes_todays_betas_and_weight_decay(tmp_path):
    run(tmp_path, steps=8)
    run(tmp_path, steps=12, beta2=0.5, weight_decay=0.3)
    groups = state(tmp_path)["optimizer"]["param_groups"]
    assert [(group["betas"][1], group["weight_decay"]) for group in groups] == [(0.5, 0.3), (0.5, 0.0)]


@pytest.mark.parametrize("accumulate", [2, 4, 8])
def test_accumulation_changes_nothing(tmp_path, accumulate):
    """Loss and gradient norm: parts of a batch have uneven counts of targets (torchtitan #1842)."""
    whole, parts = run(tmp_path / "a"), run(tmp_path / "b", accumulate=accumulate)
    assert np.allclose(numbers(whole), numbers(parts), rtol=1e-5, atol=0)


def test_autocast_stays_near_fp32(tmp_path):
    exact, rounded = run(tmp_path / "a", steps=5), run(tmp_path / "b", steps=5, bf16=True)
    losses = [[m.loss for m in x] for x in (exact, rounded)]
    assert losses[0] != losses[1]
    assert np.allclose(*losses, rtol=2e-2)


def test_only_the_newest_checkpoints_are_kept(tmp_path):
    run(tmp_path, checkpoint_steps=3, checkpoints_kept=2)
    assert sorted(p.name for p in tmp_path.glob("step_*")) == ["step_0000000018.pt", "step_0000000020.pt"]
    assert not list((tmp_path / "_staging").glob("*"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hidden": 64}, r"train\.hidden=32, now 64: give this one another name with train\.run=NAME"),
        ({"seed": 1, "layers": 1}, r"train\.seed=0, now 1; train\.layers=2, now 1"),
        ({"source": lambda: ArraySource(1600, layout="other")}, r"other shards \(1,500 tokens, now 1,600\)"),
    ],
)
def test_a_run_of_the_same_name_with_other_data_or_shape_is_refused(tmp_path, changes, message):
    run(tmp_path, steps=2)
    with pytest.raises(ConfigError, match=message):
        run(tmp_path, **{"steps": 4, **changes})


def test_a_checkpoint_that_cannot_be_read_is_one_line(tmp_path):
    run(tmp_path, steps=2)
    newest = Path(checkpoint.latest(str(tmp_path)))
    newest.write_bytes(newest.read_bytes()[:1000])
    with pytest.raises(StoreError, match=r"step_0000000002\.pt cannot be read .*: delete it to go on from the one before"):
        run(tmp_path)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"batch_sequences": 94}, TooLittleInputError, r"hold 1,500 tokens, one step takes 1,504 \(train\.batch_sequences=94 of"),
        ({"accumulate": 3}, ConfigError, r"train\.batch_sequences=8 must be a multiple of 3"),
        ({"learning_rate": 1e30, "warmup_steps": 0}, ConfigError, r"the gradient of step \d+ is not finite: lower train\.learning_rate"),
    ],
)
def test_what_cannot_be_trained_is_one_line(tmp_path, changes, error, message):
    with pytest.raises(error, match=message):
        run(tmp_path, **changes)


def test_masked_documents_are_seen_after_the_next_checkpoint(tmp_path):
    """The manifest is read again at each checkpoint: from there on the run equals one on the masked shards, in the same order of samples."""
    opened = []

    def source():
        opened.append(len(opened))
        return ArraySource(masked=len(opened) > 1)

    clean, later = run(tmp_path / "clean", lambda: ArraySource(masked=False)), run(tmp_path / "later", source)
    assert numbers(later)[:10] == numbers(clean)[:10]
    assert later[10].consumed_tokens < clean[10].consumed_tokens
    said = []
    run(tmp_path / "clean", lambda: ArraySource(masked=True), said, steps=21)
    assert "the shards were changed in place since the last checkpoint: the run goes on with what they hold now" in said


def test_shards_written_anew_meanwhile_do_not_change_a_run(tmp_path):
    opened, said = [], []

    def source():
        opened.append(1)
        return ArraySource() if len(opened) == 1 else ArraySource(1700, layout="other")

    assert numbers(run(tmp_path / "a", source, said)) == numbers(run(tmp_path / "b"))
    assert said[0].startswith("the shards were written anew while this run trains: it keeps those it began with")


@pytest.mark.parametrize("sizes", [[300], [7, 0, 1, 200, 0], [1] * 30])
def test_shards_are_one_stream(tmp_path, sizes):
    stream = write_shard_files(str(tmp_path), sizes)
    source = ShardTokens.open(str(tmp_path))
    assert (source.total_tokens, source.pad_id) == (sum(sizes), 3)
    for start in range(0, sum(sizes), 3):
        for count in (0, 1, 8, sum(sizes) - start):
            if start + count <= sum(sizes):
                assert source.read(start, count).tolist() == stream[start : start + count].tolist()
    with pytest.raises(IndexError):
        source.read(sum(sizes) - 1, 2)


def test_masking_changes_the_digest_and_not_the_layout(tmp_path):
    write_shard_files(str(tmp_path / "a"), [200, 100])
    before = ShardTokens.open(str(tmp_path / "a"))
    write_shard_files(str(tmp_path / "a"), [200, 100], masked=(50, 90))
    after = ShardTokens.open(str(tmp_path / "a"))
    assert (before.layout == after.layout, before.digest == after.digest) == (True, False)
    assert (after.read(50, 40) == 3).all()
    loaders = [Loader(source, 16, 4, 0) for source in (before, after)]
    assert [loaders[0].window_of(i) for i in range(40)] == [loaders[1].window_of(i) for i in range(40)]
    write_shard_files(str(tmp_path / "b"), [100, 200])
    assert ShardTokens.open(str(tmp_path / "b")).layout != before.layout


def test_without_shards_it_says_what_to_run(tmp_path):
    with pytest.raises(NotReadyError, match="run write_shards first"):
        ShardTokens.open(str(tmp_path))


def test_metrics_of_a_long_run_stay_small_in_the_checkpoint(tmp_path):
    run(tmp_path, steps=3)
    progress = state(tmp_path)["progress"]
    assert progress["metrics"].shape == (3, 6)
    assert json.loads(state(tmp_path)["settings"])["steps"] == 3
