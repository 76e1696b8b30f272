"""Real archives of several crawlers, in full: counts that were taken by hand, and one crawl that exists as WARC and as ARC."""

from collections import Counter

import pytest
from corpusmill.ingest.formats import read_records
from corpusmill.ingest.identity import text_digest
from corpusmill.ingest.rows import Record, Rejected
from corpusmill.settings import IngestSettings

from tests.unit.ingest.archives import errors, others, texts

SETTINGS = IngestSettings()


@pytest.fixture(scope="module")
def archive(shared_data):
    def read(name):
        return list(read_records(str(shared_data / "warc" / name), SETTINGS))

    return read


def kinds(items):
    return Counter(item.extraction.name for item in items if isinstance(item, Record))


def test_geocities_has_130_documents_and_169_rejected_records(archive):
    items = archive("geocities_2009.warc.gz")
    assert kinds(items) == {"resiliparse": 94, "none": 36}
    found = Counter(errors(items))
    assert len(errors(items)) == 169
    assert found["type: text/dns"] == 38
    assert found["http_status: 404"] == 40
    assert found["http_status: 301"] + found["http_status: 302"] == 7
    assert others(items) == 523
    assert not [error for error in found if error.startswith("broken")]


def test_the_arc_of_the_same_crawl_gives_the_same_texts(archive):
    """Two readers behind one interface (corpus.md section 4, row 34)."""
    warc, arc = archive("geocities_2009.warc.gz"), archive("example_2008.arc.gz")
    assert Counter((i.url, i.fetched_at, text_digest(i.text)) for i in warc if isinstance(i, Record)) == Counter(
        (i.url, i.fetched_at, text_digest(i.text)) for i in arc if isinstance(i, Record)
    )
    assert sorted(errors(warc)) == sorted(errors(arc))
    # The ARC file says no digests; ours is the one that Heritrix wrote into the WARC file.
    assert {i.url: i.digest for i in warc if isinstance(i, Record)} == {i.url: i.digest for i in arc if isinstance(i, Record)}
    assert len({i.doc_id for i in arc if isinstance(i, Record)}) == 130


def test_a_page_of_common_crawl_and_its_wet_record(archive):
    page, wet, wat = (archive(f"cc_whirlwind.{kind}.gz") for kind in ("warc", "warc.wet", "warc.wat"))
    assert (len(texts(page)), errors(page), others(page)) == (1, [], 3)
    assert (page[0].offset, page[0].length, page[0].fetched_at.isoformat()) == (1023, 17351, "2024-05-18T01:58:10+00:00")
    assert page[0].digest == "sha1:RY7PLBUFQNI2FFV5FTUQK72W6SNPXLQU"
    assert (len(texts(wet)), errors(wet), others(wet)) == (1, [], 1)
    assert "Escopete" in texts(page)[0]
    assert "Escopete" in texts(wet)[0]
    assert (texts(wat), errors(wat), others(wat)) == ([], [], 2)


def test_a_damaged_arc_keeps_what_is_whole(archive):
    items = archive("bad.arc.gz")
    assert texts(items)[0].startswith("####")
    assert len(texts(items)) == 1
    assert Counter(error.partition(":")[0] for error in errors(items)) == {"type": 1, "broken_record": 3}
    assert [item.offset for item in items if isinstance(item, Rejected)] == sorted(i.offset for i in items if isinstance(i, Rejected))


def test_office_documents_are_all_rejected_by_type(archive):
    items = archive("office_documents.warc.gz")
    assert not texts(items)
    assert len(errors(items)) == 9
    assert all(error.startswith("type: ") for error in errors(items))


def test_archives_of_wget_and_of_a_browser(archive):
    items = archive("issue-514.warc")
    assert (len(texts(items)), errors(items), others(items)) == (3, ["http_status: 307"], 4)
    assert next(i.url for i in items if isinstance(i, Record)) == "https://wiki.archiveteam.org/"
    items = archive("issue-493.warc")
    assert (len(texts(items)), len(errors(items)), others(items)) == (4, 6, 22)
