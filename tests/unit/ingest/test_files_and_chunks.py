"""ingest.paths as files, and files as chunks: nothing moves once it has a chunk."""

import shutil

import fsspec
import pytest
from corpusmill.errors import InputError
from corpusmill.ingest.books import read_text
from corpusmill.ingest.chunks import Ingested, is_contradicted, plan_chunks
from corpusmill.ingest.code import read_code
from corpusmill.ingest.epub import read_epub
from corpusmill.ingest.files import InputFile, list_files, list_paths
from corpusmill.ingest.formats import find_reader, read_records
from corpusmill.ingest.jsonl import read_jsonl
from corpusmill.ingest.latex import read_latex
from corpusmill.ingest.mediawiki import read_mediawiki
from corpusmill.ingest.parquet import read_parquet
from corpusmill.ingest.records import read_arc, read_warc
from corpusmill.ingest.stackexchange import read_stackexchange
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ingest.archives import SETTINGS, members, page, record, texts


@pytest.fixture
def folder(tmp_path):
    for name in ("b.warc.gz", "a.warc.gz", "_SUCCESS", ".hidden.warc.gz"):
        (tmp_path / name).write_bytes(members(record(page(name), record_id=name)))
    return tmp_path


def names(*paths):
    return [file.name for file in list_files(paths, "auto")]


def test_folders_globs_and_lists_name_files_in_order(folder):
    expected = ["a.warc.gz", "b.warc.gz"]
    assert names(str(folder)) == names(f"{folder}/[ab].warc.*") == names(f"file://{folder}/b.warc.gz", f"{folder}/a.warc.gz") == expected
    assert names(f"{folder}/a.warc.gz", f"{folder}/*a.warc.gz")[-1] == "a.warc.gz"


def test_mistakes_are_named(folder, tmp_path):
    for path in (f"{folder}/none.warc.gz", f"{folder}/none*.warc.gz"):
        with pytest.raises(InputError, match=r"there is no file .*none"):
            list_files([path], "auto")
    (folder / "other").mkdir()
    shutil.copy(folder / "a.warc.gz", folder / "other" / "a.warc.gz")
    with pytest.raises(InputError, match="one base name"):
        list_files([str(folder)], "auto")
    (tmp_path / "c.docx").write_bytes(b"")
    with pytest.raises(InputError, match=r"c\.docx: no known format"):
        list_files([f"{tmp_path}/c.docx"], "auto")
    assert list_files([f"{tmp_path}/c.docx"], "jsonl")[0].bytes == 0


@pytest.mark.parametrize(
    ("name", "setting", "reader"),
    [
        ("a.warc", "auto", read_warc), ("A.WARC.GZ", "auto", read_warc), ("a.warc.wet.gz", "auto", read_warc), ("a.arc.gz", "auto", read_arc),
        ("a.warc.zst", "auto", read_warc), ("a.jsonl.zst", "auto", read_jsonl), ("a.parquet", "auto", read_parquet), ("a.bin", "warc", read_warc),
        ("a.arc", "warc", read_arc), ("a.gz", "jsonl", read_jsonl), ("a.warc", "jsonl", read_jsonl),
        ("a.zip", "auto", read_code), ("A.TGZ", "auto", read_code), ("a.tar.zst", "auto", read_code), ("a.bin", "code", read_code),
        ("enwiki-latest-pages-articles1.xml-p1p41242.bz2", "auto", read_mediawiki), ("a.xml.gz", "auto", read_mediawiki),
        ("Posts.xml", "auto", read_stackexchange), ("superuser.com-Posts.xml.gz", "auto", read_stackexchange),
        ("signposts.xml", "auto", read_mediawiki), ("a.xml", "stackexchange", read_stackexchange), ("a.tex.gz", "auto", read_latex),
        ("2401.00001.gz", "latex", read_latex), ("a.tar", "latex", read_latex), ("pg1342.txt.gz", "auto", read_text), ("a.epub", "auto", read_epub),
    ],
)  # fmt: skip
def test_the_name_or_the_setting_decides_the_reader(name, setting, reader):
    assert find_reader(name, setting) is reader


def test_the_tag_follows_the_ends_of_a_file_and_not_its_time(tmp_path):
    file = tmp_path / "a.warc"
    data = bytearray(b"x" * 3_000_000)
    file.write_bytes(data)
    first = list_files([str(file)], "auto")[0]
    shutil.copy(file, tmp_path / "b.warc")
    assert list_files([str(tmp_path / "b.warc")], "auto")[0].etag == first.etag
    for place, changes in ((0, True), (2_999_999, True), (1_500_000, False)):
        changed = bytearray(data)
        changed[place] ^= 1
        file.write_bytes(changed)
        assert (list_files([str(file)], "auto")[0].etag != first.etag) == changes


def test_a_record_has_one_id_through_any_path_and_file_system(folder):
    memory = fsspec.filesystem("memory")
    memory.pipe("/crawl/renamed.warc.gz", (folder / "a.warc.gz").read_bytes())
    places = [str(folder / "a.warc.gz"), f"file://{folder}/a.warc.gz", "memory://crawl/renamed.warc.gz"]
    assert list_paths(["memory://crawl/*.warc.gz"], "auto") == ["memory:///crawl/renamed.warc.gz"]
    items = [list(read_records(place, SETTINGS)) for place in places]
    assert [texts(found) for found in items] == [["a.warc.gz"]] * 3
    assert len({found[0].doc_id for found in items}) == 1


def file_of(name, size, etag="e"):
    return InputFile(f"/data/{name}", name, size, etag)


def held(chunks):
    return [Ingested(f.name, chunk.number, f.bytes, f.etag) for chunk in chunks for f in chunk.files]


FILES = st.dictionaries(st.text("abcdef", min_size=1, max_size=4), st.integers(0, 120), max_size=12)


@given(first=FILES, second=FILES, room=st.integers(1, 300))
def test_files_keep_their_chunk_and_new_ones_are_packed_within_bounds(first, second, room):
    before = plan_chunks([file_of(n, s) for n, s in first.items()], [], room)
    after = plan_chunks([file_of(n, s) for n, s in second.items()], held(before), room)
    assert [c.number for c in after] == list(range(len(after)))
    place = {f.name: c.number for c in after for f in c.files}
    assert place.keys() == first.keys() | second.keys()
    assert all(place[f.name] == c.number for c in before for f in c.files)
    new = {c.number: [f for f in c.files if f.name not in first] for c in after[len(before) :]}
    assert all(files and (len(files) == 1 or sum(f.bytes for f in files) <= room) for files in new.values())
    assert (
        after[: len(before)] == before
        or any(second.get(n, s) != s for n, s in first.items())
        or first.keys() & second.keys() != first.keys()
    )


@given(files=FILES, room=st.integers(1, 300), done=st.integers(0, 12))
def test_a_run_that_broke_off_packs_the_rest_as_before(files, room, done):
    present = [file_of(n, s) for n, s in files.items()]
    whole = plan_chunks(present, [], room)
    assert plan_chunks(list(reversed(present)), held(whole[:done]), room) == whole


def test_a_changed_file_needs_its_whole_chunk():
    before = plan_chunks([file_of("a", 5), file_of("b", 5)], [], 100)
    unchanged = plan_chunks([file_of("a", 5)], held(before), 100)
    assert unchanged[0].fingerprint() == before[0].fingerprint()
    assert not is_contradicted(unchanged, held(before))
    changed = plan_chunks([file_of("a", 5, "new")], held(before), 100)
    assert changed[0].fingerprint() != before[0].fingerprint()
    assert is_contradicted(changed, held(before))
    with pytest.raises(InputError, match=r"chunk 0 has to be read again: add its other files .* b$"):
        changed[0].paths()
