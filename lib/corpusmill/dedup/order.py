"""The total order of documents, (snapshot, -words, doc_id), as 24 bytes: a global row number would need one partition."""

import struct

from pyspark.sql import Column
from pyspark.sql import functions as F

_MOST_WORDS = 2**32 - 1
_ORDINAL_BYTES = 4
_DOC_ID_START = 8


def order_key(ordinal: int, words: int, doc_id: str) -> bytes:
    """Big-endian ordinal of the snapshot u32, 2^32-1-words u32, and the 16 bytes of `doc_id` (32 hex characters)."""
    return struct.pack(">II", ordinal, _MOST_WORDS - min(words, _MOST_WORDS)) + bytes.fromhex(doc_id)


def ordinal_prefix(ordinal: int) -> bytes:
    """The 4 bytes that all keys of a snapshot begin with."""
    return struct.pack(">I", ordinal)


def order_key_column(ordinal: int, words: Column, doc_id: Column) -> Column:
    """`order_key` in SQL. A doc_id that is not 32 hex characters is an error, as a null key would lose the document in silence."""
    rest = F.lpad(F.hex(F.lit(_MOST_WORDS) - F.least(words, F.lit(_MOST_WORDS))), 2 * _ORDINAL_BYTES, "0")
    key = F.unhex(F.concat(F.lit(ordinal_prefix(ordinal).hex()), rest, doc_id))
    message = F.concat(F.lit("doc_id must be 32 hexadecimal characters, got "), doc_id)
    return F.when(doc_id.rlike("^[0-9a-f]{32}$"), key).otherwise(F.raise_error(message).cast("binary"))


def doc_id_column(key: Column) -> Column:
    """The doc_id inside a key."""
    return F.lower(F.hex(F.substring(key, _DOC_ID_START + 1, 16)))
