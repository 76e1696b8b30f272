"""What a report says, as plain values: made by Spark, turned into a page and a summary without it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corpusmill.errors import NotReadyError

NOT_REACHED = "not_reached"
"""Stands for documents that no job has decided on, where a pipeline ended before publish_corpus."""


@dataclass(frozen=True)
class ReasonCount:
    """Documents whose first reason, in stage order, is this one; characters as they were measured."""

    stage: str
    reason: str
    documents: int
    characters: int


@dataclass(frozen=True)
class ShareCount:
    """How many documents a host or a language has, and how many of them have no reason."""

    name: str
    documents: int
    kept: int


@dataclass(frozen=True)
class Passage:
    """A piece of text to show: what is marked, and what stands around it. Personal data are masked already."""

    before: str = ""
    marked: str = ""
    after: str = ""


@dataclass(frozen=True)
class EditCount:
    """Spans that one reason replaces (by `replacement`, or deletes where it is None), over all measured documents."""

    reason: str
    replacement: str | None
    documents: int
    spans: int
    example: Passage | None = None


@dataclass(frozen=True)
class Removal:
    """One removed document: which, why in one sentence, and a passage of it. `other` is the URL of the document it repeats."""

    reason: str
    doc_id: str
    url: str
    why: str
    passage: Passage
    other: str = ""


@dataclass(frozen=True)
class Excerpt:
    """The beginning of one document."""

    snapshot: str
    doc_id: str
    url: str
    passage: Passage


@dataclass(frozen=True)
class Cluster:
    """A document that stays and all that repeat it: `size` documents. `kept` is None where it is not there any more."""

    duplicate_of: str
    size: int
    kept: Excerpt | None
    members: tuple[Excerpt, ...]


@dataclass(frozen=True)
class SizeCount:
    """Clusters of `least` up to 2 `least` - 1 documents."""

    least: int
    clusters: int
    documents: int


@dataclass(frozen=True)
class RemovedShare:
    """How many documents a host has, and how many of them repeat another one."""

    name: str
    documents: int
    removed: int


@dataclass(frozen=True)
class Duplication:
    """What deduplication found."""

    kinds: tuple[tuple[str, int], ...] = ()
    """(kind, documents removed), most frequent first."""
    sizes: tuple[SizeCount, ...] = ()
    """By size."""
    biggest: tuple[Cluster, ...] = ()
    hosts: tuple[RemovedShare, ...] = ()
    """Those with most removed documents."""
    threshold: float | None = None
    """Similarity at or above which documents were the same; None where it is not known."""
    recall: float | None = None
    """Estimated share of all pairs of that similarity that shared a band (dedup/curve.py); None where it cannot be told."""

    @property
    def removed(self) -> int:
        """Documents that repeat another one."""
        return sum(count for _, count in self.kinds)

    @property
    def clusters(self) -> int:
        """Documents that others repeat."""
        return sum(size.clusters for size in self.sizes)


@dataclass(frozen=True)
class Training:
    """A run: (step, loss in nats a token), thinned to a thousand points that include the first and the last."""

    backend: str
    world_size: int
    curve: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Distribution:
    """(share of the documents, the value that this share is at or below) of one field of a score."""

    field: str
    quantiles: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Model:
    """A score of the recipe. Of a model that the user brought there is no training, of one that has not run no distribution."""

    name: str
    kind: str
    tables: tuple[tuple[str, str], ...] = ()
    """(path, version) of what it was trained on."""
    trained_on: int = 0
    """Examples."""
    held_out: Mapping[str, Any] | None = None
    """As scoring.evaluation.evaluate gives it."""
    documents: int = 0
    """That reached it."""
    distributions: tuple[Distribution, ...] = ()


@dataclass(frozen=True)
class Content:
    """Everything on the page. What was not made yet is 0, empty or None."""

    records: int = 0
    documents: int = 0
    characters: int = 0
    rejected: tuple[tuple[str, int], ...] = ()
    """(kind of error, records), most frequent first."""
    reasons: tuple[ReasonCount, ...] = ()
    """In stage order, most frequent first inside a stage."""
    corpus_documents: int = 0
    corpus_characters: int = 0
    is_published: bool = False
    tokens: int = 0
    shards: int = 0
    languages: tuple[ShareCount, ...] = ()
    hosts: tuple[ShareCount, ...] = ()
    edits: tuple[EditCount, ...] = ()
    removals: tuple[Removal, ...] = ()
    duplication: Duplication | None = None
    """None where find_duplicates has not run."""
    models: tuple[Model, ...] = ()
    training: Training | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Wall clock of each job, in the order of the pipeline."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """For each job the settings it was last run with, as JSON."""

    @property
    def rejected_records(self) -> int:
        """Records that made no document."""
        return sum(count for _, count in self.rejected)

    @property
    def by_reason(self) -> dict[str, int]:
        """Documents by first reason; those that nothing decided on are named as such."""
        counts = {count.reason: count.documents for count in self.reasons}
        left = self.documents - self.corpus_documents - sum(counts.values())
        return counts if self.is_published or left <= 0 else {**counts, NOT_REACHED: left}

    def check(self) -> None:
        """Raise NotReadyError unless every record and every document is accounted for exactly once."""
        if self.records != self.documents + self.rejected_records:
            raise NotReadyError(
                f"write_report: {self.records:,} records, but {self.documents:,} documents and {self.rejected_records:,} rejected records: "
                "run ingest_documents again with pipeline.force=true"
            )
        removed = sum(self.by_reason.values())
        if self.documents != self.corpus_documents + removed:
            raise NotReadyError(
                f"write_report: {self.documents:,} documents, but {self.corpus_documents:,} in the corpus and {removed:,} with a reason: "
                "the corpus is older than the reasons, run publish_corpus and what follows first"
            )
