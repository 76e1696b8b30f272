"""Which documents are taken for duplicates by what they say."""

from corpusmill.settings.base import Settings


class SemanticSettings(Settings):
    """SemDeDup (arXiv 2303.09540): embeddings are clustered, and within a cluster what is too near a document that stays goes; off by default."""
