"""Where a store has its tables, folders under a path or a catalog's schema: no other module knows which."""

import json
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from corpusmill.errors import ConfigError, StoreError
from corpusmill.paths import absolute_path, filesystem, hadoop_path, is_catalog, is_local, join_path
from corpusmill.settings import StoreSettings

_MARKER = "_corpusmill.json"
_FORMAT = 1


class Root:
    """Finds, loads and saves Delta tables by name."""

    def __init__(self, spark: SparkSession, place: str) -> None:
        """`place`: a folder, a URL, or `catalog.schema`."""
        self.spark = spark
        self.place = place

    @property
    def is_catalog(self) -> bool:
        """Whether the tables are a catalog's."""
        return is_catalog(self.place)

    @property
    def is_local(self) -> bool:
        """Whether they are folders of this machine."""
        return not self.is_catalog and is_local(self.place)

    def path(self, name: str) -> str:
        """The folder of a table, as Spark wants it."""
        return hadoop_path(join_path(absolute_path(self.place), name))

    def identifier(self, name: str) -> str:
        """The table in SQL."""
        return f"{self.place}.{name}" if self.is_catalog else f"delta.`{self.path(name)}`"

    def load(self, name: str) -> DataFrame:
        """The rows of a table that is there."""
        if self.is_catalog:
            return self.spark.read.table(self.identifier(name))
        return self.spark.read.format("delta").load(self.path(name))

    def exists(self, name: str) -> bool:
        """Whether the table was written."""
        if self.is_catalog:
            return bool(self.spark.catalog.tableExists(self.identifier(name)))
        # The folder of the log alone says nothing: Delta makes it before it writes the first file.
        found, folder = filesystem(join_path(self.place, name, "_delta_log"))
        return bool(found.exists(folder) and any(path.endswith((".json", ".parquet")) for path in found.ls(folder, detail=False)))

    def save(self, writer: Any, name: str) -> None:  # noqa: ANN401 - classic and Connect writers share no base
        """Write what a writer has, in one commit."""
        if self.is_catalog:
            writer.saveAsTable(self.identifier(name))
        else:
            writer.save(self.path(name))

    def mark(self) -> None:
        """Say of a new folder that it is ours."""
        if self.is_catalog:
            return
        found, folder = filesystem(self.place)
        marker = join_path(folder, _MARKER)
        if not found.exists(marker):
            found.makedirs(folder, exist_ok=True)
            found.pipe_file(marker, json.dumps({"format": _FORMAT}).encode())


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
