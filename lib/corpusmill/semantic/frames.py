"""The columns of the frames that semantic deduplication passes through, declared like the tables of tables.py."""

from corpusmill.tables import SemanticDuplicates, Table, declare


class Located(Table):
    """Embedded documents and where they stand in the order."""

    name = "located"
    doc_id = SemanticDuplicates.doc_id
    snapshot = SemanticDuplicates.snapshot
    chunk = SemanticDuplicates.chunk
    key = declare("binary", "bytes whose order is the order of documents (dedup/order.py)")
    vector = declare("array<float>", "of length 1")


class Placed(Located):
    """Located documents, each in its cluster."""

    name = "placed"
    cluster = declare("int", "the number of the nearest centroid")
    place = declare("double", "what members are ordered by before their key, smallest first")
