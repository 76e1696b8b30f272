"""The columns of the scratch tables and frames that deduplication passes through, declared like the tables of tables.py."""

from corpusmill.tables import Table, declare

_KEY = ("binary", "24 bytes whose order is the order of documents (order.py)")


_TEXT_HASH = ("binary", "xxh3_128 of the text as it would be published")
_URL_HASH = ("binary", "xxh3_128 of the canonical URL; null without one, and where URLs do not count")


class Pages(Table):
    """Documents that have a URL."""

    name = "pages"
    snapshot = declare("string", "the document's snapshot")
    doc_id = declare("string", "32 hex characters")
    url_hash = declare("binary", "xxh3_128 of the canonical URL")
    fetched = declare("bigint", "when, in microseconds since 1970; null where that is not known")


class Candidates(Table):
    """The documents that judge keeps, narrow: of one snapshot, or of all that are decided together."""

    name = "candidates"
    key = declare(*_KEY)
    snapshot = declare("string", "the document's snapshot")
    chunk = declare("int", "the document's chunk")
    text_hash = declare(*_TEXT_HASH)
    url_hash = declare(*_URL_HASH)
    fetched = declare("bigint", "microseconds since 1970; null where that is not known or does not count")
    low = declare("binary", "the low byte of each sketch value; empty when the text is too short for a sketch")
    bands = declare("array<bigint>", "one hash a band; empty with the sketch")


class Touched(Table):
    """Rows of history whose hash one of the candidates may have."""

    name = "touched"
    band = declare("int", "as in history")
    hash = declare("binary", "as in history")
    key = declare(*_KEY)


class Grouped(Table):
    """Candidates, and the document that each one equals in each way."""

    name = "grouped"
    key = declare(*_KEY)
    snapshot = declare("string", "the document's snapshot")
    chunk = declare("int", "the document's chunk")
    text_hash = declare(*_TEXT_HASH)
    url_hash = declare(*_URL_HASH)
    low = declare("binary", "the low byte of each sketch value")
    bands = declare("array<bigint>", "one hash a band")
    same_url = declare("binary", "key of the document that stands for its URL, its own or one of history")
    same_text = declare(
        "binary", "key of the earliest of equal text among those that stand for their URL, or of history; null for the others"
    )
    same_sketch = declare("binary", "key of the earliest of equal sketch, among those first of their text; null for all others")


class Members(Table):
    """Documents, first of their sketch, in the buckets that they share with another one."""

    name = "members"
    band = declare("int", "0, 1, ...")
    hash = declare("bigint", "the band's hash; with the band, the bucket")
    key = declare(*_KEY)
    evidence = declare("binary", "what it is compared by: the low byte of each sketch value, or the sorted hashes of its shingles")
    is_leader = declare("boolean", "whether it is first in all the buckets it shares")


class Matches(Table):
    """Pairs of one bucket that are verified similar."""

    name = "matches"
    earlier = declare(*_KEY)
    later = declare(*_KEY)
    similarity = declare("double", "of the two")


class Removed(Table):
    """Documents, first of their sketch, that are near duplicates."""

    name = "removed"
    later = declare(*_KEY)


class Decisions(Table):
    """Every candidate, and the kept document that stands for it: itself where it is kept."""

    name = "decisions"
    key = declare(*_KEY)
    snapshot = declare("string", "the document's snapshot")
    chunk = declare("int", "the document's chunk")
    text_hash = declare(*_TEXT_HASH)
    url_hash = declare(*_URL_HASH)
    keeper = declare("binary", "key of the kept document")
    similarity = declare("double", "of the two; 1 for itself and for equal texts, null for equal URLs")
    kind = declare("string", "url, exact or near; null for kept documents")
