"""A stage is a pure function on frames: its fields are its settings, `reads` and `writes` are its contract."""

from abc import ABC, abstractmethod
from typing import ClassVar

from pyspark.sql import DataFrame

from corpusmill.settings import Settings
from corpusmill.tables import Table


class Stage(Settings, ABC):
    """A typed settings object with a pure `transform`. It neither reads nor writes tables, and holds no session."""

    reads: ClassVar[tuple[type[Table], ...]]
    writes: ClassVar[type[Table]]

    def __call__(self, *frames: DataFrame) -> DataFrame:
        """Check the frames against `reads`, transform them, and return exactly the columns of `writes`, in order.

        Raises StoreError naming every missing or mistyped column at once.
        """
        name = type(self).__name__
        for table, frame in zip(self.reads, frames, strict=True):
            table.check(frame.schema, where=f"{name} input")
        result = self.transform(*frames)
        self.writes.check(result.schema, where=f"{name} output")
        return result.select(*(column for column in self.writes.columns()))

    @abstractmethod
    def transform(self, *frames: DataFrame) -> DataFrame:
        """The stage's work: one frame for each table in `reads`, in that order; one frame of `writes`."""
