"""Ranks started by Spark: the same metrics as one process, the reason of a failure, and errors before anything starts."""

import importlib.util
import os

import numpy as np
import pytest
from tests.unit.train.shard_files import write_shard_files

from corpusmill.errors import ConfigError, NotReadyError, TooLittleInputError
from corpusmill.settings import TrainSettings
from corpusmill.train.launch import known_slots, launch

SETTINGS = TrainSettings(
    layers=1, hidden=16, intermediate=32, heads=2, kv_heads=1, sequence_length=16, batch_sequences=4, steps=20, warmup_steps=4,
    learning_rate=1e-2, checkpoint_steps=10,
)  # fmt: skip


@pytest.fixture
def files(tmp_path):
    """store.files with three small shards."""
    write_shard_files(str(tmp_path / "files"), [300, 0, 500])
    return str(tmp_path / "files")


def run(spark, files, name, said=None, **changes):
    settings = SETTINGS.model_copy(update={"run": name, **changes})
    return launch(spark, settings, files, f"{files}/checkpoints/{name}", (said if said is not None else []).append)


def numbers(metrics):
    return np.array([(m.step, m.consumed_tokens, m.loss, m.lr, m.grad_norm) for m in metrics])


@pytest.mark.connect
def test_two_ranks_in_a_barrier_stage_train_as_one_process_does(spark, files):
    said = []
    alone = numbers(run(spark, files, "alone"))
    ranks = numbers(run(spark, files, "ranks", said, world_size=2))
    assert len(alone) == 20
    assert np.allclose(ranks, alone, rtol=1e-5, atol=0)
    assert any("step 20 of 20" in line for line in said)


@pytest.mark.connect
def test_a_finished_run_goes_on_when_more_steps_are_asked(spark, files):
    run(spark, files, "longer", steps=6, checkpoint_steps=4)
    said = []
    more = run(spark, files, "longer", said, steps=9, checkpoint_steps=4, world_size=2)
    assert [m.step for m in more] == list(range(1, 10))
    assert any("goes on from step 6" in line for line in said)


@pytest.mark.skipif(not importlib.util.find_spec("horovod"), reason="horovod is not built: tools/build_horovod.sh .venv")
def test_two_ranks_over_horovod_train_as_one_process_does(spark, files):
    alone = numbers(run(spark, files, "alone"))
    assert np.allclose(numbers(run(spark, files, "ranks", world_size=2, backend="horovod")), alone, rtol=1e-5, atol=0)


def backends():
    unless = pytest.mark.skipif(not importlib.util.find_spec("horovod"), reason="horovod is not built: tools/build_horovod.sh .venv")
    return [pytest.param("torch", marks=pytest.mark.connect), pytest.param("horovod", marks=unless)]


@pytest.mark.parametrize("backend", backends())
def test_the_reason_of_a_rank_that_fails_reaches_the_driver(spark, files, tmp_path, backend):
    """A shard that vanished: whichever rank needs it first fails with the reason, the other because that one left."""
    (found,) = (tmp_path / "files" / "shards").glob("web-00002*.bin")
    found.unlink()
    with pytest.raises(Exception, match=r"the manifest lists .*web-00002.*\.bin, but there is no such file"):
        run(spark, files, "fails", world_size=2, backend=backend)


@pytest.mark.connect
def test_mistakes_are_told_before_any_rank_starts(spark, files, tmp_path):
    with pytest.raises(ConfigError, match=r"train\.world_size=4, but Spark has 2 task slots"):
        run(spark, files, "slots", world_size=4)
    with pytest.raises(ConfigError, match=r"must be a multiple of 6: train\.world_size=2 ranks, train\.accumulate=3"):
        run(spark, files, "split", world_size=2, accumulate=3)
    with pytest.raises(TooLittleInputError, match=r"hold 800 tokens, one step takes 1,600"):
        run(spark, files, "little", batch_sequences=100)
    with pytest.raises(NotReadyError, match="run write_shards first"):
        run(spark, str(tmp_path / "nothing"), "none")


@pytest.mark.connect
def test_slots_are_known_on_a_local_master(spark):
    assert known_slots(spark) == 2


@pytest.mark.connect
@pytest.mark.skipif(os.environ.get("SPARK_MODE") != "connect", reason="about Connect alone")
def test_horovod_on_connect_is_one_line(spark, files):
    with pytest.raises(ConfigError, match="needs a classic Spark session"):
        run(spark, files, "connect", world_size=2, backend="horovod")
