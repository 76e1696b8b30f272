"""Who a document is: ids from what the record itself says, so that any path, machine, partitioning and retry gives the same one."""

import base64
import hashlib
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import xxhash

_PLAIN_HOST = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?=[/?#]|$)")
"""URLs whose host is seen at once, nearly all: urlsplit takes ten times as long."""


def record_id(warc_record_id: str) -> str:
    """The doc_id of a record by its WARC-Record-ID, as given but without the angle brackets."""
    return _hash(bare(warc_record_id))


def capture_id(url: str, date: str, digest: str) -> str:
    """The doc_id of a record without an id of its own: by its target URI, its date as given and the digest of its payload."""
    return _hash("\n".join(("capture", url, date, digest)))


def native_id(source: str, name: str) -> str:
    """The doc_id of a row by its id in its data set."""
    return _hash("\n".join(("source", source, name)))


def place_id(file: str, offset: int) -> str:
    """The doc_id of a row that has none: by the base name of its file and its offset there."""
    return _hash("\n".join(("place", file, str(offset))))


def _hash(key: str) -> str:
    # JSON may carry lone surrogates, which UTF-8 cannot: xxhash is given bytes, always.
    return xxhash.xxh3_128_hexdigest(key.encode("utf-8", errors="surrogatepass"))


def bare(value: str) -> str:
    """Without the angle brackets that WARC puts round ids, and wget 1.20 round URIs too."""
    return value.strip().removeprefix("<").removesuffix(">")


def payload_digest(payload: bytes | bytearray | memoryview) -> str:
    """`sha1:` and base32, as WARC-Payload-Digest is written."""
    return "sha1:" + base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def text_digest(text: bytes) -> bytes:
    """sha256 of the stored UTF-8, 32 bytes."""
    return hashlib.sha256(text).digest()


def host_of(url: str | None) -> str | None:
    """The host of a URL in lower case, without user and port; None where there is none."""
    if not url:
        return None
    if plain := _PLAIN_HOST.match(url):
        return plain.group(1)
    try:
        return urlsplit(url).hostname or None
    except ValueError:
        return None


def moment(date: str | None) -> datetime | None:
    """An ISO 8601 date, or the 14 digits of an ARC file, as UTC; None where it is neither."""
    if not date:
        return None
    try:
        if len(date) == 14 and date.isdigit():
            return datetime.strptime(date, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        found = datetime.fromisoformat(date)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
