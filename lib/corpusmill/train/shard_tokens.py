"""The shards of a manifest as one stream of tokens, which is what the loader reads."""

import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpusmill.shards.manifest import Manifest, read_manifest
from corpusmill.shards.read import Shards


class ShardTokens:
    """A TokenSource over all shards, in manifest order, through memory maps; remote shards are copied to this machine's temporary folder."""

    def __init__(self, files: str, manifest: Manifest) -> None:
        """`files` is store.files."""
        self.total_tokens = manifest.tokens
        self.vocab_size = manifest.tokenizer.vocab_size
        self.pad_id = manifest.tokenizer.pad_id
        self.digest = manifest.digest
        stream = [manifest.tokenizer.sha256, [[shard.shard_id, shard.tokens] for shard in manifest.shards]]
        self.layout = hashlib.sha256(json.dumps(stream).encode()).hexdigest()
        self._shards = Shards(files, manifest, Path(tempfile.gettempdir()) / "corpusmill-shards")
        self._starts = np.cumsum([0] + [shard.tokens for shard in manifest.shards])
        """Where in the stream each shard begins, and where the last ends: [shards + 1]."""

    @staticmethod
    def open(files: str) -> "ShardTokens":
        """The tokens of the current manifest under store.files. Raises NotReadyError, StoreError."""
        return ShardTokens(files, read_manifest(files))

    def read(self, start: int, count: int) -> npt.NDArray[np.int64]:
        """Tokens [start, start + count), from as many shards as they lie in. Raises IndexError where they are not all there."""
        if not 0 <= start <= start + count <= self.total_tokens:
            raise IndexError(f"tokens {start} to {start + count} of {self.total_tokens}")
        tokens = np.empty(count, dtype=np.int64)
        number = int(np.searchsorted(self._starts, start, side="right")) - 1
        done = 0
        while done < count:
            first = start + done - int(self._starts[number])
            part = self._shards[number].tokens[first : first + count - done]
            tokens[done : done + len(part)] = part
            done += len(part)
            number += 1
        return tokens
