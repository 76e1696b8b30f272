"""Files of papers: plain, one paper's archive, arXiv's archive of many, and archives that are damaged or lie."""

import gzip
import io
import tarfile

import pytest
from corpusmill.ingest.identity import native_id, place_id
from corpusmill.ingest.latex import read_latex
from corpusmill.ingest.rows import Record
from corpusmill.settings import IngestSettings
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ingest.archives import errors, others, texts

SETTINGS = IngestSettings(source="arxiv")
ONE = rb"\documentclass{a}\title{One}\begin{document}\input{body}\end{document}"
PAPER = {"main.tex": ONE, "body.tex": b"The body.", "fig.png": b"\x89PNG" * 99, "a/x.sty": b"style"}


def tar(files, **options):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", **options) as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def read(data, name="a.tar", settings=SETTINGS):
    return list(read_latex(io.BytesIO(data), name, settings))


@pytest.mark.parametrize(("name", "pack"), [("p.tar", bytes), ("p.tar.gz", gzip.compress), ("2401.00001v2.gz", gzip.compress)])
@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_an_archive_of_one_paper_is_a_document(name, pack, format_):
    long = "é" * 20 + "/" + "long" * 30 + ".png" if format_ != tarfile.USTAR_FORMAT else "x.png"
    items = read(pack(tar({**PAPER, long: b"x"}, format=format_)), name)
    assert texts(items) == ["One\n\nThe body."]
    assert others(items) == 3
    assert (items[0].domain, items[0].attributes["title"]) == ("papers", "One")


def test_ids_and_addresses_are_arxivs_where_the_name_is():
    for name, number in (
        ("2401.00001v2.gz", "2401.00001v2"),
        ("hep-th9901001.gz", "hep-th/9901001"),
        ("arXiv-0704.0001v1.tar.gz", "0704.0001v1"),
    ):
        found = read(gzip.compress(ONE), name)[0]
        assert found.doc_id == native_id("arxiv", number)
        assert found.url == f"https://arxiv.org/abs/{number}"
        assert found.attributes["arxiv"] == number
    found = read(ONE, "thesis.tex")[0]
    assert (found.doc_id, found.url, found.offset, found.length) == (place_id("thesis.tex", 0), None, 0, len(ONE))


def test_arxivs_archive_of_many_is_a_document_a_paper():
    many = {
        "2401/2401.00001.gz": gzip.compress(tar(PAPER)),
        "2401/2401.00002.gz": gzip.compress(b"Plain \\emph{text}."),
        "2401/2401.00003.pdf": b"%PDF-1.5",
        "2401/2401.00004.gz": gzip.compress(b"%PDF-1.5 inside"),
        "2401/2401.00005.gz": gzip.compress(tar(PAPER))[:-30],
        "2401/2401.00006.gz": gzip.compress(tar({"fig.png": b"x"})),
        "2401/2401.00007.gz": gzip.compress(tar({"a.tex": b"a", "b.tex": b"b"})),
        "2401/hep-th9901001.gz": gzip.compress(b"Old."),
        "2401/README": b"x",
    }
    items = read(tar(many), "arXiv_src_2401_001.tar")
    assert texts(items) == ["One\n\nThe body.", "Plain text.", "Old."]
    assert [item.attributes["arxiv"] for item in items if isinstance(item, Record)] == ["2401.00001", "2401.00002", "hep-th/9901001"]
    assert errors(items) == [
        "type: application/pdf",
        "type: application/pdf",
        "broken_record: the file ends inside a gzip member",
        "no_text: no .tex file in the archive",
        "no_text: none of 2 .tex files has a document class",
    ]
    assert others(items) == 1
    assert len({item.offset for item in items[:-1]}) == 8


def test_a_figure_named_like_a_paper_is_part_of_its_paper():
    items = read(tar({**PAPER, "2401.00001.tex": b"x", "fig1234567.pdf": b"%PDF", "math1234567.pdf": b"%PDF"}), "p.tar.gz")
    assert texts(items) == ["One\n\nThe body."]


def header(name, size, kind=b"0", checksum=None):
    """A tar header that says what it likes."""
    data = bytearray(tarfile.TarInfo(name).tobuf(tarfile.USTAR_FORMAT))
    data[124:136] = b"%011o\0" % size if size >= 0 else b"\xff" * 4 + (size & (2**64 - 1)).to_bytes(8, "big")
    data[156:157] = kind
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % (sum(data) if checksum is None else checksum)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (header("a.tex", 5000) + b"x" * 100, "broken_record: the archive ends inside a member"),
        (header("a.png", 5000) + b"x" * 100, "broken_record: tar: unexpected end of data"),
        (header("a.tex", 10**9), "too_large: more than 8,388,608 bytes of LaTeX"),
        (header("a.tex", -1024) * 2, "broken_record: tar: a member of less than no bytes"),
        (header("a.png", -1024) * 2, "broken_record: tar: a member of less than no bytes"),
        (header("a", 8 * 10**9, kind=b"x"), "too_large: "),
        (header("a", 8 * 10**9, kind=b"L"), "too_large: "),
        ((header("a", 20, kind=b"x") + b"20 comment=aaaaaaaa\n".ljust(512, b"\0")) * 2000, "broken_record: tar: "),
        (header("a.png", 0) + header("b.png", 0, checksum=1), "broken_record: tar: bad checksum"),
        (header("a.png", 0) + b"cut off", "broken_record: tar: truncated header"),
        (header("a.tex", 0)[:257] + b"ustar", "broken_record: tar: "),
    ],
)  # fmt: skip
def test_an_archive_that_lies_is_an_error_row(data, error):
    items = read(data)
    assert errors(items)[0].startswith(error)
    assert texts(items) == []


def test_members_outside_the_archive_are_names_like_others(tmp_path):
    (tmp_path / "secret.tex").write_text("secret")
    body = rb"\documentclass{a}\begin{document}\input{%s}\input{../secret}.\end{document}" % str(tmp_path / "secret").encode()
    assert texts(read(tar({f"{tmp_path}/main.tex": body}))) == ["."]


def test_sizes_are_bounded():
    small = IngestSettings(max_record_bytes=1000)
    for data in (b"x" * 1001, gzip.compress(b"x" * 50_000_000), tar({"a.tex": b"x" * 600, "b.tex": b"y" * 600})):
        assert errors(read(data, settings=small))[0].startswith("too_large: more than 1,000 bytes")


@given(st.binary(max_size=600), st.integers(0, 1500), st.booleans())
def test_a_damaged_archive_is_never_an_exception(junk, place, is_inner):
    data = bytearray(tar({"2401.00001.gz": gzip.compress(tar(PAPER))} if is_inner else PAPER))
    data[place : place + len(junk)] = junk
    items = read(bytes(data))
    assert others(items) >= 0


def test_a_file_that_is_no_latex_is_one_row():
    assert errors(read(b"%PDF-1.4", "a.tex")) == ["type: application/pdf"]
    assert errors(read(gzip.compress(ONE)[:-3], "a.tex.gz")) == ["broken_record: the file ends inside a gzip member"]
    assert texts(read(b"", "a.tex")) == [""]
