"""What tables share: the columns that name a document and its slice, and a base for those with one row a document."""

from corpusmill.table import Table, declare

DOC_ID = ("string", "32 hex characters, from the record's own id where it has one")
SNAPSHOT = ("string", "the crawl or release it came with")
CHUNK = ("int", "the group of files that is written and resumed as one")
DIGEST = ("binary", "sha256 of the stored text in UTF-8")
EDITS = (
    "array<struct<start:bigint,end:bigint,replacement:string,reason:string>>",
    "spans of bytes to replace, by start; replacement null deletes",
)


class PerDocument(Table):
    """What every table with one row a document shares."""

    primary_key = ("snapshot", "doc_id")
    partitioned_by = ("snapshot", "chunk")
    doc_id = declare(*DOC_ID)
    snapshot = declare(*SNAPSHOT)
    chunk = declare(*CHUNK)
