"""The columns of the scratch tables that passages go through, declared like the tables of tables.py."""

from corpusmill.bit_filter import HASH
from corpusmill.per_document import CHUNK, DIGEST, DOC_ID, EDITS, SNAPSHOT
from corpusmill.table import Table, declare

_KEY = ("binary", "24 bytes whose order is the order of documents (dedup/order.py)")
_KIND = ("int", "its place in KINDS of units.py")


class LookedAt(Table):
    """The documents that are still in, and what of them is cut off before passages are looked for."""

    name = "looked_at"
    doc_id = declare(*DOC_ID)
    snapshot = declare(*SNAPSHOT)
    chunk = declare(*CHUNK)
    text_digest = declare(*DIGEST)
    key = declare(*_KEY)
    edits = declare(*EDITS)


class Screens(Table):
    """The screens of all passages (units.py), so often as they say."""

    name = "screens"
    hash = declare("bigint", "the screen")


class Candidates(Table):
    """Passages whose screen seems to be another one's too."""

    name = "candidates"
    hash = declare("bigint", "first half of what equal passages have in common")
    second = declare("bigint", "its second half")
    key = declare(*_KEY)
    kind = declare(*_KIND)
    start = declare("bigint", "byte of the stored text")
    end = declare("bigint", "byte after it")


class Repeats(Table):
    """What is to be deleted; those that a scan merges do not touch."""

    name = "repeats"
    key = declare(*_KEY)
    kind = declare(*_KIND)
    start = declare("bigint", "byte of the stored text")
    end = declare("bigint", "byte after it")


assert Screens.hash == HASH
