"""One rank of a run, whoever started it: it joins the others, trains, and brings its metrics, or its failure, home as rows."""

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from corpusmill import errors
from corpusmill.paths import join_path
from corpusmill.settings import TrainSettings
from corpusmill.train.collective import Collective
from corpusmill.train.loop import Metrics, train
from corpusmill.train.said import LineWriter, StepLines
from corpusmill.train.shard_tokens import ShardTokens


class RankError(RuntimeError):
    """A rank failed for a reason that is not the user's. One line, with the rank's own traceback as a note."""


@dataclass(frozen=True)
class Assignment:
    """What every rank of a run is told."""

    settings: TrainSettings
    files: str
    """store.files, which all ranks see."""
    checkpoints: str
    """The run's folder."""

    @property
    def said(self) -> str:
        """The file of progress lines."""
        return join_path(self.checkpoints, "said.json")


@dataclass(frozen=True)
class Failure:
    """Why a rank stopped."""

    rank: int
    failed_at: float
    consequence: bool
    """Failed in a call to other ranks, most likely because one of them had failed."""
    kind: str
    message: str
    trace: str


def run_rank(
    rank: int, join: Callable[[], Collective], assignment: Assignment, device: torch.device
) -> tuple[list[Metrics], Failure | None]:
    """Train as one rank of several. Rank 0 gives the run's metrics; whatever goes wrong comes back as a value, never as an exception.

    A rank that fails leaves the group, so that the others fail too, at once, instead of waiting for it.
    """
    if device.type == "cpu":
        torch.set_num_threads(1)
    say: Callable[[str], None] = LineWriter(assignment.said) if rank == 0 else lambda _: None
    collective: Collective | None = None
    try:
        collective = join()
        metrics = train(
            assignment.settings,
            lambda: ShardTokens.open(assignment.files),
            collective,
            assignment.checkpoints,
            StepLines(assignment.settings.steps, say),
            say,
            device,
        )
        return (metrics if rank == 0 else []), None
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        consequence = collective is None or any(frame.filename.endswith("collective.py") for frame in frames)
        return [], Failure(rank, time.time(), consequence, type(error).__name__, str(error), traceback.format_exc())
    finally:
        if collective:
            collective.close()


def raise_first(failures: Sequence[Failure]) -> None:
    """Raise the failure that caused the others, where there is one: a user's mistake as it was raised, anything else as a RankError."""
    if not failures:
        return
    first = min(failures, key=lambda failure: (failure.consequence, failure.failed_at))
    kind = getattr(errors, first.kind, None)
    if isinstance(kind, type) and issubclass(kind, errors.CorpusmillError):
        raise kind(first.message)
    raised = RankError(f"rank {first.rank}: {first.kind}: {' '.join(first.message.split())}")
    raised.add_note(first.trace)
    raise raised
