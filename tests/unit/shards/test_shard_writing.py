"""One task's shards: batch borders change nothing, a broken task leaves nothing, and domains cannot leave the folder."""

import hashlib

import numpy as np
import pyarrow as pa
import pytest
from corpusmill.errors import StoreError
from corpusmill.shards.written import SCHEMA, ShardTask

TASK = {"vocab_size": 100, "corpus_version": "v1"}


def rows(domain="web", number=0, documents=4, tokenizer="t"):
    shard_id = f"{domain}/default/00000/{number:05d}"
    return [
        {
            "domain": domain, "doc_id": f"{domain}{number}-{i}", "snapshot": "default", "chunk": 0, "tokens": [*range(3, 3 + i), 2],
            "n_tokens": i + 1, "tokenizer": tokenizer, "number": number, "shard_id": shard_id,
        }
        for i in range(documents)
    ]  # fmt: skip


def batches(records, size):
    schema = pa.schema(
        [("domain", pa.string()), ("doc_id", pa.string()), ("snapshot", pa.string()), ("chunk", pa.int32()), ("tokens", pa.list_(pa.int32())),
         ("n_tokens", pa.int64()), ("tokenizer", pa.string()), ("number", pa.int32()), ("shard_id", pa.string())]
    )  # fmt: skip
    return pa.Table.from_pylist(records, schema).to_batches(max_chunksize=size)


def run(folder, records, size=3):
    out = list(ShardTask(files=str(folder), **TASK)(iter(batches(records, size))))
    table = pa.Table.from_batches(out, SCHEMA).to_pylist()
    return [r for r in table if r["path"]], [r for r in table if r["position"] is not None]


RECORDS = rows("code") + rows("web", 0, 7) + rows("web", 1, 1)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_batch_borders_change_nothing(tmp_path, size):
    shards, documents = run(tmp_path, RECORDS, size)
    assert [(s["shard_id"], s["documents"], s["tokens"]) for s in shards] == [
        ("code/default/00000/00000", 4, 10),
        ("web/default/00000/00000", 7, 28),
        ("web/default/00000/00001", 1, 1),
    ]
    assert [d["doc_id"] for d in documents] == [r["doc_id"] for r in RECORDS]
    for shard in shards:
        data = (tmp_path / f"{shard['path']}.bin").read_bytes()
        assert hashlib.sha256(data).hexdigest() == shard["sha256"]
        assert shard["path"].endswith(shard["sha256"][:16])
        tokens = np.frombuffer(data, shard["dtype"])
        for document in (d for d in documents if d["shard_id"] == shard["shard_id"]):
            source = next(r for r in RECORDS if r["doc_id"] == document["doc_id"])
            first = document["first_token"]
            assert tokens[first : first + document["n_tokens"]].tolist() == source["tokens"]


def test_a_repeated_task_writes_the_same_files(tmp_path):
    first = run(tmp_path, RECORDS)
    files = {p: p.read_bytes() for p in tmp_path.rglob("*.bin")}
    assert run(tmp_path, RECORDS, 1)[0] == first[0]
    assert {p: p.read_bytes() for p in tmp_path.rglob("*.bin")} == files
    assert not list((tmp_path / "shards" / "_staging").iterdir())


def test_other_content_has_another_name(tmp_path):
    old, _ = run(tmp_path, RECORDS)
    new, _ = run(tmp_path, [*RECORDS[:-1], {**RECORDS[-1], "tokens": [9, 2], "n_tokens": 2}])
    assert new[2]["path"] != old[2]["path"]
    assert (tmp_path / f"{old[2]['path']}.bin").exists()


def test_a_task_that_breaks_off_leaves_no_shard(tmp_path):
    bad = [*rows("web", 0, 3), {**rows("web", 0, 4)[3], "tokens": [100, 2]}]
    with pytest.raises(StoreError, match="token 100 is outside"):
        run(tmp_path, bad, 2)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_two_tokenizers_do_not_share_a_shard(tmp_path):
    with pytest.raises(StoreError, match="tokens of two tokenizers"):
        run(tmp_path, rows("web", 0, 2) + rows("web", 0, 2, tokenizer="u"))


@pytest.mark.parametrize("domain", ["../../etc", "a/b", "..", "", "网页", "%2F"])
def test_a_domain_from_the_data_cannot_leave_the_folder(tmp_path, domain):
    shards, _ = run(tmp_path / "files", rows(domain))
    path = (tmp_path / "files" / f"{shards[0]['path']}.bin").resolve()
    assert path.parent == (tmp_path / "files" / "shards" / "default" / "00000").resolve()
    assert path.exists()
