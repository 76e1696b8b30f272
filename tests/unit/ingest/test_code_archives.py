"""Archives of source code: one document a source file in every packing, with language, licence and path; traps cost themselves alone."""

import gzip
import stat
import tarfile
import zipfile
import zlib

import pytest
import zstandard
from corpusmill.ingest.identity import native_id
from corpusmill.ingest.languages import language_of
from corpusmill.ingest.rows import record_batches

from tests.unit.ingest.archives import errors, others, texts
from tests.unit.ingest.code_archives import APACHE, MIT, as_tar, as_zip, code, seen

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
