"""The total order of documents as 24 bytes: a global row number would need one partition."""

import struct
from collections.abc import Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

DEFAULT_ORDER = ("snapshot", "-words")
"""Terms that `dedup.order` does not name come behind those that it does, in this order: so a key is of one document alone."""
_MOST = 2**32 - 1
_HEX_DIGITS = 8
_DOC_ID_START = 8


def terms(order: Sequence[str]) -> list[str]:
    """Both terms of the order, with those that were not named."""
    named = {term.removeprefix("-") for term in order}
    return [*order, *(term for term in DEFAULT_ORDER if term.removeprefix("-") not in named)]


def order_key(ordinal: int, words: int, doc_id: str, order: Sequence[str] = DEFAULT_ORDER) -> bytes:
    """Two u32, big-endian, and the 16 bytes of `doc_id` (32 hex characters); by default the snapshot's ordinal and 2^32-1-words."""
    values = {"snapshot": ordinal, "words": min(words, _MOST)}
    parts = [_MOST - values[term[1:]] if term.startswith("-") else values[term] for term in terms(order)]
    return struct.pack(">II", *parts) + bytes.fromhex(doc_id)


def order_key_column(ordinal: Column | int, words: Column, doc_id: Column, order: Sequence[str] = DEFAULT_ORDER) -> Column:
    """`order_key` in SQL. A doc_id that is not 32 hex characters is an error, as a null key would lose the document in silence."""
    values = {"snapshot": F.lit(ordinal).cast("bigint"), "words": F.least(words, F.lit(_MOST))}
    parts = [F.lit(_MOST) - values[term[1:]] if term.startswith("-") else values[term] for term in terms(order)]
    key = F.unhex(F.concat(*(F.lpad(F.hex(part), _HEX_DIGITS, "0") for part in parts), doc_id))
    message = F.concat(F.lit("doc_id must be 32 hexadecimal characters, got "), doc_id)
    return F.when(doc_id.rlike("^[0-9a-f]{32}$"), key).otherwise(F.raise_error(message).cast("binary"))


def doc_id_column(key: Column) -> Column:
    """The doc_id inside a key."""
    return F.lower(F.hex(F.substring(key, _DOC_ID_START + 1, 16)))
