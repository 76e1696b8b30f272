"""A job decides its slices, says which slices of other jobs each one reads, and replaces each in one commit.

`pipeline.py` runs jobs: it compares states, skips what is up to date, and keeps the `jobs` table. A job itself never looks at that table.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from corpusmill.settings import Config, Settings
from corpusmill.slices import Slice

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from corpusmill.ledger import Ledger
    from corpusmill.store import Store


@dataclass(frozen=True)
class Input:
    """A slice of another job that a slice reads."""

    job: str
    slice: Slice
    optional: bool = False
    """Left out where it was never made."""
    may_be_stale: bool = False
    """Read as it is, also when what it was made from has moved since: for reports."""


@dataclass(frozen=True)
class Run:
    """What a job gets to work with."""

    spark: "SparkSession"
    store: "Store"
    config: Config
    ledger: "Ledger"
    say: Callable[[str], None] = field(default=print)
    """Prints one line of progress."""


class Job(ABC):
    """One step of the pipeline; one subclass a verb_noun."""

    name: ClassVar[str]
    version: ClassVar[int] = 1
    """Raise it when the same settings and inputs give other rows than before."""

    after: ClassVar[str] = ""
    """The job that must have made something before this one has anything to do."""

    def check(self, config: Config) -> None:
        """Raise for what is wrong with the settings and can be seen without Spark: a path that is not there, a file of no known format."""
        return

    @abstractmethod
    def settings(self, run: Run) -> dict[str, Settings | str]:
        """The settings it reads, by section, and versions of the parts it runs: all that enters its state beside its inputs."""

    @abstractmethod
    def slices(self, run: Run) -> Sequence[Slice]:
        """The slices this job decides, in the order in which they must run."""

    @abstractmethod
    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """The slices of other jobs (or earlier slices of its own) that `piece` reads.

        Of the settings they may depend on sections alone that `settings` names.
        """

    def fingerprint(self, run: Run, piece: Slice) -> str:
        """What else decides the outcome of `piece`: for ingest the names, sizes and etags of its files."""
        return ""

    def is_lost(self, run: Run, piece: Slice) -> bool:
        """Whether files that `piece` was made as, beside its tables, are gone: then it is made again."""
        return False

    def decides_together(self, run: Run) -> bool:
        """Whether its slices hold one decision, so that one made anew and another not yet would contradict each other."""
        return False

    def prepare(self, run: Run, pieces: Sequence[Slice]) -> None:
        """Called once, before `pieces`, the slices that are not up to date. May make scratch tables."""

    @abstractmethod
    def work(self, run: Run, piece: Slice) -> int:
        """Replace `piece` in the tables this job writes. Returns the rows written. Raises TooLittleInputError."""

    def finish(self, run: Run) -> None:
        """Called once after all slices, also when none had to run. Drops scratch tables, those of runs that broke off too."""
