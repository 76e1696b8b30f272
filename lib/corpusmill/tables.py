"""The data dictionary: every Delta table, its columns, types, meaning, key and partitioning. Tables are created from this alone."""

from corpusmill.duplicate_tables import Duplicates, Embeddings, History, HistorySketches, Passages, SemanticDuplicates
from corpusmill.per_document import CHUNK, DIGEST, DOC_ID, EDITS, SNAPSHOT, PerDocument
from corpusmill.table import Column, Table, declare, names

__all__ = [
    "Column",
    "Duplicates",
    "Embeddings",
    "History",
    "HistorySketches",
    "Passages",
    "PerDocument",
    "SemanticDuplicates",
    "Table",
    "declare",
    "names",
]


class Documents(PerDocument):
    """The extracted text of one source record each. Immutable."""

    name = "documents"
    unindexed = ("text", "url", "host")
    source = declare("string", "the data set's name")
    domain = declare("string", "the mixture's word: web, code, ...")
    url = declare("string", "target URI, null where the source has none")
    host = declare("string", "its host in lower case")
    fetched_at = declare("timestamp", "when it was crawled")
    text = declare("string", "valid UTF-8 without NUL")
    text_digest = declare(*DIGEST)
    extraction = declare("struct<name:string,version:string,options:string>", "what turned the record into text")
    origin = declare("struct<file:string,offset:bigint,length:bigint,digest:string>", "where its bytes are")
    attributes = declare("map<string,string>", "what the source says of it: title, licence, language, score")


class RejectedRecords(Table):
    """What ingest could not make a document of; nothing is skipped silently."""

    name = "rejected_records"
    partitioned_by = ("snapshot", "chunk")
    unindexed = ("error",)
    snapshot = declare(*SNAPSHOT)
    chunk = declare(*CHUNK)
    file = declare("string", "base name")
    offset = declare("bigint", "byte offset of the record in the file, of its row in JSON lines and Parquet")
    error = declare("string", "kind, and after a colon what was found")


class Inputs(Table):
    """The files that were ingested, and how many records each gave."""

    name = "inputs"
    primary_key = ("snapshot", "file")
    partitioned_by = ("snapshot", "chunk")
    snapshot = declare(*SNAPSHOT)
    chunk = declare(*CHUNK)
    file = declare("string", "base name")
    bytes = declare("bigint", "size")
    etag = declare("string", "the store's etag, else size and hash of the first and last MB")
    extraction = declare("string", "the extraction settings, as JSON")
    records = declare("bigint", "documents and rejected records")
    documents = declare("bigint", "of these, documents")
    rejected = declare("bigint", "of these, rejected")
    other = declare("bigint", "records of types that do not count: warcinfo, request, metadata")


class Snapshots(Table):
    """The order of snapshots: that of their first ingest."""

    name = "snapshots"
    primary_key = ("snapshot",)
    snapshot = declare(*SNAPSHOT)
    ordinal = declare("int", "0, 1, ...")


class Signals(PerDocument):
    """What was measured on each document: one struct a signal family, the exact hash, the sketch and the edits."""

    name = "signals"
    text_digest = declare(*DIGEST)
    text_hash = declare("binary", "xxh3_128 of the text with all edits of measure applied")
    sketch = declare(
        "struct<values:binary,bands:array<bigint>>",
        "little-endian uint64 values, the first `measure.verify_values`; one hash a band, of all; empty when too short",
    )
    edits = declare(*EDITS)

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """The declared columns and, before the hash, one struct for each signal family that is registered."""
        from corpusmill.signals.registry import families

        structs = tuple(Column(family.name, family.ddl(), family.doc) for family in families())
        return cls._declared[:4] + structs + cls._declared[4:]


class Verdicts(PerDocument):
    """Why each measured document is out by the recipe's rules; an empty list means in."""

    name = "verdicts"
    reasons = declare("array<string>", "in recipe order")


class Contamination(PerDocument):
    """Documents that hold benchmark text."""

    name = "contamination"
    text_digest = declare(*DIGEST)
    benchmark = declare("string", "its name in the recipe")
    item = declare("string", "the first item hit: its line number in the benchmark file, from 0")
    hits = declare("bigint", "n-grams of the document that are in the benchmark")
    spans = declare("array<struct<start:bigint,end:bigint>>", "where, in bytes of the stored text")
    action = declare("string", "drop or annotate")


class Exclusions(PerDocument):
    """Documents that publish itself had to leave out."""

    name = "exclusions"
    reason = declare("string", "empty_after_edits or duplicate_after_edits")
    duplicate_of = declare("string", "the kept document, for duplicates")


class Corpus(PerDocument):
    """Documents without reasons, their edits applied: what is trained on."""

    name = "corpus"
    unindexed = ("text", "url")
    source = declare("string", "the data set's name")
    domain = declare("string", "the mixture's word: web, code, ...")
    lang = declare("string", "ISO 639 code by the language signal")
    url = declare("string", "target URI")
    text = declare("string", "the text after all edits")
    characters = declare("bigint", "code points of text")


class Tokens(PerDocument):
    """The corpus as token ids."""

    name = "tokens"
    domain = declare("string", "the mixture's word: web, code, ...")
    tokens = declare("array<int>", "ids, ending in end-of-document")
    n_tokens = declare("bigint", "how many")
    tokenizer = declare("string", "sha256 of the tokenizer's model file")


class Shards(Table):
    """The manifest: every shard that may be read."""

    name = "shards"
    primary_key = ("shard_id",)
    partitioned_by = ("snapshot", "chunk")
    shard_id = declare("string", "deterministic: domain, snapshot, chunk, number")
    snapshot = declare(*SNAPSHOT)
    chunk = declare(*CHUNK)
    path = declare("string", "of the .bin and .idx without suffix, under store.files")
    domain = declare("string", "the mixture's word")
    documents = declare("bigint", "how many")
    tokens = declare("bigint", "how many")
    dtype = declare("string", "uint16 or int32")
    sha256 = declare("string", "of the .bin")
    tokenizer = declare("string", "sha256 of the tokenizer's model file")
    corpus_version = declare("string", "state of the corpus it was made from")


class ShardDocuments(Table):
    """Where each document's tokens are."""

    name = "shard_documents"
    primary_key = ("shard_id", "position")
    partitioned_by = ("snapshot", "chunk")
    shard_id = declare("string", "the shard")
    snapshot = declare(*SNAPSHOT)
    chunk = declare(*CHUNK)
    position = declare("bigint", "0, 1, ... in the shard")
    doc_id = declare(*DOC_ID)
    first_token = declare("bigint", "offset in tokens from the shard's start")
    n_tokens = declare("bigint", "how many")


class Runs(Table):
    """Training metrics, a row a step."""

    name = "runs"
    primary_key = ("run", "step")
    partitioned_by = ("run",)
    run = declare("string", "train.run")
    step = declare("bigint", "1, 2, ...")
    consumed_tokens = declare("bigint", "over all ranks, up to and with this step")
    domain = declare("string", "null: all domains together")
    loss = declare("double", "mean cross entropy a token, nats")
    lr = declare("double", "learning rate")
    grad_norm = declare("double", "before clipping")
    tokens_per_second = declare("double", "over all ranks")


class Jobs(Table):
    """What ran: the only source of what is up to date. The newest row of a (job, snapshot, chunk) counts."""

    name = "jobs"
    job = declare("string", "verb_noun")
    snapshot = declare("string", "its slice's snapshot; empty for a job over everything")
    chunk = declare("int", "its slice's chunk; null for a whole snapshot")
    state = declare("string", "sha256 over the job, its version, settings and the states it read")
    inputs = declare("string", "sha256 over the states it read alone: when they move it is stale")
    settings = declare("string", "the settings it read, as JSON")
    status = declare("string", "running, then done")
    rows = declare("bigint", "rows written")
    seconds = declare("double", "wall clock")
    recorded_at = declare("timestamp", "orders the rows")


TABLES: tuple[type[Table], ...] = (
    Documents, RejectedRecords, Inputs, Snapshots, Signals, Verdicts, Duplicates, History,
    HistorySketches, Passages, Embeddings, SemanticDuplicates, Contamination, Exclusions, Corpus, Tokens, Shards,
    ShardDocuments, Runs, Jobs,
)  # fmt: skip
