"""Spark's data source "warc": files of every format that ingest reads, one partition a file, as the rows of `Records`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.types import StructType

from corpusmill.ingest.files import list_paths
from corpusmill.ingest.formats import base_name, read_records
from corpusmill.ingest.rows import Records, record_batches
from corpusmill.settings import IngestSettings

_PATHS = "paths"
_SETTINGS = "settings"


@dataclass
class FilePartition(InputPartition):
    """One file."""

    path: str


class WarcDataSource(DataSource):
    """Options: `path` (what load() is given) or `paths`, a JSON list of files, globs and folders; `settings`, ingest's as JSON."""

    @classmethod
    def name(cls) -> str:
        """As spark.read.format() takes it."""
        return "warc"

    def schema(self) -> str:
        """The columns of `Records`."""
        return Records.ddl()

    def reader(self, schema: StructType) -> "WarcReader":
        """The reader of the files that the options name. Raises InputError for a path that names nothing."""
        settings = IngestSettings.model_validate_json(self.options.get(_SETTINGS, "{}"))
        paths = json.loads(self.options[_PATHS]) if _PATHS in self.options else [self.options["path"]]
        return WarcReader(list_paths(paths, settings.format), settings)


class WarcReader(DataSourceReader):
    """Streams each file once; memory is one batch."""

    def __init__(self, files: Sequence[str], settings: IngestSettings) -> None:
        self._files = files
        self._settings = settings

    def partitions(self) -> Sequence[InputPartition]:
        """A partition a file: neither gzip nor zstd can be entered in the middle."""
        return [FilePartition(file) for file in self._files]

    def read(self, partition: InputPartition) -> Iterator[pa.RecordBatch]:
        """The records of one file."""
        assert isinstance(partition, FilePartition)
        yield from record_batches(read_records(partition.path, self._settings), base_name(partition.path))


def register(spark: SparkSession) -> None:
    """Make "warc" known to a session; it does no harm twice."""
    spark.dataSource.register(WarcDataSource)
