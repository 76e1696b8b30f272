"""Books: plain text without Project Gutenberg's frame, and EPUB with its chapters in order; files that are neither are error rows."""

import bz2
import gzip
import io
import struct
import zipfile

import pytest
import zstandard
from corpusmill.ingest.books import read_text
from corpusmill.ingest.epub import read_epub
from corpusmill.settings import IngestSettings
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ingest.archives import errors, others, texts

SETTINGS = IngestSettings()
GUTENBERG = """\ufeffThe Project Gutenberg eBook of Pride and Prejudice

Title: Pride and Prejudice
Author: Jane Austen
Release Date: August 26, 2008 [eBook #1342]
Language: English

*** START OF THE PROJECT GUTENBERG EBOOK PRIDE AND
PREJUDICE ***

Chapter 1

It is a truth universally acknowledged.
Title: not this one

End of the Project Gutenberg EBook of Pride and Prejudice

*** END OF THE PROJECT GUTENBERG EBOOK PRIDE AND PREJUDICE ***

The licence.
"""
BOOK = "Chapter 1\n\nIt is a truth universally acknowledged.\nTitle: not this one\n"


def text(data, name="a.txt", settings=SETTINGS):
    return list(read_text(io.BytesIO(data), name, settings))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, zstandard.compress])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_gutenbergs_frame_is_taken_off_and_read(pack, end):
    items = text(pack(GUTENBERG.replace("\n", end).encode()))
    assert texts(items) == [BOOK]
    assert items[0].attributes == {"title": "Pride and Prejudice", "author": "Jane Austen", "language": "English"}
    assert (items[0].domain, items[0].extraction.name, others(items)) == ("books", "corpusmill.gutenberg", 0)


def test_the_frame_stays_where_a_setting_says_so_or_there_is_none():
    kept = text(GUTENBERG.encode(), settings=IngestSettings(gutenberg_licence=True))
    assert texts(kept) == [GUTENBERG.removeprefix("\ufeff")]
    assert (kept[0].attributes, kept[0].extraction.name) == ({}, "none")
    for plain in ("Any text.\r\nWith lines.", "*** START OF THE PROJECT ***\nx", "*** END OF THE PROJECT GUTENBERG EBOOK X ***\nx"):
        assert texts(text(plain.encode())) == [plain]
    assert texts(text(GUTENBERG.partition("End of")[0].encode())) == [BOOK]


def test_charsets_are_found():
    words = "Der Fluß, die Brücke, größer und schöner als früher, über allen Gipfeln. "
    for codec in ("utf-8", "utf-16", "windows-1252"):
        assert texts(text((words * 9).encode(codec))) == [words * 9]


def test_what_breaks_off_or_is_too_large_is_an_error_row():
    small = IngestSettings(max_record_bytes=1000)
    assert errors(text(gzip.compress(b"x" * 9999)[:-4], "a.txt.gz")) == ["broken_record: the file ends inside a gzip member"]
    assert errors(text(bz2.compress(b"x" * 9999)[:-4], "a.txt.bz2")) == ["broken_record: the file ends inside a bzip2 stream"]
    assert errors(text(bz2.compress(b"x" * 50_000_000), settings=small)) == ["too_large: more than 1,000 bytes"]


CONTAINER = '<?xml version="1.0"?><container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
OPF = """<?xml version="1.0"?>
<!DOCTYPE package PUBLIC "+//ISBN 0-9673008-1-9//DTD OEB 1.2 Package//EN" "http://openebook.org/dtds/oeb-1.2/oebpkg12.dtd">
<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>
<dc:title>A
 Book</dc:title><dc:creator>B. C.</dc:creator><dc:creator>D. E.</dc:creator><dc:language>en</dc:language><dc:rights>CC0</dc:rights></metadata>
<manifest>
<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="two" href="text/two%20b.xhtml#start" media-type="application/xhtml+xml"/>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>
<item id="pic" href="a.svg" media-type="image/svg+xml"/>
</manifest>
<spine><itemref idref="cover" linear="no"/><itemref idref="nav"/><itemref idref="two"/><itemref idref="pic"/><itemref idref="one"/>
<itemref idref="two"/><itemref idref="nosuch"/></spine></package>"""
MEMBERS = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OEBPS/book.opf": OPF,
    "OEBPS/text/one.xhtml": "<html><head><title/></head><body><h1>Two</h1><p>Last <i/>words.<br/>É</p></body></html>",
    "OEBPS/text/two b.xhtml": "<?xml version='1.0' encoding='iso-8859-1'?><html><body><p>First é</p><nav>in the text</nav></body></html>",
    "OEBPS/nav.xhtml": "<p>Contents</p>",
    "OEBPS/cover.xhtml": "<p>Cover</p>",
}


def pack(members=None, **changed):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**(MEMBERS if members is None else members), **changed}.items():
            if data is not None:
                archive.writestr(name, data.encode("latin-1" if "iso-8859-1" in data else "utf-8"))
    return out.getvalue()


def epub(data, settings=SETTINGS):
    return list(read_epub(io.BytesIO(data), "a.epub", settings))


def test_a_book_is_its_chapters_in_the_order_of_its_spine():
    items = epub(pack())
    assert texts(items) == ["First é\n\nin the text\n\nTwo\n\nLast words.\nÉ"]
    assert items[0].attributes == {"title": "A Book", "author": "B. C.", "language": "en", "rights": "CC0"}
    assert (items[0].domain, items[0].length, others(items)) == ("books", len(pack()), 0)
    without_container = {name: data for name, data in MEMBERS.items() if name != "META-INF/container.xml"}
    assert texts(epub(pack(without_container))) == texts(items)


LAUGHS = '<!DOCTYPE package [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><package>&b;</package>'


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"no zip", "type: not a zip archive"),
        (b"", "type: not a zip archive"),
        (pack({"a.txt": "x"}), "broken_record: no EPUB: 0 OPF files"),
        (pack({"a.opf": "x", "b.opf": "x"}), "broken_record: no EPUB: 2 OPF files"),
        (pack(**{"OEBPS/book.opf": LAUGHS}), "broken_record: OEBPS/book.opf: it declares entities"),
        (pack(**{"META-INF/container.xml": LAUGHS}), "broken_record: META-INF/container.xml: it declares entities"),
        (pack(**{"OEBPS/book.opf": "<package>"}), "broken_record: OEBPS/book.opf: not XML"),
        (pack(**{"OEBPS/book.opf": "<package/>"}), "no_text: the book's spine names no page"),
        (pack(**{"OEBPS/text/one.xhtml": None}), "broken_record: OEBPS/text/one.xhtml is not in the archive"),
        (pack(**{"OEBPS/book.opf": OPF.replace("text/one.xhtml", "../../../etc/passwd")}), "broken_record: ../../etc/passwd is not in the archive"),
        (pack(**{"OEBPS/text/one.xhtml": "<p>" + "x" * 2000}), "too_large: more than "),
        (pack(**{"META-INF/encryption.xml": '<e><CipherReference URI="OEBPS/text/one.xhtml"/></e>'}), "encrypted: OEBPS/text/one.xhtml"),
        (pack()[:-30], "type: not a zip archive"),
    ],
)  # fmt: skip
def test_what_is_no_book_is_an_error_row(data, error):
    items = epub(data, IngestSettings(max_record_bytes=1000))
    assert errors(items)[0].startswith(error)
    assert texts(items) == []
    assert others(items) == 0


def test_encrypted_fonts_do_not_matter():
    assert texts(epub(pack(**{"META-INF/encryption.xml": '<e><CipherReference URI="OEBPS/a.ttf"/></e>'}))) == texts(epub(pack()))


def test_archives_that_lie_are_error_rows():
    whole = bytearray(pack())
    end = whole.rfind(b"PK\5\6")
    huge = whole.copy()
    struct.pack_into("<I", huge, end + 12, 2**31)
    assert errors(epub(bytes(huge))) == ["too_large: a list of members of more than 4,194,304 bytes"]
    larger = bytes(whole[:end]) + b"PK\6\7" + b"\0" * 16 + bytes(whole[end:])
    assert errors(epub(larger)) == ["too_large: a list of members of more than 4,194,304 bytes"]
    locked = whole.copy()
    for mark, at in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        place = -1
        while (place := locked.find(mark, place + 1)) >= 0:
            locked[place + at] |= 1
    assert errors(epub(bytes(locked)))[0].startswith("broken_record: zip: File 'META-INF/container.xml' is encrypted")
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w", zipfile.ZIP_BZIP2) as archive:
        for name, data in MEMBERS.items():
            archive.writestr(name, data)
    assert errors(epub(other.getvalue())) == ["broken_record: META-INF/container.xml is packed by method 12, which EPUB has not"]


@given(st.integers(0, len(pack()) - 1), st.binary(min_size=1, max_size=30))
def test_a_damaged_book_is_never_an_exception(place, junk):
    data = bytearray(pack())
    data[place : place + len(junk)] = junk
    assert len(epub(bytes(data))) == 2
