"""Which repeated passages are cut out of documents."""

from corpusmill.settings.base import Settings


class PassageSettings(Settings):
    """What job `find_passages` looks for over all documents that are still in, in the order of `dedup.order`; nothing by default."""
