"""The manifest: the one list of shards that readers trust, frozen in a JSON file that names its own digest."""

import hashlib
import json

from pydantic import ValidationError

from corpusmill.errors import NotReadyError, StoreError
from corpusmill.files import read_file, write_file
from corpusmill.paths import exists, join_path
from corpusmill.settings import Settings
from corpusmill.tokenizers.current import CurrentTokenizer

FOLDER = "shards"
"""Under store.files."""


class ShardEntry(Settings):
    """One shard, as in the `shards` table."""

    shard_id: str
    snapshot: str
    chunk: int
    path: str
    """Of the .bin and .idx without suffix, under store.files."""
    domain: str
    documents: int
    tokens: int
    dtype: str
    sha256: str
    """Of the .bin."""
    corpus_version: str
    """State of the corpus slice it was made from."""


class Manifest(Settings):
    """All shards of one corpus by one tokenizer, sorted by shard_id. Never changed: another corpus has another manifest."""

    version: int = 1
    corpus_version: str
    """sha256 over the states of the published slices."""
    tokenizer: CurrentTokenizer
    shards: tuple[ShardEntry, ...]

    @property
    def tokens(self) -> int:
        """Tokens over all shards."""
        return sum(shard.tokens for shard in self.shards)

    @property
    def documents(self) -> int:
        """Documents over all shards."""
        return sum(shard.documents for shard in self.shards)

    @property
    def digest(self) -> str:
        """sha256 of the manifest's own JSON: what a trainer's state and sample order depend on."""
        return hashlib.sha256(self._json()).hexdigest()

    def _json(self) -> bytes:
        return json.dumps(self.model_dump(), sort_keys=True, separators=(",", ":")).encode()


def manifest_path(files: str, digest: str = "") -> str:
    """Where the current manifest is, or the one of a digest; those stay, so that a run can be replayed on what it read."""
    return join_path(files, FOLDER, f"manifest-{digest[:16]}.json" if digest else "manifest.json")


def write_manifest(files: str, manifest: Manifest) -> None:
    """Write it under its digest, then make it the current one; each in one step."""
    content = {**manifest.model_dump(), "digest": manifest.digest}
    data = json.dumps(content, sort_keys=True, indent=1).encode()
    write_file(manifest_path(files, manifest.digest), data)
    write_file(manifest_path(files), data)


def read_manifest(files: str, digest: str = "") -> Manifest:
    """The current manifest under `files` (store.files), or the one of `digest`. Raises NotReadyError, or StoreError where it was altered."""
    path = manifest_path(files, digest)
    if not exists(path):
        raise NotReadyError(f"there is no manifest {path}: run write_shards first")
    try:
        content = json.loads(read_file(path))
        stated = content.pop("digest")
        manifest = Manifest.model_validate_json(json.dumps(content))
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise StoreError(f"{path} is not a manifest of this version: run write_shards again") from error
    if manifest.digest != stated:
        raise StoreError(f"{path} was altered after it was written: its digest is {manifest.digest}, it says {stated}")
    return manifest
