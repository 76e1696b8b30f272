"""The rules of ingest.index as functions of a column of the index, each with what statistics of that column exclude."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from corpusmill.errors import ConfigError
from corpusmill.files import is_local
from corpusmill.paths import filesystem
from corpusmill.settings import IndexSettings

_HASHES = 2**64


def _always(_low: Any, _high: Any) -> bool:  # noqa: ANN401 - of any type
    return True


@dataclass(frozen=True)
class IndexRule:
    """A rule that is set."""

    columns: tuple[str, ...]
    """What it looks at: the first of these that is not null. One of them must be there."""
    type: pa.DataType
    keeps: Callable[[pa.Array], pa.Array]
    """Which values pass, true or false; what is null does not."""
    may_hold: Callable[[Any, Any], bool] = _always
    """Whether a value between the two, the least and the greatest of `bounded` in a row group, may pass."""
    bounded: str = ""


def index_rules(settings: IndexSettings) -> list[IndexRule]:
    """The rules that are set, those that look at short columns first."""
    return list(_rules(settings))


def check_index(settings: IndexSettings) -> None:
    """Raises ConfigError for an expression that RE2 does not know and a base that is a folder which is not there."""
    try:
        pc.match_substring_regex(pa.array([""]), settings.url_regex)
    except pa.ArrowInvalid as error:
        raise ConfigError(
            f"ingest.index.url_regex: {str(error)[0].lower()}{str(error)[1:]} (RE2 has no look-around and no backreferences)"
        ) from None
    if is_local(settings.base) and not Path(filesystem(settings.base)[1]).is_dir():
        raise ConfigError(f"ingest.index.base: there is no folder {settings.base}")


def _rules(settings: IndexSettings) -> Iterator[IndexRule]:
    if settings.statuses:
        yield _one_of("fetch_status", pa.int64(), settings.statuses)
    if settings.min_length or settings.max_length:
        least, most = settings.min_length, settings.max_length or 2**63 - 1
        yield IndexRule(
            ("warc_record_length",),
            pa.int64(),
            lambda values: pc.and_(pc.greater_equal(values, least), pc.less_equal(values, most)),
            lambda low, high: bool(high >= least and low <= most),
            "warc_record_length",
        )
    if settings.domains:
        yield _one_of("url_host_registered_domain", pa.string(), [domain.lower() for domain in settings.domains])
    if settings.languages:
        # A code has three letters, so that the first three are the first language.
        first = pa.array(settings.languages)
        yield IndexRule(
            ("content_languages",),
            pa.string(),
            lambda values: pc.is_in(pc.utf8_slice_codeunits(values, 0, 3), first),
            _reaches(settings.languages, 3),
            "content_languages",
        )
    if settings.mime_types:
        types = pa.array([name.lower() for name in settings.mime_types])
        yield IndexRule(("content_mime_detected", "content_mime_type"), pa.string(), lambda values: pc.is_in(values, types))
    if settings.host_suffixes:
        suffixes = frozenset(suffix.lower().strip(".") for suffix in settings.host_suffixes)
        tops = {suffix.rpartition(".")[2] for suffix in suffixes}
        # An address has no top-level domain.
        bounded = "" if any(top.isdigit() or not top for top in tops) else "url_host_tld"
        yield IndexRule(("url_host_name",), pa.string(), lambda hosts: _below(hosts, suffixes), _reaches(tops), bounded)
    if settings.url_regex:
        yield IndexRule(("url",), pa.string(), lambda urls: pc.match_substring_regex(urls, settings.url_regex))
    if settings.sample < 1:
        yield IndexRule(("url",), pa.string(), lambda urls: _sampled(urls, settings.sample))


def _one_of(column: str, kind: pa.DataType, values: Collection[Any]) -> IndexRule:
    kept = pa.array(values, kind)
    return IndexRule((column,), kind, lambda found: pc.is_in(found, kept), _reaches(values), column)


def _reaches(values: Collection[Any], characters: int | None = None) -> Callable[[Any, Any], bool]:
    """Whether one of the values is within bounds; `characters`: how many of a longer text count."""
    if characters is None:
        return lambda low, high: any(low <= value <= high for value in values)
    return lambda low, high: any(low[:characters] <= value <= high for value in values)


def _below(hosts: pa.Array, suffixes: frozenset[str]) -> pa.Array:
    """Hosts that are a suffix or end with one after a dot. The index is sorted by host, so a batch has few."""
    different = [host for host in pc.unique(hosts).to_pylist() if host]
    return pc.is_in(hosts, pa.array([host for host in different if any(end in suffixes for end in _ends(host))], pa.string()))


def _ends(host: str) -> Iterator[str]:
    rest = host
    while rest:
        yield rest
        rest = rest.partition(".")[2]


def _sampled(urls: pa.Array, share: float) -> pa.Array:
    hashes = (None if url is None else xxhash.xxh3_64_intdigest(url) for url in urls.cast(pa.binary()).to_pylist())
    return pa.array([value is not None and value < share * _HASHES for value in hashes], pa.bool_())
