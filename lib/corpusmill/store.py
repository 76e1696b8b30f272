"""The only module that reads and writes the tables that stay."""

import time
from collections.abc import Sequence
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

from corpusmill.ddl import create_statement, widen_statements
from corpusmill.errors import StoreError
from corpusmill.paths import files_folder
from corpusmill.root import Root, check_root
from corpusmill.scratch import Scratch
from corpusmill.settings import StoreSettings
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.tables import Column, Table

_WAITS = (0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds between tries to make a table that another writer makes at the same time."""
_MADE_BY_ANOTHER = (
    "DELTA_CREATE_TABLE_WITH_NON_EMPTY_LOCATION",
    "DELTA_TABLE_NOT_FOUND",
    "TABLE_OR_VIEW_ALREADY_EXISTS",
    "DELTA_DUPLICATE_COLUMNS_FOUND",
    "FIELD_ALREADY_EXISTS",
)
"""What is said where another writer has made the folder of a table, or the table, or its new columns."""


class Store:
    """Tables under one root. Made from tables.py by DDL when first written; a slice is replaced in one commit."""

    def __init__(self, spark: SparkSession, settings: StoreSettings) -> None:
        """Raises ConfigError where the root is not set, StoreError where it holds something else."""
        check_root(settings)
        self._spark = spark
        self._settings = settings
        self._root = Root(spark, settings.root)
        self._made: set[str] = set()
        self._complete: set[str] = set()
        self._scratch_schemas: dict[str, StructType] = {}
        self._root.mark()

    @property
    def files(self) -> str:
        """The folder for shards, checkpoints, tokenizers and reports, as fsspec wants it."""
        return files_folder(self._settings.root, self._settings.files)

    def read(self, table: type[Table], piece: Slice = EVERYTHING) -> DataFrame:
        """The rows of a slice, with exactly the table's columns; no rows where it was never written.

        Raises StoreError where the table lacks columns, which an older version of corpusmill did not write.
        """
        if not self._exists(table.name):
            return self.frame(table, [])
        frame = self._root.load(table.name)
        if table.name not in self._complete:
            _require_columns(table, frame.columns)
            self._complete.add(table.name)
        return frame.select(*table.columns()).where(piece.predicate())

    def replace(self, table: type[Table], frame: DataFrame, piece: Slice) -> None:
        """Put `frame` in the place of a slice, in one commit."""
        self.replace_where(table, frame, piece.predicate())

    def replace_where(self, table: type[Table], frame: DataFrame, predicate: str) -> None:
        """Put `frame` in the place of the rows that a predicate on partition columns names, in one commit."""
        self._make(table)
        writer = frame.select(*table.columns()).write.format("delta").mode("overwrite").option("userMetadata", predicate)
        self._root.save(writer if predicate == "true" else writer.option("replaceWhere", predicate), table.name)

    def append(self, table: type[Table], frame: DataFrame) -> None:
        """Add rows in one commit."""
        self._make(table)
        self._root.save(frame.select(*table.columns()).write.format("delta").mode("append"), table.name)

    def insert_new(self, table: type[Table], frame: DataFrame, unique: Sequence[Column]) -> None:
        """Add the rows that share no value of the `unique` columns with one that is there, in one commit.

        Adds nothing where another writer's commit comes in between: look again.
        """
        self._make(table)
        matches = " OR ".join(f"old.`{column}` = new.`{column}`" for column in unique)
        target = self._root.identifier(table.name)
        try:
            self._spark.sql(f"MERGE INTO {target} AS old USING {{new}} AS new ON {matches} WHEN NOT MATCHED THEN INSERT *", new=frame)
        except Exception as error:
            if not _is_conflict(error):
                raise

    def delete(self, table: type[Table], piece: Slice) -> None:
        """Remove the rows of a slice, in one commit; nothing where there is no table."""
        if self._exists(table.name):
            self._spark.sql(f"DELETE FROM {self._root.identifier(table.name)} WHERE {piece.predicate()}")  # noqa: S608 - names are ours

    def frame(self, table: type[Table], rows: Sequence[Sequence[Any]]) -> DataFrame:
        """Rows made on the driver, few, as a frame of the table's columns."""
        return self.small_frame(table.ddl(), rows)

    def small_frame(self, ddl: str, rows: Sequence[Sequence[Any]]) -> DataFrame:
        """Rows made on the driver, few, as a frame of any columns."""
        return self._spark.createDataFrame([tuple(row) for row in rows], schema=ddl)

    def scratch(self, job: str, resumable: bool = False) -> Scratch:
        """Tables that live while a job runs, `resumable` where what a run that broke off has appended is to be gone on with."""
        return Scratch(self._root, job, resumable, self._scratch_schemas)

    def _exists(self, name: str) -> bool:
        return name in self._made or self._root.exists(name)

    def _make(self, table: type[Table]) -> None:
        """Create the table, or add the columns and struct fields that this version has and the table has not."""
        if table.name in self._made:
            return
        for wait in (*_WAITS, None):
            try:
                self._create_or_widen(table)
            except Exception as error:
                if wait is None or not _is_made_by_another(error):
                    raise
                time.sleep(wait)
            else:
                break
        self._made.add(table.name)

    def _create_or_widen(self, table: type[Table]) -> None:
        identifier = self._root.identifier(table.name)
        if not self._exists(table.name):
            self._spark.sql(create_statement(table, identifier, self._settings.retention))
        for statement in widen_statements(table, identifier, self._root.load(table.name).schema):
            self._spark.sql(statement)


def _is_conflict(error: Exception) -> bool:
    """Whether Delta refused a commit for another writer's; a Py4JJavaError on classic Spark, a PySparkException on Connect."""
    said = f"{type(error).__name__} {error}"
    return any(name in said for name in ("Concurrent", "ProtocolChanged", "MetadataChanged"))


def _is_made_by_another(error: Exception) -> bool:
    """Whether a table could not be made or widened since another writer does so now."""
    return _is_conflict(error) or any(name in str(error) for name in _MADE_BY_ANOTHER)


def _require_columns(table: type[Table], present: Sequence[str]) -> None:
    missing = [column for column in table.columns() if column not in present]
    if missing:
        raise StoreError(
            f"table {table.name} was made by an older version of corpusmill, without {', '.join(missing)}: run the job that writes it again"
        )
