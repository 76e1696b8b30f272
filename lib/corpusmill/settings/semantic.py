"""Which documents are taken for duplicates by what they say."""

from typing import Literal

from pydantic import Field

from corpusmill.settings.base import Settings, Share


class SemanticSettings(Settings):
    """SemDeDup (arXiv 2303.09540): embeddings are clustered, and within a cluster what is too near a document that stays goes; off by default.

    Looked for within each snapshot or over all of them as `dedup.scope` says.
    """

    embedder: str = ""
    """As of scores of kind `embedding`: `wordllama`, or a folder in the format of sentence-transformers or of Hugging Face transformers on
    every machine. Empty: no embeddings, no semantic duplicates. SemDeDup takes the last token of OPT 125M, NeMo Curator all-MiniLM-L6-v2."""
    tokens: int = Field(default=512, gt=0)
    """How much of the beginning of a text is looked at; FineWeb-Edu's embedder and most others take no more."""
    threshold: Share = 0.99
    """Cosine at or above which two documents are the same: 1 - eps, with NeMo Curator's eps of 0.01. SemDeDup and D4 (arXiv 2308.12284)
    choose eps by the share of documents they want to keep."""
    keep: Literal["first", "hard", "easy"] = "first"
    """Of documents that are the same stays the first in the order of documents, the one farthest from the centroid of its cluster (`hard`,
    which SemDeDup and NeMo Curator take), or the nearest (`easy`)."""
    clusters: int = Field(default=0, ge=0)
    """0: the square root of the number of documents, which D4 takes (11,000 for C4, as SemDeDup)."""
    sample: int = Field(default=200_000, gt=0)
    """Vectors, by hash of the doc_id, that the clusters are found from. They are held on the driver, 4 bytes a value: 205 MB of wordllama's
    256 values, 614 MB of 768, beside the copy that Spark makes (`spark.driver.maxResultSize`)."""
    iterations: int = Field(default=20, gt=0)
    """Rounds of k-means at most, as D4 and faiss have it."""
