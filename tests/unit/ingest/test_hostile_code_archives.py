"""Traps and damage in archives of source code cost themselves alone."""

import gzip
import io
import random
import struct
import tarfile
import tracemalloc
import zipfile

import pytest
import zstandard
from corpusmill.ingest.code import read_code
from corpusmill.ingest.rows import Others, Rejected, record_batches
from corpusmill.settings import IngestSettings
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ingest.archives import errors, others, texts
from tests.unit.ingest.code_archives import MIT, as_tar, as_zip, code, seen


@pytest.mark.parametrize("name", ["../a.py", "/a.py", "a/../../b.py", "a\\b.py", "C:a.py", "a\nb.py", "d" * 5000 + ".py"])
@pytest.mark.parametrize("pack", [as_zip, as_tar])
def test_a_name_that_leads_elsewhere_is_rejected(name, pack):
    items = code(pack({name: b"x", "good.py": b"y"}), "r.zip" if pack is as_zip else "r.tar")
    assert list(seen(items)) == ["good.py"]
    assert [error.partition(": ")[0] for error in errors(items)] == ["path"]


def test_a_large_file_is_too_large_and_costs_no_memory():
    bomb = b"\0" * 40_000_000
    for data, name in (
        (as_zip({"a.py": bomb, "b.py": b"x"}), "r.zip"),
        (gzip.compress(as_tar({"a.py": bomb, "b.py": b"x"})), "r.tar.gz"),
    ):
        tracemalloc.start()
        items = code(data, name, max_record_bytes=1_000_000)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (errors(items), list(seen(items))) == (["too_large: 40,000,000 bytes"], ["b.py"])
        assert peak < 8_000_000


def test_a_zip_that_lies_about_a_size_is_read_no_further_than_it_says():
    data = bytearray(as_zip({"a.py": b"\0" * 40_000_000, "b.py": b"x"}))
    for signature, place in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        struct.pack_into("<L", data, data.index(signature) + place, 100)
    tracemalloc.start()
    items = code(bytes(data), "r.zip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert errors(items)[0].startswith("broken_record: zip: Bad CRC-32")
    assert texts(items) == ["x"]
    assert peak < 4_000_000


def test_files_of_a_zip_that_share_their_bytes_are_rejected():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.py", b"x" * 1000)
        # The directory names the same bytes again.
        archive.filelist.extend([archive.filelist[0]] * 50)
    items = code(out.getvalue(), "r.zip")
    assert len(texts(items)) == 1
    assert errors(items) == ["broken_record: zip: it lies outside or overlaps another file"] * 50


def test_a_damaged_file_in_a_zip_costs_itself_alone():
    data = bytearray(as_zip({"a.py": b"print(1)\n" * 50, "b.py": b"x"}))
    data[45] ^= 0xFF
    encrypted = bytearray(as_zip({"a.py": b"1", "b.py": b"x"}))
    encrypted[encrypted.index(b"PK\1\2") + 8] |= 1
    for broken, error in (
        (data, "broken_record: zip: "),
        (encrypted, "coding: encrypted"),
        (as_zip({"a.py": b"1", "b.py": b"x"}, zipfile.ZIP_BZIP2), "coding: zip method 12"),
    ):
        items = code(bytes(broken), "r.zip")
        assert errors(items)[0].startswith(error)
    assert texts(code(bytes(data), "r.zip")) == ["x"]


def test_reading_a_tar_goes_on_after_a_broken_header():
    data = bytearray(as_tar({"a.py": b"a" * 600, "b.py": b"b", "c.py": b"c"}))
    second = code(bytes(data))[1].offset
    data[second] ^= 1
    items = code(bytes(data))
    assert [text[0] for text in texts(items)] == ["a", "c"]
    assert [(item.offset, item.error) for item in items if isinstance(item, Rejected)] == [
        (second, "broken_record: tar: there is no header here")
    ]


def test_an_extended_header_cannot_be_made_to_fill_memory():
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 30_000_000
    data = gzip.compress(header.tobuf() + b"9" * (-(-header.size // 512) * 512) + as_tar({"a.py": b"x"}))
    tracemalloc.start()
    items = code(data, "r.tar.gz")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert list(seen(items)) == ["a.py"]
    assert peak < 4_000_000


CODE = as_tar({"a.py": b"print('a')\n" * 100, "d/LICENSE": MIT, "d/b.c": bytes(random.Random(0).randbytes(3000)), "x" * 150 + ".go": b"x"})
ZIPPED = as_zip(
    {"a.py": b"print('a')\n" * 100, "d/LICENSE": MIT, "d/b.c": bytes(random.Random(0).randbytes(3000)), "x" * 150 + ".go": b"x"}
)


@given(
    archive=st.sampled_from(
        [(ZIPPED, "r.zip"), (CODE, "r.tar"), (gzip.compress(CODE), "r.tar.gz"), (zstandard.compress(CODE), "r.tar.zst")]
    ),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=4),
    end=st.floats(0, 1) | st.just(1.0),
)
def test_no_damage_is_more_than_rejected_records(archive, changes, end):
    data, name = bytearray(archive[0]), archive[1]
    for place, new in changes:
        start = int(place * len(data))
        data[start : start + len(new)] = new
    items = code(bytes(data[: int(end * len(data))]), name)
    assert isinstance(items[-1], Others)
    for batch in record_batches(items, name):
        batch.validate(full=True)


def test_no_byte_of_a_zips_directory_can_stop_the_reading(tmp_path):
    whole = as_zip({"a.py": b"print(1)\n", "LICENSE": MIT})
    path = tmp_path / "r.zip"
    for place in range(whole.index(b"PK\1\2"), len(whole)):
        for new in (0, 255):
            path.write_bytes(whole[:place] + bytes([new]) + whole[place + 1 :])
            # From a file, whose seeks fail otherwise than those in memory.
            with path.open("rb") as file:
                items = list(read_code(file, path.name, IngestSettings()))
            # Damage to a name may make it one of no known language, but nothing is lost without a word.
            assert others(items) + len(items) > 1
