"""The data dictionary: every Delta table, its columns, types, meaning, key and partitioning. Tables are created from this alone."""

from typing import TYPE_CHECKING, ClassVar

from corpusmill.errors import StoreError

if TYPE_CHECKING:
    from pyspark.sql.types import StructType


class Column(str):
    """A column's name that knows its type; a `str`, so that it goes wherever a name goes."""

    type: str
    doc: str

    def __new__(cls, name: str, type_: str, doc: str) -> "Column":
        """`type_` is a Spark DDL type as `simpleString()` prints it."""
        self = super().__new__(cls, name)
        self.type = type_
        self.doc = doc
        return self

    def __getnewargs__(self) -> tuple[str, str, str]:  # type: ignore[override]
        """Pickle with type and meaning: columns travel into Python workers inside stages."""
        return str(self), self.type, self.doc


def _column(type_: str, doc: str) -> Column:
    """A column declared in a table's body; `Table.__init_subclass__` gives it the name of its attribute."""
    return Column("", type_, doc)


def names(*columns: str) -> list[str]:
    """Columns as `on=` of a join takes them."""
    return list(columns)


class Table:
    """One table. Its attributes are its columns."""

    name: ClassVar[str]
    primary_key: ClassVar[tuple[str, ...]] = ()
    partitioned_by: ClassVar[tuple[str, ...]] = ()
    unindexed: ClassVar[tuple[str, ...]] = ()
    """Columns kept out of Delta's statistics: 32 characters of each would survive in the log after a deletion."""
    _declared: ClassVar[tuple[Column, ...]] = ()

    def __init_subclass__(cls) -> None:
        """Name each column after its attribute."""
        columns = {k: Column(k, v.type, v.doc) for k, v in vars(cls).items() if isinstance(v, Column)}
        for name, column in columns.items():
            setattr(cls, name, column)
        cls._declared = tuple(columns.values())

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """All columns in order."""
        return cls._declared

    @classmethod
    def check(cls, schema: "StructType", where: str) -> None:
        """Raise StoreError with every column of `schema` that is missing or mistyped, and what it must be."""
        found = {field.name: field.dataType.simpleString() for field in schema.fields}
        wrong = [f"{c} is {found.get(c, 'missing')}, must be {c.type} ({c.doc})" for c in cls.columns() if found.get(c) != c.type]
        if wrong:
            raise StoreError(f"{where} needs table {cls.name}, but: " + "; ".join(wrong))


class _PerDocument(Table):
    """What every table with one row a document shares."""

    primary_key = ("snapshot", "doc_id")
    partitioned_by = ("snapshot", "chunk")


_DOC_ID = ("string", "32 hex characters, from the record's own id where it has one")
_SNAPSHOT = ("string", "the crawl or release it came with")
_CHUNK = ("int", "the group of files that is written and resumed as one")
_DIGEST = ("binary", "sha256 of the stored text in UTF-8")
_EDITS = (
    "array<struct<start:bigint,end:bigint,replacement:string,reason:string>>",
    "spans of bytes to replace, by start; replacement null deletes",
)


class Documents(_PerDocument):
    """The extracted text of one source record each. Immutable."""

    name = "documents"
    unindexed = ("text", "url", "host")
    doc_id = _column(*_DOC_ID)
    snapshot = _column(*_SNAPSHOT)
    chunk = _column(*_CHUNK)
    source = _column("string", "the data set's name")
    domain = _column("string", "the mixture's word: web, code, ...")
    url = _column("string", "target URI, null where the source has none")
    host = _column("string", "its host in lower case")
    fetched_at = _column("timestamp", "when it was crawled")
    text = _column("string", "valid UTF-8 without NUL")
    text_digest = _column(*_DIGEST)
    extraction = _column("struct<name:string,version:string,options:string>", "what turned the record into text")
    origin = _column("struct<file:string,offset:bigint,length:bigint,digest:string>", "where its bytes are")


class RejectedRecords(Table):
    """What ingest could not make a document of; nothing is skipped silently."""

    name = "rejected_records"
    partitioned_by = ("snapshot", "chunk")
    unindexed = ("error",)
    snapshot = _column(*_SNAPSHOT)
    chunk = _column(*_CHUNK)
    file = _column("string", "base name")
    offset = _column("bigint", "byte offset of the record in the file, of its row in JSON lines and Parquet")
    error = _column("string", "kind, and after a colon what was found")


class Inputs(Table):
    """The files that were ingested, and how many records each gave."""

    name = "inputs"
    primary_key = ("snapshot", "file")
    partitioned_by = ("snapshot", "chunk")
    snapshot = _column(*_SNAPSHOT)
    chunk = _column(*_CHUNK)
    file = _column("string", "base name")
    bytes = _column("bigint", "size")
    etag = _column("string", "the store's etag, else size and hash of the first and last MB")
    extraction = _column("string", "the extraction settings, as JSON")
    records = _column("bigint", "documents and rejected records")
    documents = _column("bigint", "of these, documents")
    rejected = _column("bigint", "of these, rejected")
    other = _column("bigint", "records of types that do not count: warcinfo, request, metadata")


class Snapshots(Table):
    """The order of snapshots: that of their first ingest."""

    name = "snapshots"
    primary_key = ("snapshot",)
    snapshot = _column(*_SNAPSHOT)
    ordinal = _column("int", "0, 1, ...")


class Signals(_PerDocument):
    """What was measured on each document: one struct a signal family, the exact hash, the sketch and the edits."""

    name = "signals"
    doc_id = _column(*_DOC_ID)
    snapshot = _column(*_SNAPSHOT)
    chunk = _column(*_CHUNK)
    text_digest = _column(*_DIGEST)
    text_hash = _column("binary", "xxh3_128 of the text with all edits of measure applied")
    sketch = _column(
        "struct<values:binary,bands:array<bigint>>", "MinHash: little-endian uint64 values; one hash a band; empty when too short"
    )
    edits = _column(*_EDITS)

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """The declared columns and, before the hash, one struct for each signal family that is registered."""
        from corpusmill.signals.registry import families

        structs = tuple(Column(family.name, family.ddl(), family.doc) for family in families())
        return cls._declared[:4] + structs + cls._declared[4:]


class Verdicts(_PerDocument):
    """Why each measured document is out by the recipe's rules; an empty list means in."""

    name = "verdicts"
    doc_id = _column(*_DOC_ID)
    snapshot = _column(*_SNAPSHOT)
    chunk = _column(*_CHUNK)
    reasons = _column("array<string>", "in recipe order")


class Duplicates(Table):
    """Documents that repeat an earlier one, and which."""

    name = "duplicates"
    primary_key = ("snapshot", "doc_id")
    partitioned_by = ("snapshot",)
    doc_id = _column(*_DOC_ID)
    snapshot = _column(*_SNAPSHOT)
    chunk = _column(*_CHUNK)
    duplicate_of = _column("string", "doc_id of the kept document")
    similarity = _column("double", "estimated Jaccard; 1 for exact duplicates")
    kind = _column("string", "exact or near")


class History(Table):
    """Kept documents by text hash: what later snapshots are compared with. Band -1 is the text hash."""

    name = "history"
    partitioned_by = ("snapshot",)
    snapshot = _column(*_SNAPSHOT)
    band = _column("int", "-1: the text hash")
    hash = _column("binary", "the text hash or the band's")
    key = _column("binary", "24 bytes: ordinal of the snapshot, 2^32-1-words, doc_id")


class Contamination(_PerDocument):
    """Documents that hold benchmark text."""

    name = "contamination"
    doc_id = _column(*_DOC_ID)
    snapshot = _column(*_SNAPSHOT)
    chunk = _column(*_CHUNK)
    text_digest = _column(*_DIGEST)
    benchmark = _column("string", "its name in the recipe")
    item = _column("string", "the first item hit: its line number in the benchmark file, from 0")
    hits = _column("bigint", "n-grams of the document that are in the benchmark")
    spans = _column("array<struct<start:bigint,end:bigint>>", "where, in bytes of the stored text")
    action = _column("string", "drop or annotate")


class Exclusions(_PerDocument):
    """Documents that publish itself had to leave out."""

    name = "exclusions"
    doc_id = _column(*_DOC_ID)
    snapshot = _column(*_SNAPSHOT)
    chunk = _column(*_CHUNK)
    reason = _column("string", "empty_after_edits or duplicate_after_edits")
    duplicate_of = _column("string", "the kept document, for duplicates")


class Corpus(_PerDocument):
    """Documents without reasons, their edits applied: what is trained on."""

    name = "corpus"
    unindexed = ("text", "url")
    doc_id = _column(*_DOC_ID)
    snapshot = _column(*_SNAPSHOT)
    chunk = _column(*_CHUNK)
    source = _column("string", "the data set's name")
    domain = _column("string", "the mixture's word: web, code, ...")
    lang = _column("string", "ISO 639 code by the language signal")
    url = _column("string", "target URI")
    text = _column("string", "the text after all edits")
    characters = _column("bigint", "code points of text")


class Tokens(_PerDocument):
    """The corpus as token ids."""

    name = "tokens"
    doc_id = _column(*_DOC_ID)
    snapshot = _column(*_SNAPSHOT)
    chunk = _column(*_CHUNK)
    domain = _column("string", "the mixture's word: web, code, ...")
    tokens = _column("array<int>", "ids, ending in end-of-document")
    n_tokens = _column("bigint", "how many")
    tokenizer = _column("string", "sha256 of the tokenizer's model file")


class Shards(Table):
    """The manifest: every shard that may be read."""

    name = "shards"
    primary_key = ("shard_id",)
    partitioned_by = ("snapshot", "chunk")
    shard_id = _column("string", "deterministic: domain, snapshot, chunk, number")
    snapshot = _column(*_SNAPSHOT)
    chunk = _column(*_CHUNK)
    path = _column("string", "of the .bin and .idx without suffix, under store.files")
    domain = _column("string", "the mixture's word")
    documents = _column("bigint", "how many")
    tokens = _column("bigint", "how many")
    dtype = _column("string", "uint16 or int32")
    sha256 = _column("string", "of the .bin")
    tokenizer = _column("string", "sha256 of the tokenizer's model file")
    corpus_version = _column("string", "state of the corpus it was made from")


class ShardDocuments(Table):
    """Where each document's tokens are."""

    name = "shard_documents"
    primary_key = ("shard_id", "position")
    partitioned_by = ("snapshot", "chunk")
    shard_id = _column("string", "the shard")
    snapshot = _column(*_SNAPSHOT)
    chunk = _column(*_CHUNK)
    position = _column("bigint", "0, 1, ... in the shard")
    doc_id = _column(*_DOC_ID)
    first_token = _column("bigint", "offset in tokens from the shard's start")
    n_tokens = _column("bigint", "how many")


class Runs(Table):
    """Training metrics, a row a step."""

    name = "runs"
    primary_key = ("run", "step")
    partitioned_by = ("run",)
    run = _column("string", "train.run")
    step = _column("bigint", "1, 2, ...")
    consumed_tokens = _column("bigint", "over all ranks, up to and with this step")
    domain = _column("string", "null: all domains together")
    loss = _column("double", "mean cross entropy a token, nats")
    lr = _column("double", "learning rate")
    grad_norm = _column("double", "before clipping")
    tokens_per_second = _column("double", "over all ranks")


class Jobs(Table):
    """What ran: the only source of what is up to date. The newest row of a (job, snapshot, chunk) counts."""

    name = "jobs"
    job = _column("string", "verb_noun")
    snapshot = _column("string", "its slice's snapshot; empty for a job over everything")
    chunk = _column("int", "its slice's chunk; null for a whole snapshot")
    state = _column("string", "sha256 over the job, its version, settings and the states it read")
    inputs = _column("string", "sha256 over the states it read alone: when they move it is stale")
    settings = _column("string", "the settings it read, as JSON")
    status = _column("string", "running, then done")
    rows = _column("bigint", "rows written")
    seconds = _column("double", "wall clock")
    recorded_at = _column("timestamp", "orders the rows")


TABLES: tuple[type[Table], ...] = (
    Documents, RejectedRecords, Inputs, Snapshots, Signals, Verdicts, Duplicates, History, Contamination,
    Exclusions, Corpus, Tokens, Shards, ShardDocuments, Runs, Jobs,
)  # fmt: skip
