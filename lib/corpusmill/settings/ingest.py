"""How files become documents."""

from typing import Literal

from pydantic import Field

from corpusmill.settings.base import Integers, Settings, Strings

DOMAINS = {"mediawiki": "encyclopedia", "stackexchange": "qa", "latex": "papers", "text": "books", "epub": "books"}
"""The mixture's word for what comes in a format; web for all others."""


class IngestSettings(Settings):
    """What to read and what counts as a document."""

    paths: Strings = ()
    """Files, folders or globs, local or any fsspec URL."""
    snapshot: str = Field(default="default", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    source: str = ""
    """The data set's name; empty: the snapshot's."""
    domain: str = ""
    """The mixture's word for these documents, where a file does not say itself; empty: by its format (DOMAINS)."""
    format: Literal["auto", "warc", "jsonl", "parquet", "mediawiki", "stackexchange", "latex", "text", "epub"] = "auto"
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
    answer_score: int = 0
    """Answers of a lower score are left out (stackexchange). The Pile took 3 (EleutherAI/stackexchange-dataset, pairer.py)."""
    gutenberg_licence: bool = False
    """Keep what Project Gutenberg puts before and after its books (text)."""
    replace: bool = False
    """Ingest the snapshot anew where files or extraction settings contradict what was ingested."""

    def domain_of(self, format_: str) -> str:
        """The domain of documents in a format that do not say it themselves."""
        return self.domain or DOMAINS.get(format_, "web")
