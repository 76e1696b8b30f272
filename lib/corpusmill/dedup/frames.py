"""The columns of the scratch tables and frames that deduplication passes through, declared like the tables of tables.py."""

from corpusmill.tables import Table, declare

_KEY = ("binary", "24 bytes whose order is the order of documents (order.py)")


class Candidates(Table):
    """The documents of one snapshot that judge keeps, narrow."""

    name = "candidates"
    key = declare(*_KEY)
    chunk = declare("int", "the document's chunk")
    text_hash = declare("binary", "xxh3_128 of the text as it would be published")
    low = declare("binary", "the low byte of each sketch value; empty when the text is too short for a sketch")
    bands = declare("array<bigint>", "one hash a band; empty with the sketch")


class Grouped(Table):
    """Candidates, and the earliest document that each one equals."""

    name = "grouped"
    key = declare(*_KEY)
    chunk = declare("int", "the document's chunk")
    text_hash = declare("binary", "xxh3_128 of the text as it would be published")
    low = declare("binary", "the low byte of each sketch value")
    bands = declare("array<bigint>", "one hash a band")
    same_text = declare("binary", "key of the earliest document of equal text, its own or one of history")
    same_sketch = declare("binary", "key of the earliest of equal sketch, among those first of their text; null for all others")


class Members(Table):
    """Documents, first of their sketch, in the buckets that they share with another one."""

    name = "members"
    band = declare("int", "0, 1, ...")
    hash = declare("bigint", "the band's hash; with the band, the bucket")
    key = declare(*_KEY)
    low = declare("binary", "the low byte of each sketch value")
    is_leader = declare("boolean", "whether it is first in all the buckets it shares")


class Matches(Table):
    """Pairs of one bucket that are verified similar."""

    name = "matches"
    earlier = declare(*_KEY)
    later = declare(*_KEY)
    similarity = declare("double", "estimated Jaccard")


class Removed(Table):
    """Documents, first of their sketch, that are near duplicates."""

    name = "removed"
    later = declare(*_KEY)


class Decisions(Table):
    """Every candidate, and the kept document that stands for it: itself where it is kept."""

    name = "decisions"
    key = declare(*_KEY)
    chunk = declare("int", "the document's chunk")
    text_hash = declare("binary", "xxh3_128 of the text as it would be published")
    keeper = declare("binary", "key of the kept document")
    similarity = declare("double", "estimated Jaccard; 1 for itself and for exact duplicates")
    kind = declare("string", "exact or near; null for kept documents")
