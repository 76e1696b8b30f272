"""Megatron's bytes, as its own writer makes them (reference/training.md 3.1), and where its types change."""

import hashlib

import numpy as np
import pytest
from corpusmill.shards.format import ShardWriter, dtype_of, index_bytes, parse_index

DOCUMENTS = [[1, 2, 3, 0], [4, 5, 0], [6, 0]]
BIN_SHA256 = "98e52b943ef2e5cf07a9f6c614ab05ce3024d0532fd046652f84778ef7c00edf"
IDX_SHA256 = "673bc9f9d23fe11aee61621824d7851e75f20d630cd00b3f6c8dff03e7242bb6"
IDX_HEX = (
    "4d4d4944494458000001000000000000000803000000000000000400000000000000040000000300000002000000000000000000000008000000000000000e00"
    "0000000000000000000000000000010000000000000002000000000000000300000000000000"
)


def test_golden_bytes(tmp_path):
    writer = ShardWriter(tmp_path / "a.bin", tmp_path / "a.idx", vocab_size=100)
    for document in DOCUMENTS:
        writer.add(np.array(document, np.int32), np.array([len(document)]))
    written = writer.close()
    assert (written.documents, written.tokens, written.sha256) == (3, 9, BIN_SHA256)
    assert len(written.bin.read_bytes()) == 18
    index = written.idx.read_bytes()
    assert len(index) == 42 + 20 * 3
    assert index.hex() == IDX_HEX
    assert hashlib.sha256(index).hexdigest() == IDX_SHA256


def test_documents_added_together_or_one_by_one_give_the_same_bytes(tmp_path):
    writer = ShardWriter(tmp_path / "b.bin", tmp_path / "b.idx", vocab_size=100)
    writer.add(np.concatenate(DOCUMENTS).astype(np.int64), np.array([4, 3, 2]))
    written = writer.close()
    assert written.sha256 == BIN_SHA256
    assert written.idx.read_bytes().hex() == IDX_HEX


@pytest.mark.parametrize(
    ("vocab_size", "dtype"),
    [(65_499, "uint16"), (65_500, "int32"), (65_535, "int32"), (65_536, "int32"), (65_537, "int32"), (1, "uint16")],
)
def test_type_follows_megatrons_optimal_dtype(vocab_size, dtype):
    assert dtype_of(vocab_size) == dtype


def test_pointers_pass_two_gigabytes():
    """megatron-core #1672: int32 pointers wrap; computed here without the data."""
    lengths = np.full(4, 2**30, np.int32)
    for dtype, size in (("uint16", 2), ("int32", 4)):
        index = parse_index(index_bytes(lengths, dtype), "big.idx")
        assert index.pointers.tolist() == [0, size * 2**30, size * 2**31, size * 3 * 2**30]
        assert index.tokens == 2**32
