"""The only module that reads and writes tables, and that knows whether they are folders or a catalog's."""

import json
import re
import time
from collections.abc import Sequence
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from corpusmill.ddl import create_statement, widen_statements
from corpusmill.errors import ConfigError, StoreError
from corpusmill.paths import absolute_path, files_folder, filesystem, hadoop_path, is_catalog, join_path
from corpusmill.settings import StoreSettings
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.tables import Column, Table

_MARKER = "_corpusmill.json"
_FORMAT = 1
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
        self._made: set[str] = set()
        self._complete: set[str] = set()
        if not is_catalog(settings.root):
            _mark(settings.root)

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
        frame = self._load(table.name)
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
        self._save(writer if predicate == "true" else writer.option("replaceWhere", predicate), table.name)

    def append(self, table: type[Table], frame: DataFrame) -> None:
        """Add rows in one commit."""
        self._make(table)
        self._save(frame.select(*table.columns()).write.format("delta").mode("append"), table.name)

    def insert_new(self, table: type[Table], frame: DataFrame, unique: Sequence[Column]) -> None:
        """Add the rows that share no value of the `unique` columns with one that is there, in one commit.

        Adds nothing where another writer's commit comes in between: look again.
        """
        self._make(table)
        matches = " OR ".join(f"old.`{column}` = new.`{column}`" for column in unique)
        target = self._identifier(table.name)
        try:
            self._spark.sql(f"MERGE INTO {target} AS old USING {{new}} AS new ON {matches} WHEN NOT MATCHED THEN INSERT *", new=frame)
        except Exception as error:
            if not _is_conflict(error):
                raise

    def delete(self, table: type[Table], piece: Slice) -> None:
        """Remove the rows of a slice, in one commit; nothing where there is no table."""
        if self._exists(table.name):
            self._spark.sql(f"DELETE FROM {self._identifier(table.name)} WHERE {piece.predicate()}")  # noqa: S608 - names are ours

    def frame(self, table: type[Table], rows: Sequence[Sequence[Any]]) -> DataFrame:
        """Rows made on the driver, few, as a frame of the table's columns."""
        return self.small_frame(table.ddl(), rows)

    def small_frame(self, ddl: str, rows: Sequence[Sequence[Any]]) -> DataFrame:
        """Rows made on the driver, few, as a frame of any columns."""
        return self._spark.createDataFrame([tuple(row) for row in rows], schema=ddl)

    def scratch(self, job: str) -> "Scratch":
        """Tables that live while a job runs."""
        return Scratch(self, job)

    def _path(self, name: str) -> str:
        return hadoop_path(join_path(absolute_path(self._settings.root), name))

    def _identifier(self, name: str) -> str:
        return f"{self._settings.root}.{name}" if is_catalog(self._settings.root) else f"delta.`{self._path(name)}`"

    def _load(self, name: str) -> DataFrame:
        if is_catalog(self._settings.root):
            return self._spark.read.table(self._identifier(name))
        return self._spark.read.format("delta").load(self._path(name))

    def _exists(self, name: str) -> bool:
        if name in self._made:
            return True
        if is_catalog(self._settings.root):
            return bool(self._spark.catalog.tableExists(self._identifier(name)))
        # The folder of the log alone says nothing: Delta makes it before it writes the first file.
        found, folder = filesystem(join_path(self._settings.root, name, "_delta_log"))
        return bool(found.exists(folder) and any(path.endswith((".json", ".parquet")) for path in found.ls(folder, detail=False)))

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
        identifier = self._identifier(table.name)
        if not self._exists(table.name):
            self._spark.sql(create_statement(table, identifier, self._settings.retention))
        for statement in widen_statements(table, identifier, self._load(table.name).schema):
            self._spark.sql(statement)

    def _save(self, writer: Any, name: str) -> None:  # noqa: ANN401 - classic and Connect writers share no base
        if is_catalog(self._settings.root):
            writer.saveAsTable(self._identifier(name))
        else:
            writer.save(self._path(name))


class Scratch:
    """Delta tables under _scratch/<job>: iteration passes through them, so that it can be resumed. Dropped when the job is done."""

    def __init__(self, store: Store, job: str) -> None:
        self._store = store
        self._job = job

    def write(self, name: str, frame: DataFrame, append: bool = False) -> None:
        """Write or append to one scratch table, in one commit."""
        writer = frame.write.format("delta").mode("append" if append else "overwrite")
        self._store._save(writer if append else writer.option("overwriteSchema", "true"), self._name(name))

    def read(self, name: str) -> DataFrame:
        """The rows of one scratch table."""
        return self._store._load(self._name(name))

    def has(self, name: str) -> bool:
        """Whether it was written."""
        return self._store._exists(self._name(name))

    def drop(self) -> None:
        """Remove all scratch tables of the job."""
        root, spark = self._store._settings.root, self._store._spark
        if not is_catalog(root):
            found, folder = filesystem(join_path(root, "_scratch", self._job))
            if found.exists(folder):
                found.rm(folder, recursive=True)
            return
        for table in spark.catalog.listTables(root):
            if table.name.startswith(self._name("")):
                spark.sql(f"DROP TABLE {root}.{table.name}")

    def _name(self, name: str) -> str:
        if is_catalog(self._store._settings.root):
            return re.sub(r"\W", "_", f"_scratch_{self._job}") + f"__{name}"
        return f"_scratch/{self._job}/{name}"


def check_root(settings: StoreSettings) -> None:
    """Raise ConfigError where the root is not set, StoreError where the folder holds something that is not ours, or a newer format."""
    root = settings.root
    if not root:
        raise ConfigError("store.root is not set: say where the tables are to be, for example store.root=/data/corpus")
    if is_catalog(root):
        if not settings.files:
            raise ConfigError(f"store.files is not set: with the catalog {root}, name a folder or volume for shards and reports")
        return
    found, folder = filesystem(root)
    marker = join_path(folder, _MARKER)
    if found.exists(marker):
        made_with = json.loads(found.cat_file(marker)).get("format")
        if made_with != _FORMAT:
            raise StoreError(f"store.root {root} has format {made_with}, this version of corpusmill reads {_FORMAT}")
    elif found.exists(folder) and (not found.isdir(folder) or found.ls(folder)):
        raise StoreError(f"store.root {root} holds something that is not a corpusmill store: name an empty or new folder")


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


def _mark(root: str) -> None:
    """Say of a new root that it is ours."""
    found, folder = filesystem(root)
    marker = join_path(folder, _MARKER)
    if not found.exists(marker):
        found.makedirs(folder, exist_ok=True)
        found.pipe_file(marker, json.dumps({"format": _FORMAT}).encode())
