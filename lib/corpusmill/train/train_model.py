"""Trains the model of `train` on the shards, and keeps a row of metrics a step in `runs`."""

from collections.abc import Sequence

from corpusmill.job import Input, Job, Run
from corpusmill.paths import join_path
from corpusmill.settings import Config, Settings
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.tables import Runs
from corpusmill.train.launch import launch, require_trainable


class TrainModel(Job):
    """One slice: a run reads all shards. It goes on from the last checkpoint of its name, also when more steps are asked of a finished one."""

    name = "train_model"
    after = "write_shards"

    def check(self, config: Config) -> None:
        """Whether torch is there, the heads split the width and the batch splits over the ranks."""
        require_trainable(config.train)

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """All of `train`."""
        return {"train": run.config.train}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Everything."""
        return [EVERYTHING]

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """The manifest and the shards it lists."""
        chunks = [Input("write_shards", made) for made in run.ledger.slices("write_shards") if made != EVERYTHING]
        return [*chunks, Input("write_shards", EVERYTHING)]

    def work(self, run: Run, piece: Slice) -> int:
        """Train, then replace the run's rows. Raises ConfigError, TooLittleInputError, StoreError, RankError."""
        settings = run.config.train
        checkpoints = join_path(run.store.files, "checkpoints", settings.run)
        metrics = launch(run.spark, settings, run.store.files, checkpoints, run.say)
        rows = [(settings.run, m.step, m.consumed_tokens, None, m.loss, m.lr, m.grad_norm, m.tokens_per_second) for m in metrics]
        run.store.replace_where(Runs, run.store.frame(Runs, rows), f"{Runs.run} = '{settings.run}'")
        return len(rows)
