"""The columns of the scratch tables and frames that deduplication passes through, declared like the tables of tables.py."""

from corpusmill.tables import Column, Table

_KEY = ("binary", "24 bytes whose order is the order of documents (order.py)")


def _column(type_: str, doc: str) -> Column:
    """A column that `Table` names after its attribute."""
    return Column("", type_, doc)


class Frame(Table):
    """A frame that is never one of the store's own tables."""

    @classmethod
    def ddl(cls) -> str:
        """The schema as mapInArrow takes it."""
        return ", ".join(f"`{column}` {column.type}" for column in cls.columns())


class Candidates(Frame):
    """The documents of one snapshot that judge keeps, narrow."""

    name = "candidates"
    key = _column(*_KEY)
    chunk = _column("int", "the document's chunk")
    text_hash = _column("binary", "xxh3_128 of the text as it would be published")
    low = _column("binary", "the low byte of each sketch value; empty when the text is too short for a sketch")
    bands = _column("array<bigint>", "one hash a band; empty with the sketch")


class Grouped(Frame):
    """Candidates, and the earliest document that each one equals."""

    name = "grouped"
    key = _column(*_KEY)
    chunk = _column("int", "the document's chunk")
    text_hash = _column("binary", "xxh3_128 of the text as it would be published")
    low = _column("binary", "the low byte of each sketch value")
    bands = _column("array<bigint>", "one hash a band")
    same_text = _column("binary", "key of the earliest document of equal text, its own or one of history")
    same_sketch = _column("binary", "key of the earliest of equal sketch, among those first of their text; null for all others")


class Members(Frame):
    """Documents, first of their sketch, in the buckets that they share with another one."""

    name = "members"
    band = _column("int", "0, 1, ...")
    hash = _column("bigint", "the band's hash; with the band, the bucket")
    key = _column(*_KEY)
    low = _column("binary", "the low byte of each sketch value")
    is_leader = _column("boolean", "whether it is first in all the buckets it shares")


class Matches(Frame):
    """Pairs of one bucket that are verified similar."""

    name = "matches"
    earlier = _column(*_KEY)
    later = _column(*_KEY)
    similarity = _column("double", "estimated Jaccard")


class Removed(Frame):
    """Documents, first of their sketch, that are near duplicates."""

    name = "removed"
    later = _column(*_KEY)


class Decisions(Frame):
    """Every candidate, and the kept document that stands for it: itself where it is kept."""

    name = "decisions"
    key = _column(*_KEY)
    chunk = _column("int", "the document's chunk")
    text_hash = _column("binary", "xxh3_128 of the text as it would be published")
    keeper = _column("binary", "key of the kept document")
    similarity = _column("double", "estimated Jaccard; 1 for itself and for exact duplicates")
    kind = _column("string", "exact or near; null for kept documents")
