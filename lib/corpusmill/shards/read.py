"""Reads the shards of a manifest through memory maps, without Spark; remote ones through a local copy."""

import hashlib
import mmap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpusmill.errors import StoreError
from corpusmill.files import is_local, publish_file, staging_file
from corpusmill.paths import filesystem, join_path
from corpusmill.shards.format import ShardIndex, parse_index
from corpusmill.shards.manifest import Manifest, ShardEntry


class Shard:
    """One open shard: `tokens` maps the whole .bin (uint16 or int32), `document` is a slice of it without a copy."""

    def __init__(self, entry: ShardEntry, bin_path: Path, idx_path: Path) -> None:
        """Raises StoreError where the files and the manifest disagree on type, counts or size."""
        self.entry = entry
        self.index: ShardIndex = parse_index(_mapped(idx_path), str(idx_path))
        size = np.dtype(entry.dtype).itemsize
        found = (self.index.dtype, len(self.index.lengths), self.index.tokens, bin_path.stat().st_size)
        stated = (entry.dtype, entry.documents, entry.tokens, entry.tokens * size)
        if found != stated:
            raise StoreError(f"{bin_path} has (type, documents, tokens, bytes) {found}, its manifest says {stated}: run write_shards again")
        little = np.dtype(entry.dtype).newbyteorder("<")
        self.tokens: NDArray[np.integer] = np.memmap(bin_path, little, mode="r") if entry.tokens else np.zeros(0, little)
        self.first: NDArray[np.int64] = self.index.pointers // size
        """int64[documents]: offset of each document in tokens."""
        self._bin_path = bin_path

    def __len__(self) -> int:
        """Documents."""
        return self.entry.documents

    def document(self, position: int) -> NDArray[np.integer]:
        """Token ids of the document at `position`, a view of the map. Raises IndexError."""
        if not 0 <= position < len(self):
            raise IndexError(f"shard {self.entry.shard_id} has {len(self)} documents, there is no {position}")
        start = int(self.first[position])
        return self.tokens[start : start + int(self.index.lengths[position])]

    def verify(self) -> None:
        """Hash the .bin. Raises StoreError where it is not what was written."""
        digest = hashlib.sha256()
        with self._bin_path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        if digest.hexdigest() != self.entry.sha256:
            raise StoreError(f"{self._bin_path} was altered after it was written: run write_shards with pipeline.force=true")


class Shards:
    """The shards of one manifest, opened on first use."""

    def __init__(self, files: str, manifest: Manifest, cache: Path | None = None) -> None:
        """`files` is store.files. Remote shards are copied to `cache` once and kept: their names hold their content's hash."""
        self.manifest = manifest
        self._files = files
        self._cache = cache
        self._open: dict[int, Shard] = {}
        if not is_local(files) and cache is None:
            raise StoreError(f"shards at {files} are remote: name a local folder for their copies")

    def __len__(self) -> int:
        """Shards."""
        return len(self.manifest.shards)

    def __getitem__(self, number: int) -> Shard:
        """The shard at a place of the manifest. Raises StoreError where its files are missing or wrong, IndexError."""
        if number not in self._open:
            entry = self.manifest.shards[number]
            self._open[number] = Shard(entry, self._local(f"{entry.path}.bin"), self._local(f"{entry.path}.idx"))
        return self._open[number]

    def document(self, number: int, position: int) -> NDArray[np.integer]:
        """Token ids of one document."""
        return self[number].document(position)

    def verify(self) -> None:
        """Open every shard and hash it. Raises StoreError at the first that is not what was written."""
        for number in range(len(self)):
            self[number].verify()

    def _local(self, relative: str) -> Path:
        path = join_path(self._files, relative)
        found, inner = filesystem(path)
        if is_local(path):
            local = Path(inner)
        else:
            local = Path(self._cache or "", *relative.split("/"))
            if not local.exists() and found.exists(inner):
                staged = staging_file(str(local.parent))
                found.get_file(inner, str(staged))
                publish_file(staged, str(local))
        if not local.exists():
            raise StoreError(f"the manifest lists {path}, but there is no such file: run write_shards with pipeline.force=true")
        return local


def _mapped(path: Path) -> memoryview:
    """A file's bytes without reading them."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return memoryview(b"")
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
