"""Small real shards with their manifest, written as write_shards does."""

import hashlib
from pathlib import Path

import numpy as np
from corpusmill.shards.format import ShardWriter
from corpusmill.shards.manifest import Manifest, ShardEntry, write_manifest
from corpusmill.tokenizers.current import CurrentTokenizer

VOCAB, PAD = 64, 3


def write_shard_files(files: str, sizes: list[int], seed: int = 0, masked: tuple[int, int] | None = None) -> np.ndarray:
    """Shards of `sizes` tokens in documents of up to 50; with tokens [masked) of the stream as pad. The stream."""
    folder = Path(files) / "shards"
    folder.mkdir(parents=True, exist_ok=True)
    stream = np.random.default_rng(seed).integers(4, VOCAB, sum(sizes)).astype(np.int32)
    if masked:
        stream[slice(*masked)] = PAD
    entries, start = [], 0
    for number, size in enumerate(sizes):
        part = stream[start : start + size]
        start += size
        path = f"shards/web-{number:05d}-{hashlib.sha256(part.tobytes()).hexdigest()[:8]}"
        writer = ShardWriter(Path(files) / f"{path}.bin", Path(files) / f"{path}.idx", VOCAB)
        for first in range(0, size, 50):
            document = part[first : first + 50]
            writer.add(document, np.array([len(document)]))
        made = writer.close()
        entries.append(
            ShardEntry(
                shard_id=f"web/{number:05d}", snapshot="default", chunk=0, path=path, domain="web", documents=-(-size // 50), tokens=size,
                dtype="uint16", sha256=made.sha256, corpus_version="c",
            )
        )  # fmt: skip
    tokenizer = CurrentTokenizer(
        sha256="t", path="tokenizers/t", vocab_size=VOCAB, unk_id=0, bos_id=1, eos_id=2, pad_id=PAD, begins_with_bos=False
    )
    write_manifest(files, Manifest(corpus_version="c", tokenizer=tokenizer, shards=tuple(entries)))
    return stream
