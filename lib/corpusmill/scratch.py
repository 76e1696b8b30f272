"""Tables that live while a job runs."""

import re

from pyspark.sql import DataFrame
from pyspark.sql.types import StructType

from corpusmill.paths import exists, filesystem, join_path
from corpusmill.root import Root


class Scratch:
    """Tables under _scratch/<job>, which iteration passes through. Dropped when the job is done.

    Delta where an append must not be seen in part, in a catalog, and where renaming a file copies it. Else Parquet: with a few rows the
    commit is most of the time (benchmarks/scratch_tables.py).
    """

    def __init__(self, root: Root, job: str, resumable: bool, schemas: dict[str, StructType]) -> None:
        """`schemas`: of the Parquet tables of all jobs, known since they were written; Spark runs a job to find one."""
        self._root = root
        self._job = job
        self._is_delta = resumable or not root.is_local
        self._schemas = schemas

    def write(self, name: str, frame: DataFrame, append: bool = False) -> None:
        """Write or append to one scratch table."""
        writer = frame.write.mode("append" if append else "overwrite")
        if self._is_delta:
            delta = writer.format("delta")
            self._root.save(delta if append else delta.option("overwriteSchema", "true"), self._name(name))
        else:
            self._root.save(writer.format("parquet"), self._name(name))
            self._schemas[self._name(name)] = frame.schema

    def read(self, name: str) -> DataFrame:
        """The rows of one scratch table."""
        if self._is_delta:
            return self._root.load(self._name(name))
        known, reader = self._schemas.get(self._name(name)), self._root.spark.read
        return (reader.schema(known) if known else reader).parquet(self._root.path(self._name(name)))

    def has(self, name: str) -> bool:
        """Whether it was written."""
        if self._is_delta:
            return self._root.exists(self._name(name))
        return exists(join_path(self._root.place, self._name(name), "_SUCCESS"))

    def drop(self) -> None:
        """Remove all scratch tables of the job."""
        place, spark = self._root.place, self._root.spark
        if not self._root.is_catalog:
            found, folder = filesystem(join_path(place, "_scratch", self._job))
            if found.exists(folder):
                found.rm(folder, recursive=True)
            return
        for table in spark.catalog.listTables(place):
            if table.name.startswith(self._name("")):
                spark.sql(f"DROP TABLE {place}.{table.name}")

    def _name(self, name: str) -> str:
        if self._root.is_catalog:
            return re.sub(r"\W", "_", f"_scratch_{self._job}") + f"__{name}"
        return f"_scratch/{self._job}/{name}"
