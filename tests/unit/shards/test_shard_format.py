"""Shard files: what is written is what is read, ids never wrap, and a damaged index is one line."""

import numpy as np
import pytest
from corpusmill.errors import StoreError
from corpusmill.shards.format import ShardWriter, index_bytes, parse_index


def written(tmp_path, documents, vocab_size):
    writer = ShardWriter(tmp_path / "s.bin", tmp_path / "s.idx", vocab_size)
    for document in documents:
        writer.add(np.array(document, np.int32), np.array([len(document)]))
    return writer.close()


@pytest.mark.parametrize(("vocab_size", "token"), [(65_499, 65_498), (65_500, 65_499), (70_001, 70_000), (2**31 - 1, 2**31 - 2)])
def test_the_greatest_id_comes_back(tmp_path, vocab_size, token):
    shard = written(tmp_path, [[token, 2], [0]], vocab_size)
    index = parse_index(shard.idx.read_bytes(), "s.idx")
    assert np.fromfile(shard.bin, index.dtype).tolist() == [token, 2, 0]
    assert index.lengths.tolist() == [2, 1]


@pytest.mark.parametrize("token", [100, -1, 65_536 + 5])
def test_an_id_outside_the_vocabulary_is_an_error_and_never_wraps(tmp_path, token):
    with pytest.raises(StoreError, match=f"token {token} is outside the vocabulary of 100"):
        written(tmp_path, [[1, token]], 100)


def test_a_shard_without_documents(tmp_path):
    shard = written(tmp_path, [], 100)
    index = parse_index(shard.idx.read_bytes(), "s.idx")
    assert (shard.tokens, index.tokens, len(index.lengths), shard.idx.stat().st_size) == (0, 0, 0, 42)


def test_an_empty_document_keeps_its_place(tmp_path):
    shard = written(tmp_path, [[1, 2], [], [3]], 100)
    index = parse_index(shard.idx.read_bytes(), "s.idx")
    assert index.lengths.tolist() == [2, 0, 1]
    assert index.pointers.tolist() == [0, 4, 4]


def damaged():
    good = index_bytes(np.array([3, 4], np.int32), "uint16")
    pointers = 34 + 4 * 2
    return [
        pytest.param(b"", "not a Megatron index", id="empty"),
        pytest.param(b"NOTMMIDX\0" + good[9:], "not a Megatron index", id="magic"),
        pytest.param(good[:9] + b"\x02" + good[10:], "version 2", id="version"),
        pytest.param(good[:17] + b"\x05" + good[18:], "type code 5", id="int64"),
        pytest.param(good[:-1], "it was cut", id="cut"),
        pytest.param(good[:pointers] + b"\x01" + good[pointers + 1 :], "do not follow from its lengths", id="pointers"),
    ]


@pytest.mark.parametrize(("data", "message"), damaged())
def test_a_damaged_index_is_one_line(data, message):
    with pytest.raises(StoreError, match=message) as raised:
        parse_index(data, "x.idx")
    assert "\n" not in str(raised.value)


def test_abort_leaves_no_file(tmp_path):
    writer = ShardWriter(tmp_path / "s.bin", tmp_path / "s.idx", 100)
    writer.add(np.array([1]), np.array([1]))
    writer.abort()
    assert list(tmp_path.iterdir()) == []
