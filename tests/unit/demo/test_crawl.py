"""The demo's crawl: the same bytes from the same packages, in many languages, with every planted case where planted.json says."""

import json

import pytest
from corpusmill.demo.crawl import Quota, make_crawl
from fastwarc.warc import ArchiveIterator, WarcRecordType

SMALL = Quota(packages=2, articles=2, standard=2, services=2, manuals=2, pydoc=2, licences=2)


@pytest.fixture(scope="module")
def crawl(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crawl")
    assert make_crawl(folder, SMALL) > 0
    return folder


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_bytes_again(crawl, tmp_path):
    make_crawl(tmp_path, SMALL)
    assert bytes_of(tmp_path) == bytes_of(crawl)


def test_a_crawl_that_is_there_is_left_alone(crawl):
    before = {path: path.stat().st_mtime_ns for path in crawl.iterdir()}
    said = []
    make_crawl(crawl, SMALL, said.append)
    assert {path: path.stat().st_mtime_ns for path in crawl.iterdir()} == before
    assert len(said) == 1
    assert "there already" in said[0]


def test_planted_cases_are_where_they_are_said_to_be(crawl):
    known = json.loads((crawl / "planted.json").read_text(encoding="utf-8"))
    assert {"email", "phone", "ip", "benchmark item", "near duplicate", "exact duplicate", "truncated record"} <= {
        case["name"] for case in known["cases"]
    }
    urls = {}
    for path in crawl.glob("*.warc.gz"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=False):
                urls[path.name, record.stream_pos] = record.headers["WARC-Target-URI"]
    assert len(urls) in (known["pages"], known["pages"] - 1)  # a reader may or may not give the record that is cut short
    for case in known["cases"]:
        if case["name"] != "truncated record":
            assert urls[case["file"], case["offset"]] == case["url"]


def test_hand_written_pages_in_four_languages(crawl):
    hosts = set()
    for path in crawl.glob("*.warc.gz"):
        with path.open("rb") as file:
            hosts |= {
                record.headers["WARC-Target-URI"].split("/")[2]
                for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=False)
            }
    assert {"zh.example", "de.example", "fr.example", "ja.example"} <= hosts
