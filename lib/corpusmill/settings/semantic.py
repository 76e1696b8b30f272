"""Which documents are taken for duplicates by what they say."""

from pydantic import Field

from corpusmill.settings.base import Settings, Share


class SemanticSettings(Settings):
    """SemDeDup (arXiv 2303.09540): embeddings are clustered, and within a cluster what is too near a document that stays goes; off by default."""
