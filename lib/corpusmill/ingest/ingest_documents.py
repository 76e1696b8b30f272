"""The job that parses new and changed files once, into scratch, and splits them into documents, rejected records and inputs."""

import hashlib
import json
from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.errors import ConfigError
from corpusmill.ingest import split
from corpusmill.ingest.chunks import Chunk, Ingested, is_contradicted, plan_chunks
from corpusmill.ingest.files import list_files, list_paths
from corpusmill.ingest.warc import register
from corpusmill.job import Input, Job, Run
from corpusmill.settings import Config, IngestSettings, Settings
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.tables import TABLES, Documents, Inputs, RejectedRecords, Snapshots
from corpusmill.wording import counted

_UNREAD = {"paths", "snapshot", "chunk_bytes", "replace"}
"""Settings that say where files are and how they are packed, not what a document is."""
_REPEATED = "repeated"


class IngestDocuments(Job):
    """Writes `documents`, `rejected_records` and `inputs` chunk by chunk, and the snapshot's row in `snapshots`."""

    name = "ingest_documents"

    def __init__(self) -> None:
        self._chunks: dict[Slice, Chunk] = {}

    def check(self, config: Config) -> None:
        """Whether ingest.paths names files, each of a known format."""
        if not config.ingest.paths:
            raise ConfigError("ingest.paths is not set: say what to read, for example ingest.paths=crawl.warc.gz")
        list_paths(config.ingest.paths, config.ingest.format)

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """How records become text: what `inputs` holds too."""
        return {"ingest": _extraction(run.config.ingest)}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Every chunk of the snapshot, those that ingest.paths no longer names too.

        Raises InputError for paths, ConfigError where settings or files contradict what was ingested and ingest.replace is not set.
        """
        settings = run.config.ingest
        files = list_files(settings.paths, settings.format)
        snapshot = Slice(settings.snapshot)
        rows = run.store.read(Inputs, snapshot).collect()
        ingested = [Ingested(row[Inputs.file], row[Inputs.chunk], row[Inputs.bytes], row[Inputs.etag]) for row in rows]
        chunks = plan_chunks(files, ingested, settings.chunk_bytes)
        if any(row[Inputs.extraction] != _extraction(settings) for row in rows) or (settings.replace and is_contradicted(chunks, ingested)):
            self._replace(run, snapshot)
            chunks = plan_chunks(files, [], settings.chunk_bytes)
        self._chunks = {Slice(settings.snapshot, chunk.number): chunk for chunk in chunks}
        return list(self._chunks)

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """None: files are no slices."""
        return ()

    def fingerprint(self, run: Run, piece: Slice) -> str:
        """The names, sizes and etags of the chunk's files."""
        return self._chunks[piece].fingerprint()

    def prepare(self, run: Run, pieces: Sequence[Slice]) -> None:
        """Parse each chunk into a scratch table, unless a run that broke off has already, then find repeated ids once over all."""
        register(run.spark)
        scratch = run.store.scratch(_scratch(run))
        for piece in pieces:
            chunk = self._chunks[piece]
            if not scratch.has(_table(run, chunk)):
                run.say(f"{self.name}: {piece}  parsing {counted(len(chunk.files), 'file')}, {chunk.bytes() / 1e6:,.1f} MB")
                scratch.write(_table(run, chunk), _read(run, chunk))
        parsed = [split.narrow(scratch.read(_table(run, self._chunks[piece])), piece.chunk or 0) for piece in pieces]
        others = run.store.read(Documents, Slice(run.config.ingest.snapshot)).where(
            ~F.col(Documents.chunk).isin([piece.chunk for piece in pieces])
        )
        places = split.committed(others)
        for frame in parsed:
            places = places.unionByName(frame)
        scratch.write(_REPEATED, split.repeated(places))
        _require_no_later(scratch.read(_REPEATED), pieces)

    def work(self, run: Run, piece: Slice) -> int:
        """Split the chunk's scratch table. `documents` comes last: whoever sees it sees what belongs to it."""
        settings, chunk = run.config.ingest, self._chunks[piece]
        scratch, store = run.store.scratch(_scratch(run)), run.store
        records = scratch.read(_table(run, chunk))
        losers = scratch.read(_REPEATED).where(F.col(Documents.chunk) == chunk.number)
        _add_snapshot(run)
        store.replace(RejectedRecords, split.rejected_records(records, losers, chunk.number, settings), piece)
        store.replace(Inputs, _input_rows(run, chunk, split.count_records(records, losers)), piece)
        store.replace(Documents, split.documents(records, losers, chunk.number, settings), piece)
        return int(store.read(Inputs, piece).agg(F.sum(Inputs.documents)).collect()[0][0] or 0)

    def finish(self, run: Run) -> None:
        """Drop what was parsed, also by a run that broke off after its last slice."""
        run.store.scratch(_scratch(run)).drop()

    def _replace(self, run: Run, snapshot: Slice) -> None:
        if not run.config.ingest.replace:
            raise ConfigError(
                f"snapshot {snapshot} was ingested with other settings: give it another ingest.snapshot, "
                "or set ingest.replace=true to read it anew"
            )
        run.ledger.forget_slices(snapshot.snapshot or "")
        # Later jobs' rows too: chunks that there are no more would take part in deduplication and stay in the corpus.
        for table in TABLES:
            if Documents.snapshot in table.partitioned_by:
                run.store.delete(table, snapshot)


def _extraction(settings: IngestSettings) -> str:
    return json.dumps(settings.model_dump(mode="json", exclude=_UNREAD), sort_keys=True)


def _scratch(run: Run) -> str:
    """A snapshot has scratch tables of its own: two may be ingested at once."""
    return f"{IngestDocuments.name}_{run.config.ingest.snapshot}"


def _table(run: Run, chunk: Chunk) -> str:
    """Named by what is in it, so that only the same files read with the same settings are taken for parsed."""
    made_from = "\n".join((run.config.ingest.snapshot, _extraction(run.config.ingest), chunk.fingerprint()))
    return f"chunk_{chunk.number}_{hashlib.sha256(made_from.encode()).hexdigest()[:16]}"


def _read(run: Run, chunk: Chunk) -> DataFrame:
    reader = run.spark.read.format("warc").option("paths", json.dumps(chunk.paths()))
    return reader.option("settings", run.config.ingest.model_dump_json()).load()


def _input_rows(run: Run, chunk: Chunk, counts: DataFrame) -> DataFrame:
    """The chunk's files with their counts, a row a file also where it was empty."""
    found = {row[Inputs.file]: row for row in counts.collect()}
    rows = []
    for file in chunk.files:
        row = found.get(file.name)
        documents, rejected, other = (row[Inputs.documents], row[Inputs.rejected], row[Inputs.other] or 0) if row else (0, 0, 0)
        settings = run.config.ingest
        rows.append(
            (
                settings.snapshot,
                chunk.number,
                file.name,
                file.bytes,
                file.etag,
                _extraction(settings),
                documents + rejected,
                documents,
                rejected,
                other,
            )
        )
    return run.store.frame(Inputs, rows)


def _require_no_later(losers: DataFrame, pieces: Sequence[Slice]) -> None:
    """Raises ConfigError where a record of a chunk that is read again takes the id of one in a later chunk, already committed."""
    later = losers.where(~F.col(Documents.chunk).isin([piece.chunk for piece in pieces])).agg(F.min(Documents.chunk)).collect()[0][0]
    if later is not None:
        raise ConfigError(
            f"records of a changed file repeat records of chunk {later}, ingested before: set ingest.replace=true to read the snapshot anew"
        )


def _add_snapshot(run: Run) -> None:
    """Give a new snapshot the next ordinal."""
    known = {row[Snapshots.snapshot]: row[Snapshots.ordinal] for row in run.store.read(Snapshots, EVERYTHING).collect()}
    snapshot = run.config.ingest.snapshot
    if snapshot not in known:
        run.store.append(Snapshots, run.store.frame(Snapshots, [(snapshot, max(known.values(), default=-1) + 1)]))
