"""Lists of hosts, addresses and words: read as they are published, compiled on the driver into one small file each that workers map."""

import gzip
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.dataset as pads
import xxhash
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from corpusmill.errors import ConfigError, InputError
from corpusmill.files import is_local, read_file, write_file
from corpusmill.ingest.urls import normal_host, parse_url, words_of
from corpusmill.paths import absolute_path, exists, filesystem, fsspec_path, join_path
from corpusmill.settings import IngestSettings, UrlListSettings

Hashes = npt.NDArray[np.uint64]
_COLUMNS = ("list", "entry")
_NO_ENTRY = "ingest.url_lists: {0.name}: {0.path} has no entry of kind {0.kind}"
_LINES = 1_048_576
"""Characters of lines read at a time."""
_COMPILED = ".npy"
_PLAIN_HOSTS = re.compile(r"(?:[a-z0-9_-]++(?:\.[a-z0-9_-]++)*+\n)*+")
"""Lines that are hosts as they are compared: nearly all of a list, which then takes a sixth of the time (200,000 made-up hosts)."""


def key_hash(key: str) -> int:
    """What stands for a key in a compiled list, xxh3_64: that a URL meets one of 5 million by chance happens once in 4 * 10**12 look-ups."""
    return xxhash.xxh3_64_intdigest(key.encode("utf-8", "surrogatepass"))


def _word(entry: str) -> str:
    return "".join(words_of(entry))


_KEYS: dict[str, Callable[[str], str]] = {
    "domains": lambda entry: parse_url(entry).host if "/" in entry else normal_host(entry),
    "urls": lambda entry: next(parse_url(entry).folders()),
    "words": _word,
    "soft_words": _word,
    "substrings": _word,
}
"""An entry in the spelling in which URLs are compared; "" for one that names nothing."""


def check_lists(settings: IngestSettings) -> None:
    """Raises InputError for a list that is not there or a table without its columns, ConfigError where everything would be denied."""
    for list_ in settings.url_lists:
        _find(list_)
    if settings.unlisted_urls == "deny" and not any(list_.action == "allow" for list_ in settings.url_lists):
        raise ConfigError("ingest.unlisted_urls=deny keeps what allow lists name, and ingest.url_lists has none: add one with action=allow")


def compile_lists(settings: IngestSettings, files: str) -> IngestSettings:
    """The settings with each list's path that of a file under `files` (store.files) that is named by its content.

    Raises InputError as `check_lists` does, and for a list without any entry.
    """
    compiled = [list_.model_copy(update={"path": _compile(list_, files)}) for list_ in settings.url_lists]
    return settings.model_copy(update={"url_lists": tuple(compiled)})


def load_hashes(list_: UrlListSettings) -> Hashes:
    """The hashes of a list's keys, ascending: mapped where it is a compiled file on this machine, else in memory. Raises InputError."""
    if not list_.path.endswith(_COMPILED):
        return _hashes(list_)
    if is_local(list_.path):
        mapped: Hashes = np.load(filesystem(list_.path)[1], mmap_mode="r")
        return mapped.view(np.ndarray)
    loaded: Hashes = np.load(io.BytesIO(read_file(list_.path)))
    return loaded


def load_substrings(list_: UrlListSettings) -> list[str]:
    """The keys of a list of substrings, sorted. Raises InputError."""
    found = {key for lines in _entries(list_) for key in _keys(list_.kind, lines)}
    if not found:
        raise InputError(_NO_ENTRY.format(list_))
    return sorted(found)


def _compile(list_: UrlListSettings, files: str) -> str:
    if list_.kind == "substrings":
        content, suffix = "\n".join(load_substrings(list_)).encode(), ".txt"
    else:
        buffer, suffix = io.BytesIO(), _COMPILED
        np.save(buffer, _hashes(list_))
        content = buffer.getvalue()
    path = join_path(absolute_path(files), "url_lists", hashlib.sha256(content).hexdigest() + suffix)
    if not exists(path):
        write_file(path, content)
    return path


def _hashes(list_: UrlListSettings) -> Hashes:
    parts = []
    for lines in _entries(list_):
        if keys := _keys(list_.kind, lines):
            encoded = "\n".join(keys).encode().split(b"\n")
            parts.append(np.fromiter(map(xxhash.xxh3_64_intdigest, encoded), np.uint64, len(encoded)))
    if not parts:
        raise InputError(_NO_ENTRY.format(list_))
    hashes = np.sort(np.concatenate(parts))
    # np.unique hashes them once more, which takes three times as long.
    distinct: Hashes = hashes[np.append(True, hashes[1:] != hashes[:-1])]
    return distinct


def _keys(kind: str, lines: list[str]) -> list[str]:
    if kind == "domains" and _PLAIN_HOSTS.fullmatch("\n".join([*lines, ""])):
        return lines
    return [key for line in lines if (key := _KEYS[kind](line))]


def _entries(list_: UrlListSettings) -> Iterator[list[str]]:
    """The entries of a list, some at a time."""
    found = _find(list_)
    if isinstance(found, str):
        yield from _lines(found)
        return
    of_list = found.to_batches(columns=["entry"], filter=pads.field("list") == list_.name)
    for batch in of_list:
        yield _stated(str(entry) for entry in batch.column("entry").drop_null().to_pylist())


def _lines(path: str) -> Iterator[list[str]]:
    found, inner = filesystem(path)
    with found.open(inner, "rb") as file:
        start = file.read(2)
        file.seek(0)
        with gzip.open(file) if start == b"\x1f\x8b" else file as opened:
            try:
                while lines := opened.readlines(_LINES):
                    yield _stated(line.decode("utf-8", "replace") for line in lines)
            except (OSError, EOFError) as error:
                raise InputError(f"ingest.url_lists: {path} cannot be read: {error}") from error


def _stated(lines: Iterable[str]) -> list[str]:
    """Without blank lines and comments."""
    return [line for found in lines if (line := found.strip()) and line[0] != "#"]


def _find(list_: UrlListSettings) -> "str | pads.Dataset":
    """The text file or the table that a list is in. Raises InputError."""
    where = f"ingest.url_lists: {list_.name}:"
    found, inner = filesystem(list_.path)
    if not found.exists(inner):
        raise InputError(f"{where} there is no {list_.path}")
    if not found.isdir(inner):
        return _with_columns(_parquet(found, inner), list_) if inner.endswith((".parquet", ".parq")) else list_.path
    for parts in ((list_.kind,), (list_.name, list_.kind)):
        for name in (parts[-1], f"{parts[-1]}.gz"):
            path = join_path(list_.path, *parts[:-1], name)
            if exists(path):
                return path
    if found.exists(join_path(inner, "_delta_log")):
        try:
            return _with_columns(DeltaTable(fsspec_path(list_.path)).to_pyarrow_dataset(), list_)
        except (DeltaError, OSError) as error:
            raise InputError(f"{where} {list_.path} cannot be read as a Delta table: {str(error).splitlines()[0]}") from error
    if found.glob(join_path(inner, "*.parquet")):
        return _with_columns(_parquet(found, inner), list_)
    raise InputError(f"{where} {list_.path} has no file {list_.kind} or {list_.name}/{list_.kind} and is no table")


def _parquet(found: Any, inner: str) -> pads.Dataset:  # noqa: ANN401 - fsspec has no types
    try:
        return pads.dataset(inner, filesystem=found, format="parquet", partitioning="hive")
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"ingest.url_lists: {inner} cannot be read as Parquet: {str(error).splitlines()[0]}") from error


def _with_columns(table: pads.Dataset, list_: UrlListSettings) -> pads.Dataset:
    missing: Sequence[str] = [column for column in _COLUMNS if column not in table.schema.names]
    if missing:
        raise InputError(f"ingest.url_lists: {list_.name}: {list_.path} has no column {' and no column '.join(missing)}")
    return table
