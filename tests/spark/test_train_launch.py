"""Ranks started by Spark: the same metrics as one process, the reason of a failure, and errors before anything starts."""

import contextlib
import importlib.util
import os
import threading
import time

import numpy as np
import psutil
import pytest
from corpusmill.errors import ConfigError, NotReadyError, TooLittleInputError
from corpusmill.job import Run
from corpusmill.ledger import Ledger
from corpusmill.settings import Config, TrainSettings
from corpusmill.slices import EVERYTHING
from corpusmill.tables import Runs
from corpusmill.train.launch import known_slots, launch
from corpusmill.train.train_model import TrainModel

from tests.unit.train.shard_files import write_shard_files

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


def kill_workers_after(checkpoint):
    """Once `checkpoint` is there, kill every Python worker of this test's Spark. A thread, and the ids of what it killed."""
    killed = []

    def watch():
        while not checkpoint.exists():
            time.sleep(0.02)
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if "pyspark.daemon" in process.cmdline() and "pyspark.daemon" in process.parent().cmdline():
                    process.kill()
                    killed.append(process.pid)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread, killed


def test_a_run_whose_workers_are_killed_goes_on_by_itself(spark, files, tmp_path):
    """Spark runs the barrier stage again, and the ranks take up the last checkpoint: the same losses as if nothing had happened."""
    steps = {"steps": 400, "checkpoint_steps": 20, "checkpoints_kept": 99}
    alone = numbers(run(spark, files, "alone", **steps))
    said = []
    thread, killed = kill_workers_after(tmp_path / "files" / "checkpoints" / "killed" / "step_0000000020.pt")
    ranks = numbers(run(spark, files, "killed", said, world_size=2, **steps))
    thread.join()
    assert len(killed) >= 2
    assert any("goes on from step" in line for line in said)
    assert len(ranks) == len(alone) == 400
    assert np.allclose(ranks[:60], alone[:60], rtol=1e-4, atol=0)


@pytest.mark.connect
def test_the_job_keeps_a_row_a_step_and_leaves_other_runs_alone(spark, store):
    write_shard_files(store.files, [300, 500])
    for name, steps in (("first", 3), ("second", 4), ("first", 5)):
        train = SETTINGS.model_copy(update={"run": name, "steps": steps})
        opened = Run(spark, store, Config(train=train), Ledger(store), lambda _: None)
        assert TrainModel().work(opened, EVERYTHING) == steps
    rows = store.read(Runs).orderBy(Runs.run, Runs.step).collect()
    assert [(row[Runs.run], row[Runs.step]) for row in rows] == [
        *(("first", i) for i in range(1, 6)),
        *(("second", i) for i in range(1, 5)),
    ]
    assert all(row[Runs.loss] > 0 and row[Runs.tokens_per_second] > 0 and row[Runs.domain] is None for row in rows)
    assert rows[4][Runs.consumed_tokens] > rows[3][Runs.consumed_tokens]


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
