"""Archives of source code: one document a source file in every packing, with language, licence and path; traps cost themselves alone."""

import gzip
import io
import random
import stat
import struct
import tarfile
import tracemalloc
import zipfile
import zlib

import pytest
import zstandard
from corpusmill.ingest.code import read_code
from corpusmill.ingest.identity import native_id
from corpusmill.ingest.languages import language_of
from corpusmill.ingest.rows import Others, Record, Rejected, record_batches
from corpusmill.settings import IngestSettings
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ingest.archives import errors, others, texts

MIT = (
    b"Permission is hereby granted, free of charge, to any person obtaining a copy of this software, to deal in it. "
    b"The above copyright notice and this permission notice shall be included in all copies."
)
APACHE = b"Apache License\n  Version 2.0, January 2004\n"
# The licence of the top folder comes after what it is of.
FILES = {
    "repo/Makefile": b"all:\n\ttrue\n",
    "repo/a.py": b"print('a')\n",
    "repo/lib/b.rs": b"// SPDX-License-Identifier: GPL-3.0-or-later\nfn main() {}\n",
    "repo/logo.png": b"\x89PNG",
    "repo/vendor/LICENSE.txt": APACHE,
    "repo/vendor/deep/c.c": b"int c;\n",
    "repo/z_LICENSE": b"no licence file by its name",
    "repo/LICENSE": MIT,
}
DOCUMENTS = {
    "repo/Makefile": ("all:\n\ttrue\n", "Makefile", "MIT"),
    "repo/a.py": ("print('a')\n", "Python", "MIT"),
    "repo/lib/b.rs": (FILES["repo/lib/b.rs"].decode(), "Rust", "GPL-3.0-or-later"),
    "repo/vendor/deep/c.c": ("int c;\n", "C", "Apache-2.0"),
}


def as_zip(files, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def as_tar(files, form=tarfile.PAX_FORMAT, kind=tarfile.REGTYPE):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.type = len(data), kind
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def code(data, name="r.tar", **settings):
    return list(read_code(io.BytesIO(data), name, IngestSettings(**settings)))


def seen(items):
    found = [item for item in items if isinstance(item, Record)]
    return {item.attributes["path"]: (item.text.decode(), item.attributes["language"], item.attributes.get("licence")) for item in found}


PACKINGS = {
    "r.zip": as_zip(FILES), "stored.zip": as_zip(FILES, zipfile.ZIP_STORED), "r.tar": as_tar(FILES), "r.tar.gz": gzip.compress(as_tar(FILES)),
    "r.tgz": gzip.compress(as_tar(FILES, tarfile.USTAR_FORMAT)), "r.tar.zst": zstandard.compress(as_tar(FILES, tarfile.GNU_FORMAT)),
}  # fmt: skip


@pytest.mark.parametrize("name", PACKINGS)
def test_every_source_file_is_a_document_in_every_packing(name):
    items = code(PACKINGS[name], name, source="repos")
    assert seen(items) == DOCUMENTS
    assert not errors(items)
    assert others(items) == len(FILES) - len(DOCUMENTS)
    assert {item.domain for item in items[:-1]} == {"code"}
    assert [item.doc_id for item in items[:-1]] == [native_id("repos", f"{name}/{path}") for path in DOCUMENTS]
    assert {item.domain for item in code(PACKINGS[name], name, domain="rust")[:-1]} == {"rust"}
    next(record_batches(items, name)).validate(full=True)


def test_offset_and_length_find_the_file_again():
    plain = {item.attributes["path"]: item for item in code(as_tar(FILES))[:-1]}
    for path, item in plain.items():
        header = tarfile.TarInfo.frombuf(as_tar(FILES)[item.offset :][:512], "utf-8", "strict")
        assert (header.name, header.size) == (path, item.length)
    for item in code(PACKINGS["r.zip"], "r.zip")[:-1]:
        start = item.offset + 30 + len(item.attributes["path"])
        assert zlib.decompress(PACKINGS["r.zip"][start : start + item.length], -15) == item.text


def test_only_what_is_licensed_so_is_kept():
    items = code(as_tar(FILES), licenses="MIT")
    assert set(seen(items)) == {"repo/Makefile", "repo/a.py"}
    assert sorted(errors(items)) == ["licence: Apache-2.0", "licence: GPL-3.0-or-later"]
    assert errors(code(as_tar({"a.py": b""}), licenses="MIT")) == ["licence: none"]


def test_licences_of_one_folder_hold_together_and_an_unknown_one_is_not_the_parents():
    files = {
        "LICENSE-MIT": MIT,
        "LICENSE-APACHE": APACHE,
        "a.py": b"",
        "own/COPYING": b"Ask me.",
        "own/b.py": b"",
        "license.py": b"MIT = 1",
    }
    assert {path: licence for path, (_, _, licence) in seen(code(as_tar(files))).items()} == {
        "a.py": "MIT AND Apache-2.0", "license.py": "MIT AND Apache-2.0", "own/b.py": None
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("a/b.PY", "Python"), ("CMakeLists.txt", "CMake"), ("docker/Dockerfile", "Dockerfile"), ("x.tar.gz", None), ("README", None),
        (".py", None), ("a.d/b", None), ("a.tsx", "TypeScript"), ("a.c++", "C++"), ("a.mk", "Makefile"), ("", None),
    ],
)  # fmt: skip
def test_the_language_is_that_of_the_name(path, language):
    assert language_of(path) == language


def test_binary_files_are_rejected_and_other_charsets_are_read():
    german, russian = (
        "// Größe des Fensters, für die Übersicht\nint x = 5;\n" * 3,
        "# Программа считает строки в файле и печатает их число\nprint(1)\n",
    )
    files = {
        "bin.py": b"\x7fELF\0\0", "latin.c": german.encode("latin-1"), "cp1251.py": russian.encode("cp1251"),
        "wide.py": russian.encode("utf-16"), "marked.py": russian.encode("utf-8-sig"),
    }  # fmt: skip
    items = code(as_zip(files), "r.zip")
    assert errors(items) == ["type: binary, bin.py"]
    assert texts(items) == [german, russian, russian, russian]


@pytest.mark.parametrize("name", ["../a.py", "/a.py", "a/../../b.py", "a\\b.py", "C:a.py", "a\nb.py", "d" * 5000 + ".py"])
@pytest.mark.parametrize("pack", [as_zip, as_tar])
def test_a_name_that_leads_elsewhere_is_rejected(name, pack):
    items = code(pack({name: b"x", "good.py": b"y"}), "r.zip" if pack is as_zip else "r.tar")
    assert list(seen(items)) == ["good.py"]
    assert [error.partition(": ")[0] for error in errors(items)] == ["path"]


def test_long_and_dotted_names_are_read():
    deep = "d" * 90 + "/" + "e" * 120 + "/ünï.py"
    for data, name in (
        (as_tar({deep: b"x"}), "r.tar"),
        (as_tar({deep: b"x"}, tarfile.GNU_FORMAT), "r.tar"),
        (as_zip({deep: b"x"}), "r.zip"),
    ):
        assert list(seen(code(data, name))) == [deep]
    assert list(seen(code(as_tar({"./a//b.py": b"x"})))) == ["a/b.py"]


def test_links_and_devices_count_as_others_and_folders_as_nothing():
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
        assert others(code(as_tar({"a.py": b""}, kind=kind))) == 1
    assert others(code(as_tar({"a": b""}, kind=tarfile.DIRTYPE))) == 0
    link = zipfile.ZipInfo("a.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    items = code(as_zip({link: b"/etc/passwd", "folder/": b""}), "r.zip")
    assert (seen(items), others(items)) == ({}, 1)


def test_a_name_that_comes_twice_has_one_id_of_which_ingest_keeps_the_first():
    # As `cat` joins two archives: the first one's end is passed over.
    items = code(as_tar({"a.py": b"1"}) + as_tar({"a.py": b"2"}))
    assert texts(items) == ["1", "2"]
    assert len({item.doc_id for item in items[:-1]}) == 1


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
