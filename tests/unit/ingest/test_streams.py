"""What is inside a compressed file, block by block, and as a file that is read forward."""

import bz2
import gzip
import io
import random

import pytest
import zstandard
from corpusmill.ingest.content import BrokenMemberError
from corpusmill.ingest.streams import ForwardFile, OversizeError, content_blocks
from hypothesis import given
from hypothesis import strategies as st

DATA = random.Random(1).randbytes(1_000_000)


def blocks(data, name="a"):
    return list(content_blocks(io.BytesIO(data), name))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, zstandard.compress])
def test_every_packing_holds_the_same_bytes(pack):
    assert b"".join(blocks(pack(DATA))) == DATA
    assert b"".join(blocks(pack(DATA) + (pack(b"more") if pack is not bytes else b"more"))) == DATA + b"more"
    assert blocks(pack(b"")) == []
    assert max(map(len, blocks(pack(b"x" * 50_000_000)))) <= 262_144


def test_bzip2_streams_may_be_padded_and_a_broken_one_costs_itself():
    one, two = bz2.compress(DATA), bz2.compress(b"two")
    assert b"".join(blocks(one + two + b"\0" * 100)) == DATA + b"two"
    broken = bytearray(one)
    broken[950_000] ^= 1
    found = blocks(bytes(broken) + two)
    assert [block for block in found if isinstance(block, str)] == ["bzip2: invalid data"]
    assert found[-1] == b"two"
    assert b"".join(block for block in found[:-1] if isinstance(block, bytes)) == DATA[: sum(map(len, found[:-2]))]
    assert blocks(one[:-9])[-1] == "the file ends inside a bzip2 stream"
    assert blocks(two + b"garbage") == [b"two", "bzip2: invalid data"]


def test_a_stream_whose_start_lies_across_two_blocks_is_found():
    first = bytearray(bz2.compress(DATA[:10_000]))
    first[100] ^= 1
    # The search begins one byte after the broken stream does, and looks at 1 MiB at a time.
    for inside in (0, 1, 5, 9, 10):
        padding = 1 + 1_048_576 - inside - len(first)
        assert blocks(bytes(first) + b"\1" * padding + bz2.compress(b"two"))[-1] == b"two"


@given(
    st.lists(st.binary(max_size=9), max_size=9),
    st.lists(st.tuples(st.sampled_from(["read", "peek", "seek"]), st.integers(0, 20)), max_size=9),
)
def test_a_forward_file_reads_as_a_file_does(parts, steps):
    twin = io.BytesIO(b"".join(parts))
    file = ForwardFile(iter([part for part in parts if part]))
    for step, size in steps:
        if step == "read":
            assert file.read(size) == twin.read(size)
        elif step == "peek":
            assert file.peek(size) == twin.getvalue()[twin.tell() :][:size]
        else:
            file.seek(file.tell() + size)
            twin.seek(min(twin.tell() + size, len(twin.getvalue())))
        assert file.tell() == twin.tell()


def test_a_forward_file_refuses_what_would_not_end_or_fit():
    file = ForwardFile(iter([b"abc", "broken here"]))
    assert file.read(2) == b"ab"
    with pytest.raises(BrokenMemberError, match="overlap"):
        file.seek(1)
    with pytest.raises(OversizeError, match="8,000,000,000 bytes at once"):
        file.read(8_000_000_000)
    with pytest.raises(BrokenMemberError, match="broken here"):
        file.read(2)
    with pytest.raises(OversizeError, match="more than 4 bytes"):
        ForwardFile(iter([b"abc", b"de"])).read_rest(4)
    assert ForwardFile(iter([b"abc", b"d"])).read_rest(4) == b"abcd"
