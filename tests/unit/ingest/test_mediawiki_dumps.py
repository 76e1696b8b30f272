"""MediaWiki dumps: what counts, what a document knows of its page, and damage that costs no other page."""

import bz2
import gzip
import io
import tracemalloc

import pytest
from corpusmill.ingest.content import BLOCK
from corpusmill.ingest.identity import native_id
from corpusmill.ingest.mediawiki import read_mediawiki
from corpusmill.ingest.rows import Record
from corpusmill.settings import IngestSettings

from tests.unit.ingest.archives import errors, others, texts

SETTINGS = IngestSettings(source="wikipedia")
HEAD = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="de">
  <siteinfo>
    <sitename>Wikipedia</sitename>
    <dbname>dewiki</dbname>
    <base>https://de.wikipedia.org/wiki/Wikipedia:Hauptseite</base>
    <namespaces>
      <namespace key="6" case="first-letter">Datei</namespace>
      <namespace key="14" case="first-letter">Kategorie</namespace>
    </namespaces>
  </siteinfo>
"""
END = "</mediawiki>\n"


def revision(text, number=5, saved="2024-03-01T00:00:00Z", model="wikitext"):
    return f"""    <revision>
      <id>{number}</id>
      <timestamp>{saved}</timestamp>
      <contributor><username>A</username><id>99</id></contributor>
      <model>{model}</model>
      <text bytes="{len(text)}" xml:space="preserve">{text}</text>
    </revision>
"""


def page(title, *revisions, number=1, ns=0, redirect=""):
    return f"""  <page>
    <title>{title}</title>
    <ns>{ns}</ns>
    <id>{number}</id>
{redirect}{"".join(revisions)}  </page>
"""


DUMP = (
    HEAD
    + page(
        "K&amp;ouml;ln &amp; Bonn", revision("'''A''' [[Datei:x.svg|mini|no]] &amp;amp; &lt;ref>no&lt;/ref>b [[Kategorie:X]]", 7), number=1
    )
    + page("Talk", revision("b"), number=2, ns=1)
    + page("Old", revision("#REDIRECT [[B]]"), number=3, redirect='    <redirect title="B" />\n')
    + page("Data", revision("{}", model="json"), number=4)
    + page("Last", revision("earlier", 8, "2020-01-01T00:00:00Z"), revision("later", 9, "2021-01-01T00:00:00Z"), number=5)
    + page("Gone", '    <revision><id>3</id><text deleted="deleted" /></revision>\n', number=6)
    + END
)


def read(data, name="a.xml", settings=SETTINGS):
    return list(read_mediawiki(io.BytesIO(data if isinstance(data, bytes) else data.encode()), name, settings))


def test_articles_are_documents_and_know_their_page():
    items = read(DUMP)
    assert texts(items) == ["A & b", "later"]
    assert others(items) == 2
    assert errors(items) == ["type: content model json", "no_text: the latest revision has no text"]
    first, last = items[0], items[2]
    assert first.attributes == {"title": "K&ouml;ln & Bonn", "revision": "7", "wiki": "dewiki", "language": "de"}
    assert last.attributes["revision"] == "9"
    assert first.url == "https://de.wikipedia.org/wiki/K%26ouml;ln_%26_Bonn"
    assert (first.domain, str(first.fetched_at)) == ("encyclopedia", "2024-03-01 00:00:00+00:00")
    assert read(DUMP, settings=IngestSettings(domain="mine"))[0].domain == "mine"
    assert first.doc_id == native_id("wikipedia", "dewiki/1")
    place = DUMP.encode()[first.offset : first.offset + first.length]
    assert place.startswith(b"<page>\n    <title>K&amp;")
    assert place.count(b"<page>") == 1
    assert place.endswith(b"</page>")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lambda data: bz2.compress(data[:900]) + bz2.compress(data[900:])])
def test_every_packing_gives_the_same_documents(pack):
    assert read(pack(DUMP.encode())) == read(DUMP)


def test_tags_that_lie_across_two_blocks_are_found():
    """Every tag that pages are cut by, at each place across the end of a block."""
    start = HEAD + page("A", revision("@"))
    for tag in ("</revision>", "</page>"):
        for before in range(len(tag) + 1):
            room = BLOCK - before - start.replace("@", "").index(tag)
            assert texts(read(start.replace("@", "x" * room) + page("B", revision("b")) + END)) == ["x" * room, "b"]
    for before in range(len("<page>") + 1):
        filler = " " * (BLOCK - before - len(HEAD) - 2)
        assert texts(read(HEAD + filler + page("B", revision("b")) + END)) == ["b"]


@pytest.mark.parametrize("cut", range(200, len(DUMP), 331))
def test_a_file_that_ends_anywhere_says_so_and_keeps_what_came_before(cut):
    whole = [item for item in read(DUMP) if isinstance(item, Record)]
    items = read(DUMP.encode()[:cut])
    found = [item for item in items if isinstance(item, Record)]
    assert found == whole[: len(found)]
    assert any("end" in error for error in errors(items))


def test_a_broken_bzip2_stream_costs_its_pages_alone():
    streams = [
        bz2.compress(part.encode()) for part in (HEAD, *(page(f"P{i}", revision(f"text {i} " * 50), number=i) for i in range(4)), END)
    ]
    broken = bytearray(streams[2])
    broken[len(broken) // 2] ^= 0xFF
    items = read(b"".join([*streams[:2], bytes(broken), *streams[3:]]), "a.xml.bz2")
    assert [item.attributes["title"] for item in items if isinstance(item, Record)] == ["P0", "P2", "P3"]
    assert errors(items)[0] == "broken_record: bzip2: invalid data"
    truncated = read(b"".join(streams[:-1]) + streams[-1][:10], "a.xml.bz2")
    assert len(texts(truncated)) == 4
    assert errors(truncated) == ["broken_record: the file ends inside a bzip2 stream", "broken_record: the file ends without </mediawiki>"]


@pytest.mark.parametrize(
    ("inside", "error"),
    [
        ("<page><title>a</b></page>", "broken_record: not XML: mismatched tag"),
        ("<page><title>&nosuch;</title></page>", "broken_record: not XML: undefined entity"),
        ("<page>" + "<a>" * 100 + "</page>", "broken_record: elements nest more than 64 deep"),
        ("<page>" + revision("x" * 1001) + "</page>", "too_large: 1,001 bytes of wikitext"),
        ("<page>" + revision("x" * 300_000) + "</page>", "too_large: 300,"),
        ("<page><title>a", "broken_record: the page has no end"),
        ("<page><title>a\xff\xfe</title></page>", "broken_record: not XML: not well-formed"),
    ],
)
def test_a_bad_page_is_an_error_row_and_the_next_is_read(inside, error):
    small = IngestSettings(max_record_bytes=1000)
    items = read((HEAD + inside + page("B", revision("after")) + END).encode("latin-1"), settings=small)
    assert errors(items)[0].startswith(error)
    assert texts(items) == ["after"]


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body><p>Not a dump</p></body></html>",
        b"",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url>&b;</url></urlset>',
        "<mediawiki></mediawiki>".encode("utf-16"),
    ],
)
def test_what_is_no_dump_is_one_kind_of_error(data):
    items = read(data)
    assert errors(items)[0] == "type: not a MediaWiki dump: it does not begin with <mediawiki>"
    assert texts(items) == []


def test_entities_are_never_declared_or_expanded():
    """A billion laughs in front of the pages, and a page that uses it."""
    bomb = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    items = read(bomb + HEAD + page("A", revision("&b; &x;")) + page("B", revision("fine"), number=2) + END)
    assert errors(items) == ["broken_record: not XML: undefined entity: line 10, column 43"]
    assert texts(items) == ["fine"]


def test_a_page_without_end_is_passed_over_in_bounded_memory():
    small = IngestSettings(max_record_bytes=1000)
    data = (HEAD + "<page><text>" + "x" * 30_000_000 + page("B", revision("after")) + END).encode()
    tracemalloc.start()
    items = read(data, settings=small)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert texts(items) == ["after"]
    assert errors(items) == ["broken_record: the page has no end"]
    assert peak < 5_000_000
