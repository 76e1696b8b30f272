"""The tables of deduplication: who repeats whom, what later snapshots are compared with, what is repeated inside documents, and embeddings."""

from corpusmill.per_document import CHUNK, DIGEST, DOC_ID, SNAPSHOT, PerDocument
from corpusmill.table import Table, declare


class RepeatedDocuments(Table):
    """What tables of documents that another one stands for share."""

    primary_key = ("snapshot", "doc_id")
    partitioned_by = ("snapshot",)
    doc_id = declare(*DOC_ID)
    snapshot = declare(*SNAPSHOT)
    chunk = declare(*CHUNK)
    duplicate_of = declare("string", "doc_id of the kept document")


class Duplicates(RepeatedDocuments):
    """Documents that repeat an earlier one, and which."""

    name = "duplicates"
    similarity = declare("double", "to that document: of the sketches, or as `dedup.verify` says; 1 for exact duplicates, null for url")
    kind = declare("string", "url, exact or near")


class History(Table):
    """Kept documents by text hash, URL and band: what later snapshots are compared with."""

    name = "history"
    partitioned_by = ("snapshot",)
    snapshot = declare(*SNAPSHOT)
    band = declare("int", "-1: the text hash; -2: the canonical URL's; 0, 1, ...: a band of the sketch, with `dedup.against` history")
    hash = declare("binary", "the hash; of a band 8 bytes, big-endian")
    key = declare("binary", "24 bytes whose order is that of documents, doc_id last (dedup/order.py)")


class HistorySketches(Table):
    """What similarity to kept documents is estimated from, with `dedup.against` history."""

    name = "history_sketches"
    partitioned_by = ("snapshot",)
    snapshot = declare(*SNAPSHOT)
    key = declare("binary", "as in history")
    low = declare("binary", "the low byte of each sketch value")


class Passages(PerDocument):
    """What of a document repeats an earlier passage, its own or another document's: edits, not reasons."""

    name = "passages"
    text_digest = declare(*DIGEST)
    spans = declare("array<struct<start:bigint,end:bigint,reason:string>>", "bytes of the stored text to delete, by start")


class Embeddings(PerDocument):
    """A vector a document."""

    name = "embeddings"
    text_digest = declare(*DIGEST)
    model = declare("string", "sha256 of the model")
    vector = declare("array<float>", "of length 1")


class SemanticDuplicates(RepeatedDocuments):
    """Documents that say what another one says, by the angle between their vectors."""

    name = "semantic_duplicates"
    similarity = declare("double", "cosine")
