"""Starts the ranks of a run: in this process, as one barrier stage of Spark, or by Horovod's launcher. No other trainer file starts Spark work."""

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark import BarrierTaskContext
from pyspark.sql import SparkSession

from corpusmill.errors import ConfigError
from corpusmill.settings import TrainSettings

if TYPE_CHECKING:
    from corpusmill.train.collective import Collective
    from corpusmill.train.loop import Metrics
    from corpusmill.train.rank import Assignment

_ROW = pa.schema([("metrics", pa.string()), ("failure", pa.string())])
"""What a rank gives back: one row, each field JSON; metrics are 100 bytes a step."""

_ROW_DDL = "metrics string, failure string"


def require_trainable(settings: TrainSettings) -> None:
    """Raises ConfigError where torch is missing, the model's numbers do not fit together, or the batch does not split over the ranks."""
    _require_torch()
    from corpusmill.train.loop import check_batch
    from corpusmill.train.model import ModelShape

    ModelShape.of(settings, vocab_size=1)
    check_batch(settings, settings.world_size)


def launch(spark: SparkSession, settings: TrainSettings, files: str, checkpoints: str, say: Callable[[str], None]) -> "list[Metrics]":
    """Train on the shards under `files` (store.files) with `settings.world_size` ranks; the metrics of all steps of the run.

    Raises ConfigError, NotReadyError, StoreError, TooLittleInputError, all before ranks start where that can be known, and RankError.
    """
    require_trainable(settings)
    from corpusmill.train.loop import check_enough
    from corpusmill.train.rank import Assignment
    from corpusmill.train.said import LineReader
    from corpusmill.train.shard_tokens import ShardTokens

    check_enough(ShardTokens.open(files), settings)
    assignment = Assignment(settings, files, checkpoints)
    if settings.world_size == 1:
        return _run_here(assignment, say)
    _require_slots(spark, settings)
    start = _run_horovod if settings.backend == "horovod" else _run_barrier
    with LineReader(assignment.said, say):
        return start(spark, assignment)


def _run_here(assignment: "Assignment", say: Callable[[str], None]) -> "list[Metrics]":
    """One rank, in this process, with all its threads."""
    from corpusmill.train.collective import SingleProcess
    from corpusmill.train.loop import train
    from corpusmill.train.said import StepLines
    from corpusmill.train.shard_tokens import ShardTokens

    settings = assignment.settings
    lines = StepLines(settings.steps, say)
    return train(settings, lambda: ShardTokens.open(assignment.files), SingleProcess(), assignment.checkpoints, lines, say)


def _run_barrier(spark: SparkSession, assignment: "Assignment") -> "list[Metrics]":
    """A task a rank, all at once. Where a worker dies Spark runs the stage again, and the run goes on from its last checkpoint."""
    world = assignment.settings.world_size

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for _ in batches:
            pass  # One number, the rank's; the task context knows it too.
        yield _barrier_rank(assignment)

    # The shuffle behind it is what lets Spark run the stage again: a barrier stage whose rows go straight to the driver is given up.
    frame = spark.range(world, numPartitions=world).mapInArrow(run, _ROW_DDL, barrier=True).repartition(1)
    return _outcome([(row["metrics"], row["failure"]) for row in frame.collect()])


def _barrier_rank(assignment: "Assignment") -> pa.RecordBatch:
    """What runs in a barrier task."""
    import torch

    from corpusmill.train.rank import run_rank

    context = BarrierTaskContext.get()
    hosts = [info.address.rpartition(":")[0] for info in context.getTaskInfos()]
    rank = context.partitionId()
    gpus = torch.cuda.device_count()
    device = torch.device("cuda", hosts[:rank].count(hosts[rank]) % gpus) if gpus else torch.device("cpu")
    metrics, failure = run_rank(rank, lambda: _meet(context, hosts, rank, gpus), assignment, device)
    return pa.RecordBatch.from_pylist([_row(metrics, failure)], schema=_ROW)


def _meet(context: BarrierTaskContext, hosts: list[str], rank: int, gpus: int) -> "Collective":
    """Rank 0 opens a store on a free port, tells the others, and all join through it: nccl where each has a GPU of its own, else gloo."""
    from torch.distributed import TCPStore  # type: ignore[attr-defined]  # torch re-exports it without saying so

    from corpusmill.train.collective import TIMEOUT, TorchCollective

    world = len(hosts)
    # Ranks of one machine need no name that resolves.
    host = "127.0.0.1" if len(set(hosts)) == 1 else hosts[0]
    store = TCPStore(host, 0, world, is_master=True, timeout=TIMEOUT, wait_for_workers=False) if rank == 0 else None
    own_gpu = gpus >= hosts.count(hosts[rank])
    answers = [json.loads(answer) for answer in context.allGather(json.dumps([store.port if store else 0, own_gpu]))]
    store = store or TCPStore(host, answers[0][0], world, is_master=False, timeout=TIMEOUT)
    return TorchCollective(store, rank, world, "nccl" if all(own for _, own in answers) else "gloo")


def _run_horovod(spark: SparkSession, assignment: "Assignment") -> "list[Metrics]":
    """Horovod starts its own processes inside Spark tasks. Raises ConfigError on Connect, which has no SparkContext to start them with."""
    if type(spark).__module__.startswith("pyspark.sql.connect"):
        raise ConfigError("train.backend=horovod needs a classic Spark session, this one is Spark Connect: set train.backend=torch")
    try:
        import horovod.spark
    except ImportError:
        raise ConfigError("train.backend=horovod, but Horovod cannot be imported: build it with tools/build_horovod.sh") from None
    local = str(spark.conf.get("spark.master", "")).startswith("local")
    rows = horovod.spark.run(
        _horovod_rank,
        args=(assignment,),
        num_proc=assignment.settings.world_size,
        use_gloo=True,
        nics={"lo"} if local else None,
        verbose=0,
    )
    return _outcome([(row["metrics"], row["failure"]) for row in rows])


def _horovod_rank(assignment: "Assignment") -> dict[str, str | None]:
    """What runs in a process that Horovod started."""
    import torch

    from corpusmill.train.collective import HorovodCollective
    from corpusmill.train.rank import run_rank

    gpus = torch.cuda.device_count()
    device = torch.device("cuda", int(os.environ.get("HOROVOD_LOCAL_RANK", "0")) % gpus) if gpus else torch.device("cpu")
    metrics, failure = run_rank(int(os.environ["HOROVOD_RANK"]), HorovodCollective, assignment, device)
    return _row(metrics, failure)


def _row(metrics: "list[Metrics]", failure: object) -> dict[str, str | None]:
    """A rank's outcome as `_ROW` has it."""
    return {"metrics": json.dumps([asdict(m) for m in metrics]), "failure": json.dumps(vars(failure)) if failure else None}


def _outcome(rows: list[tuple[str, str | None]]) -> "list[Metrics]":
    """The metrics that rank 0 brought. Raises what a rank failed with."""
    from corpusmill.train.loop import Metrics
    from corpusmill.train.rank import Failure, raise_first

    raise_first([Failure(**json.loads(failure)) for _, failure in rows if failure])
    return [Metrics(**values) for metrics, _ in rows for values in json.loads(metrics)]


def _require_torch() -> None:
    try:
        import torch  # noqa: F401 - whether it is there is the question
    except ImportError:
        raise ConfigError("train_model needs torch: pip install 'corpusmill[train]'") from None


def _require_slots(spark: SparkSession, settings: TrainSettings) -> None:
    """Raises ConfigError where the cluster can be seen to have fewer task slots than ranks: Spark would look for them for ten minutes."""
    if spark.conf.get("spark.dynamicAllocation.enabled", "false") == "true":
        raise ConfigError("train.world_size above 1 needs all its tasks at once: set spark.dynamicAllocation.enabled=false")
    slots = known_slots(spark)
    if slots is not None and slots < settings.world_size:
        raise ConfigError(f"train.world_size={settings.world_size}, but Spark has {slots} task slots: lower it, or give Spark more cores")


def known_slots(spark: SparkSession) -> int | None:
    """Tasks that can run at once, as far as the settings tell: for local masters and for fixed numbers of executors; else None."""

    def setting(name: str, default: str = "") -> str:
        return spark.conf.get(name, default) or default

    master, cpus = setting("spark.master"), int(setting("spark.task.cpus", "1"))
    if found := re.fullmatch(r"local(?:\[(\*|\d+)(?:,\d+)?\])?", master):
        cores = found[1] or "1"
        return (os.cpu_count() or 1 if cores == "*" else int(cores)) // cpus
    if found := re.fullmatch(r"local-cluster\[(\d+),(\d+),\d+\]", master.replace(" ", "")):
        return int(found[1]) * (int(found[2]) // cpus)
    executors, cores = setting("spark.executor.instances"), setting("spark.executor.cores")
    return int(executors) * (int(cores) // cpus) if executors and cores else None
