"""Readers trust the manifest alone, and notice every way in which files differ from it."""

import json

import numpy as np
import pytest
from corpusmill.errors import NotReadyError, StoreError
from corpusmill.shards.format import ShardWriter
from corpusmill.shards.manifest import Manifest, ShardEntry, manifest_path, read_manifest, write_manifest
from corpusmill.shards.read import Shards
from corpusmill.tokenizers.current import CurrentTokenizer

TOKENIZER = CurrentTokenizer(
    sha256="ab", path="tokenizers/ab/tokenizer.model", vocab_size=100, unk_id=0, bos_id=1, eos_id=2, pad_id=3, begins_with_bos=False
)
DOCUMENTS = ([5, 6, 2], [2], [7, 8, 9, 2])


def write(files, name="web/default/00000/00000", documents=DOCUMENTS, vocab_size=100):
    folder = files / "shards"
    folder.mkdir(parents=True, exist_ok=True)
    stem = name.replace("/", "-")
    writer = ShardWriter(folder / f"{stem}.bin", folder / f"{stem}.idx", vocab_size)
    for document in documents:
        writer.add(np.array(document), np.array([len(document)]))
    done = writer.close()
    return ShardEntry(
        shard_id=name, snapshot="default", chunk=0, path=f"shards/{stem}", domain="web", documents=done.documents, tokens=done.tokens,
        dtype=writer.dtype, sha256=done.sha256, corpus_version="v",
    )  # fmt: skip


@pytest.fixture
def manifest(tmp_path):
    made = Manifest(corpus_version="c", tokenizer=TOKENIZER, shards=(write(tmp_path), write(tmp_path, "web/default/00000/00001", [])))
    write_manifest(str(tmp_path), made)
    return made


@pytest.mark.parametrize("vocab_size", [100, 70_000])
def test_documents_come_back(tmp_path, vocab_size):
    made = Manifest(corpus_version="c", tokenizer=TOKENIZER, shards=(write(tmp_path, vocab_size=vocab_size),))
    shards = Shards(str(tmp_path), made)
    shards.verify()
    assert [shards.document(0, i).tolist() for i in range(3)] == list(DOCUMENTS)
    assert isinstance(shards[0].tokens, np.memmap)
    with pytest.raises(IndexError):
        shards.document(0, 3)
    with pytest.raises(IndexError):
        shards.document(0, -1)


def test_manifest_round_trip_and_counts(tmp_path, manifest):
    read = read_manifest(str(tmp_path))
    assert read == manifest
    assert read_manifest(str(tmp_path), manifest.digest) == manifest
    assert (read.tokens, read.documents, len(read.shards)) == (8, 3, 2)
    assert len(Shards(str(tmp_path), read)[1]) == 0


def test_another_corpus_leaves_the_old_manifest_readable(tmp_path, manifest):
    write_manifest(str(tmp_path), manifest.model_copy(update={"corpus_version": "d"}))
    assert read_manifest(str(tmp_path)).corpus_version == "d"
    assert read_manifest(str(tmp_path), manifest.digest) == manifest


def test_an_altered_manifest_is_refused(tmp_path, manifest):
    path = tmp_path / "shards" / "manifest.json"
    content = json.loads(path.read_text())
    content["shards"][0]["tokens"] += 1
    path.write_text(json.dumps(content))
    with pytest.raises(StoreError, match="was altered after it was written"):
        read_manifest(str(tmp_path))
    path.write_text("[]")
    with pytest.raises(StoreError, match="not a manifest of this version"):
        read_manifest(str(tmp_path))


def test_no_manifest(tmp_path):
    with pytest.raises(NotReadyError, match="run write_shards first"):
        read_manifest(str(tmp_path))
    assert manifest_path("s3://b/files").startswith("s3://b/files/shards/")


def test_missing_short_and_altered_files(tmp_path, manifest):
    path = tmp_path / f"{manifest.shards[0].path}.bin"
    data = path.read_bytes()
    path.write_bytes(data[:-2] + b"\x01\x00")
    with pytest.raises(StoreError, match="was altered"):
        Shards(str(tmp_path), manifest).verify()
    path.write_bytes(data[:-2])
    with pytest.raises(StoreError, match="its manifest says"):
        Shards(str(tmp_path), manifest)[0]
    path.unlink()
    with pytest.raises(StoreError, match="there is no such file"):
        Shards(str(tmp_path), manifest)[0]


def test_remote_shards_are_copied_once(tmp_path, manifest):
    import fsspec

    remote = fsspec.filesystem("memory")
    for path in (tmp_path / "shards").glob("*.*"):
        remote.pipe_file(f"/bucket/shards/{path.name}", path.read_bytes())
    with pytest.raises(StoreError, match="name a local folder"):
        Shards("memory://bucket", manifest)
    shards = Shards("memory://bucket", read_manifest("memory://bucket"), tmp_path / "cache")
    shards.verify()
    assert shards.document(0, 2).tolist() == DOCUMENTS[2]
    remote.rm("/bucket/shards", recursive=True)
    assert Shards("memory://bucket", manifest, tmp_path / "cache").document(0, 0).tolist() == DOCUMENTS[0]
