"""The texts of a crawl, as ingest extracts them, without Spark."""

from collections.abc import Iterator
from pathlib import Path

from corpusmill.ingest.formats import read_records
from corpusmill.ingest.rows import Record
from corpusmill.settings import IngestSettings


def extracted_texts(file: Path, settings: IngestSettings) -> Iterator[str]:
    """In the order of the records."""
    return (item.text.decode() for item in read_records(str(file), settings) if isinstance(item, Record))
