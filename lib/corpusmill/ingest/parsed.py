"""The scratch table that files are parsed into, once: every chunk of a snapshot, each under a name that says what it was made from."""

import hashlib
import json
from collections.abc import Iterator, Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.ingest.chunks import Chunk
from corpusmill.ingest.formats import base_name
from corpusmill.ingest.rows import Records
from corpusmill.job import Run
from corpusmill.scratch import Scratch
from corpusmill.settings import IngestSettings
from corpusmill.tables import Documents, names
from corpusmill.wording import counted

_RECORDS = "records"
_MADE_FROM = "made_from"
_UNREAD = {"paths", "snapshot", "chunk_bytes", "files_at_once", "replace"}
"""Settings that say where files are and how they are packed, not what a document is."""
_FETCHING = {
    "base", "gap_bytes", "range_bytes", "connections", "retries", "longest_wait_seconds", "timeout_seconds", "give_up_after",
}  # fmt: skip
"""The same of ingest.index: a record is taken as the index names it, wherever it comes from."""


class Parsed:
    """What `warc` gave for the chunks of one snapshot. Commits are those of whole chunks, so that a run that broke off goes on there."""

    def __init__(self, run: Run, scratch: Scratch, settings: IngestSettings) -> None:
        """`settings`: the run's, with the lists of URLs compiled."""
        self._run = run
        self._scratch = scratch
        self._settings = settings

    def add(self, chunks: Sequence[Chunk]) -> None:
        """Parse those that are not there yet, together, until they have ingest.files_at_once files: a cluster has work for every core."""
        present = self._present()
        missing = [chunk for chunk in chunks if self._name(chunk) not in present]
        for some in _bundles(missing, self._settings.files_at_once):
            files, size = counted(sum(len(chunk.files) for chunk in some), "file"), sum(chunk.bytes() for chunk in some)
            self._run.say(f"ingest_documents: {self._settings.snapshot}/{_numbers(some)}  parsing {files}, {size / 1e6:,.1f} MB")
            self._scratch.write(_RECORDS, self._read(some), append=True)

    def read(self, chunks: Sequence[Chunk]) -> DataFrame:
        """The records of some chunks, with the number of each chunk."""
        return self._scratch.read(_RECORDS).where(F.col(_MADE_FROM).isin([self._name(chunk) for chunk in chunks])).drop(_MADE_FROM)

    def _present(self) -> set[str]:
        if not self._scratch.has(_RECORDS):
            return set()
        return {row[0] for row in self._scratch.read(_RECORDS).select(_MADE_FROM).distinct().collect()}

    def _name(self, chunk: Chunk) -> str:
        """By what is in it: only the same files read with the same settings are taken for parsed."""
        made_from = "\n".join((extraction(self._settings), str(chunk.number), chunk.fingerprint()))
        return hashlib.sha256(made_from.encode()).hexdigest()[:32]

    def _read(self, chunks: Sequence[Chunk]) -> DataFrame:
        """A task reads a file, so each file of the scratch table is of one chunk, and Delta's statistics find a chunk's files."""
        paths = [path for chunk in chunks for path in chunk.paths()]
        reader = self._run.spark.read.format("warc").option("paths", json.dumps(paths))
        records = reader.option("settings", self._settings.model_dump_json()).load()
        places = [(file.name, chunk.number, name) for chunk in chunks for name in [self._name(chunk)] for file in chunk.files]
        columns = f"`{Records.input}` string, `{Documents.chunk}` int, `{_MADE_FROM}` string"
        return records.join(F.broadcast(self._run.store.small_frame(columns, places)), on=names(Records.input), how="inner")


def extraction(settings: IngestSettings) -> str:
    """How records become text, as `inputs` keeps it. `settings`: with the lists of URLs compiled."""
    unread = dict.fromkeys(_UNREAD, True) | {"index": dict.fromkeys(_FETCHING, True) if settings.format == "cc_index" else True}
    if settings.extractor != "trafilatura":
        unread |= {"trafilatura": True}
    said = settings.model_dump(mode="json", exclude=unread)
    for list_ in said["url_lists"]:
        # A compiled list is named by its content; where it is kept is no matter.
        list_["path"] = base_name(list_["path"])
    return json.dumps(said, sort_keys=True)


def _bundles(chunks: Sequence[Chunk], files: int) -> Iterator[list[Chunk]]:
    """Whole chunks in order, each list with at most `files` files, or one chunk."""
    some: list[Chunk] = []
    for chunk in chunks:
        if some and sum(len(before.files) for before in some) + len(chunk.files) > files:
            yield some
            some = []
        some.append(chunk)
    if some:
        yield some


def _numbers(chunks: Sequence[Chunk]) -> str:
    first, last = chunks[0].number, chunks[-1].number
    return str(first) if first == last else f"{first}-{last}"
