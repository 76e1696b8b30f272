"""The job that parses new and changed files once, into scratch, and splits them into documents, rejected records and inputs."""

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.errors import ConfigError
from corpusmill.ingest import split
from corpusmill.ingest.child import require_extractor
from corpusmill.ingest.chunks import Chunk, Ingested, is_contradicted, plan_chunks
from corpusmill.ingest.files import list_files, list_paths
from corpusmill.ingest.index_rules import check_index
from corpusmill.ingest.parsed import Parsed, extraction
from corpusmill.ingest.snapshots import add_snapshot
from corpusmill.ingest.url_lists import check_lists, compile_lists
from corpusmill.ingest.warc import register
from corpusmill.job import Input, Job, Run
from corpusmill.score_tables import score_tables
from corpusmill.scratch import Scratch
from corpusmill.settings import Config, IngestSettings, Settings
from corpusmill.slices import Slice
from corpusmill.store import Store
from corpusmill.tables import TABLES, Documents, Inputs, RejectedRecords

_REPEATED = "repeated"


class IngestDocuments(Job):
    """Writes `documents`, `rejected_records` and `inputs` chunk by chunk, and the snapshot's row in `snapshots`."""

    name = "ingest_documents"
    version = 2

    def __init__(self) -> None:
        self._chunks: dict[Slice, Chunk] = {}
        self._compiled: IngestSettings | None = None

    def check(self, config: Config) -> None:
        """Whether ingest.paths names files of a known format, the lists of URLs are there, the rules on an index can be followed."""
        if not config.ingest.paths:
            raise ConfigError("ingest.paths is not set: say what to read, for example ingest.paths=crawl.warc.gz")
        list_paths(config.ingest.paths, config.ingest.format)
        if config.ingest.format == "cc_index":
            check_index(config.ingest.index)
        check_lists(config.ingest)
        require_extractor(config.ingest)

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """How records become text: what `inputs` holds too."""
        return {"ingest": extraction(self._ingest(run))}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Every chunk of the snapshot, those that ingest.paths no longer names too.

        Raises InputError for paths, ConfigError where settings or files contradict what was ingested and ingest.replace is not set.
        """
        settings = self._ingest(run)
        files = list_files(settings.paths, settings.format)
        snapshot = Slice(settings.snapshot)
        rows = run.store.read(Inputs, snapshot).collect()
        ingested = [Ingested(row[Inputs.file], row[Inputs.chunk], row[Inputs.bytes], row[Inputs.etag]) for row in rows]
        chunks = plan_chunks(files, ingested, settings.chunk_bytes)
        said = extraction(settings)
        if any(row[Inputs.extraction] != said for row in rows) or (settings.replace and is_contradicted(chunks, ingested)):
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
        """Parse the chunks into scratch, but for those that a run that broke off has parsed, then find repeated ids once over all."""
        register(run.spark)
        numbers = [piece.chunk for piece in pieces]
        chunks = [self._chunks[piece] for piece in pieces]
        parsed = Parsed(run, _scratch(run), self._ingest(run))
        parsed.add(chunks)
        others = run.store.read(Documents, Slice(run.config.ingest.snapshot)).where(~F.col(Documents.chunk).isin(numbers))
        places = split.narrow(parsed.read(chunks)).unionByName(split.committed(others))
        _scratch(run).write(_REPEATED, split.repeated(places))
        _require_no_later(_scratch(run).read(_REPEATED), pieces)

    def work(self, run: Run, piece: Slice) -> int:
        """Split the chunk's records. `documents` comes last: whoever sees it sees what belongs to it."""
        settings, chunk, store = self._ingest(run), self._chunks[piece], run.store
        records = Parsed(run, _scratch(run), settings).read([chunk])
        losers = _scratch(run).read(_REPEATED).where(F.col(Documents.chunk) == chunk.number)
        add_snapshot(store, settings.snapshot)
        store.replace(RejectedRecords, split.rejected_records(records, losers, chunk.number, settings), piece)
        store.replace(Inputs, _input_rows(store, settings, chunk, split.count_records(records, losers)), piece)
        store.replace(Documents, split.documents(records, losers, chunk.number, settings), piece)
        return int(store.read(Inputs, piece).agg(F.sum(Inputs.documents)).collect()[0][0] or 0)

    def finish(self, run: Run) -> None:
        """Drop what was parsed, also by a run that broke off after its last slice."""
        _scratch(run).drop()

    def _ingest(self, run: Run) -> IngestSettings:
        """With the lists of URLs compiled, once a run, so that what they say is part of the settings."""
        if self._compiled is None:
            self._compiled = compile_lists(run.config.ingest, run.store.files)
        return self._compiled

    def _replace(self, run: Run, snapshot: Slice) -> None:
        if not run.config.ingest.replace:
            raise ConfigError(
                f"snapshot {snapshot} was ingested with other settings: give it another ingest.snapshot, "
                "or set ingest.replace=true to read it anew"
            )
        run.ledger.forget_slices(snapshot.snapshot or "")
        # Later jobs' rows too: chunks that there are no more would take part in deduplication and stay in the corpus.
        for table in (*TABLES, *score_tables(run.config.scores)):
            if Documents.snapshot in table.partitioned_by:
                run.store.delete(table, snapshot)


def _scratch(run: Run) -> Scratch:
    """A snapshot has scratch tables of its own: two may be ingested at once."""
    return run.store.scratch(f"{IngestDocuments.name}_{run.config.ingest.snapshot}", resumable=True)


def _input_rows(store: Store, settings: IngestSettings, chunk: Chunk, counts: DataFrame) -> DataFrame:
    """The chunk's files with their counts, a row a file also where it was empty."""
    found = {row[Inputs.file]: row for row in counts.collect()}
    rows, said = [], extraction(settings)
    for file in chunk.files:
        row = found.get(file.name)
        documents, rejected, other = (row[Inputs.documents], row[Inputs.rejected], row[Inputs.other] or 0) if row else (0, 0, 0)
        rows.append(
            (
                settings.snapshot,
                chunk.number,
                file.name,
                file.bytes,
                file.etag,
                said,
                documents + rejected,
                documents,
                rejected,
                other,
            )
        )
    return store.frame(Inputs, rows)


def _require_no_later(losers: DataFrame, pieces: Sequence[Slice]) -> None:
    """Raises ConfigError where a record of a chunk that is read again takes the id of one in a later chunk, already committed."""
    later = losers.where(~F.col(Documents.chunk).isin([piece.chunk for piece in pieces])).agg(F.min(Documents.chunk)).collect()[0][0]
    if later is not None:
        raise ConfigError(
            f"records of a changed file repeat records of chunk {later}, ingested before: set ingest.replace=true to read the snapshot anew"
        )
