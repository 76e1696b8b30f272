"""How files become documents."""

from typing import Literal

from pydantic import Field

from corpusmill.settings.base import Integers, Settings, Strings
from corpusmill.settings.index import IndexSettings


class IngestSettings(Settings):
    """What to read and what counts as a document."""

    paths: Strings = ()
    """Files, folders or globs, local or any fsspec URL."""
    snapshot: str = Field(default="default", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    source: str = ""
    """The data set's name; empty: the snapshot's."""
    domain: str = "web"
    """The mixture's word for these documents, where a file does not say itself."""
    format: Literal["auto", "warc", "jsonl", "parquet", "cc_index"] = "auto"
    """cc_index: the files are parts of Common Crawl's columnar index, and what is read are the records that ingest.index picks by them."""
    statuses: Integers = (200,)
    """HTTP statuses that make a document."""
    max_record_bytes: int = Field(default=16_000_000, gt=0)
    """A larger payload is rejected as too_large."""
    chunk_bytes: int = Field(default=16 * 2**30, gt=0)
    """Files are packed into chunks of this size; a chunk is written and resumed as one."""
    files_at_once: int = Field(default=1000, gt=0)
    """Chunks are parsed together until they have so many files, a task each: as many as the cluster has cores, or more."""
    extractor: Literal["resiliparse"] = "resiliparse"
    main_content: bool = True
    """Leave navigation, footers and comments out (DCLM, arXiv 2406.11794 section 3.2, uses resiliparse so)."""
    index: IndexSettings = IndexSettings()
    replace: bool = False
    """Ingest the snapshot anew where files or extraction settings contradict what was ingested."""
