"""Which rows of a columnar index the rules pick: those that the same rules pick in plain Python, whatever the row groups and types."""

import io
import random
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corpusmill.config import load_config
from corpusmill.errors import ConfigError
from corpusmill.ingest.index_rows import Picked, pick_rows
from corpusmill.ingest.index_rules import check_index
from corpusmill.ingest.parsed import extraction
from corpusmill.settings import IndexSettings, IngestSettings

from tests.unit.ingest.cc_index import parquet, picks, write_crawl


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return write_crawl(tmp_path_factory.mktemp("crawl"), records=60)


def picked(data, **rules):
    """(rows, rejected rows) of a part."""
    found = Picked()
    rejected = list(pick_rows(io.BytesIO(data), IndexSettings(**rules), found))
    return list(found.rows()), rejected


def places(found):
    return [(row.warc, row.offset, row.length, row.url, row.digest) for row in found]


def expected(rows, **rules):
    names = ("warc_filename", "warc_record_offset", "warc_record_length", "url", "content_digest")
    return sorted(tuple(row[name] for name in names) for row in rows if picks(row, **rules))


RULES = {
    "no rule": ({}, {}),
    "domains": ({"domains": ["Example.org", "none.com"]}, {"domains": ["example.org"]}),
    "hosts": ({"host_suffixes": [".example.org", "gov.uk"]}, {"host_suffixes": ["example.org", "gov.uk"]}),
    "addresses": ({"host_suffixes": "10.0.0.1"}, {"host_suffixes": ["10.0.0.1"]}),
    "url": ({"url_regex": r"/\d+/[1-3]\?q=\d$"}, {"url": re.compile(r"/\d+/[1-3]\?q=\d$").search}),
    "languages": ({"languages": ["isl", "zho"]}, {"languages": ["isl", "zho"]}),
    "types": ({"mime_types": "text/plain"}, {"mime_types": ["text/plain"]}),
    "statuses": ({"statuses": [404]}, {"statuses": [404]}),
    "at least": ({"min_length": 345}, {"lengths": (345, 2**62)}),
    "between": ({"min_length": 300, "max_length": 345}, {"lengths": (300, 345)}),
    "sample": ({"sample": 0.3}, {"sample": 0.3}),
    "all together": (
        {"domains": "example.org", "languages": "eng", "statuses": [200], "url_regex": "blog|www", "sample": 0.9},
        {"domains": ["example.org"], "languages": ["eng"], "statuses": [200], "url": re.compile("blog|www").search, "sample": 0.9},
    ),
    "nothing": ({"domains": "none.com"}, {"domains": ["none.com"]}),
}


@pytest.mark.parametrize(("rules", "twin"), RULES.values(), ids=RULES)
def test_the_rules_pick_what_plain_python_picks_by_file_and_offset(rows, rules, twin):
    found, rejected = picked(parquet(rows), **rules)
    assert places(found) == expected(rows, **twin)
    assert not rejected
    assert len(found) < len(rows) or not rules
    assert found or "none.com" in str(rules)


@pytest.fixture(scope="module")
def parts(rows):
    """The same part with row groups of several sizes."""
    return {size: parquet(rows, row_group_size=size) for size in (3, 20, 70)}


@pytest.mark.parametrize("seed", range(40))
def test_no_row_group_is_left_out_that_holds_a_picked_row(rows, parts, seed):
    rng = random.Random(seed)

    def some(values, most=2):
        return rng.sample(values, rng.randrange(most + 1))

    rules = {
        "domains": some(["example.org", "news.gov.uk", "none.com"]),
        "host_suffixes": some(["org", "uk", "blog.example.org", "1", "10.0.0.1"]),
        "languages": some(["eng", "isl", "fra"]),
        "statuses": some([200, 404, 500]),
    }
    least, most = rng.randrange(400), rng.choice([0, 330, 370])
    twin = {**rules, "lengths": (least, most or 2**62)}
    for data in parts.values():
        found, _ = picked(data, **rules, min_length=least, max_length=most)
        assert places(found) == expected(rows, **twin)


class Counting(io.BytesIO):
    """Counts the bytes that are read."""

    count = 0

    def read(self, size=-1):
        data = super().read(size)
        self.count += len(data)
        return data


@pytest.mark.parametrize(
    "rules", [{"domains": "zz.org"}, {"host_suffixes": "example.zz"}, {"statuses": [500]}, {"min_length": 10**6}, {"languages": "aaa"}]
)
def test_row_groups_that_statistics_exclude_are_not_read(rows, rules):
    data = parquet(rows * 200, row_group_size=4000)
    read = {}
    for name, some in (("nothing", rules), ("everything", {"sample": 0.0})):
        file = Counting(data)
        assert list(pick_rows(file, IndexSettings(**some), Picked())) == []
        read[name] = file.count
    assert read["nothing"] * 2 < read["everything"]


def test_other_types_of_the_same_columns_are_read_alike(rows):
    others = {"url": pa.large_string(), "fetch_status": pa.int16(), "warc_record_offset": pa.int64(), "warc_record_length": pa.uint32()}
    others |= {
        "warc_filename": pa.dictionary(pa.int32(), pa.string()),
        "url_host_registered_domain": pa.dictionary(pa.int32(), pa.string()),
    }
    rules = {"domains": "example.org", "statuses": [200], "min_length": 10}
    assert picked(parquet(rows, **others), **rules) == picked(parquet(rows), **rules)
    texts = {"fetch_status": pa.string()}
    written = [{**row, "fetch_status": str(row["fetch_status"])} for row in rows]
    assert picked(parquet(written, **texts), statuses=[200]) == picked(parquet(rows), statuses=[200])


def test_a_sample_is_the_same_urls_in_every_part_and_a_larger_one_holds_it(rows):
    one, two = ({row.url for row in picked(parquet(some), sample=0.5)[0]} for some in (rows, rows[::-1]))
    assert one == two < {row.url for row in picked(parquet(rows), sample=0.8)[0]}


@pytest.mark.parametrize(
    "name",
    ["../secret.gz", "a/../../b.gz", "/etc/passwd", "file:///etc/passwd", "https://evil.example/a", "a//b", "a/./b", "..", "", None, "a\\..\\b",
     "a?b", "a#b", "%2e%2e/a", "a\nb"],
)  # fmt: skip
def test_a_file_name_cannot_leave_the_base(rows, name):
    found, rejected = picked(parquet([{**rows[0], "warc_filename": name}, rows[1]]))
    assert [row.url for row in found] == [rows[1]["url"]]
    assert [(item.offset, item.error.split(":")[0]) for item in rejected] == [(0, "no_place")]


@pytest.mark.parametrize(
    "wrong", [{"warc_record_offset": -1}, {"warc_record_offset": None}, {"warc_record_length": 0}, {"warc_record_length": None}]
)
def test_a_row_without_a_byte_range_is_rejected_by_its_number_in_the_part(rows, wrong):
    found, rejected = picked(parquet([*rows[:30], {**rows[30], **wrong}], row_group_size=1), statuses=[rows[30]["fetch_status"]])
    assert len(found) == sum(row["fetch_status"] == rows[30]["fetch_status"] for row in rows[:30])
    assert [item.offset for item in rejected] == [30]


def test_a_file_that_is_no_index_is_one_rejected_row_that_says_why(rows):
    for data, rules, error in (
        (b"<html><body>Sign in</body></html>", {}, "broken_record: Parquet: "),
        (b"", {}, "broken_record: Parquet: "),
        (parquet(rows)[:-100], {}, "broken_record: Parquet: "),
        (parquet(rows, warc_filename=None, url=None), {}, "no_index: 180 rows without the columns url, warc_filename"),
        (parquet(rows, content_languages=None), {"languages": "eng"}, "no_index: 180 rows without the columns content_languages"),
        (parquet(rows, content_mime_detected=None, content_mime_type=None), {"mime_types": "a/b"}, "no_index: "),
    ):  # fmt: skip
        found, rejected = picked(data, **rules)
        assert not found
        assert [(item.offset, item.error[: len(error)]) for item in rejected] == [(0, error)]
    table = pq.read_table(io.BytesIO(parquet(rows)))
    pq.write_table(table.append_column("url", table["url"]), twice := io.BytesIO())
    assert [item.error for item in picked(twice.getvalue())[1]] == ["no_index: 180 rows without the columns url"]
    assert picked(parquet(rows, content_mime_detected=None), mime_types="text/html")[0]
    assert picked(parquet(rows, content_languages=None, content_digest=None))[0][0].digest == ""


def test_a_part_that_is_damaged_inside_gives_the_rows_before(rows):
    data = bytearray(parquet(rows, row_group_size=60))
    middle = len(data) // 2
    data[middle : middle + 200] = bytes(200)
    found, rejected = picked(bytes(data))
    assert 0 < len(found) < len(rows)
    assert [item.error.split(":")[0] for item in rejected] == ["broken_record"]


def test_what_storage_raises_goes_on_to_the_caller(rows):
    class Away(io.BytesIO):
        def read(self, size=-1):
            raise ConnectionResetError(104, "reset")

    with pytest.raises(OSError, match="reset"):
        list(pick_rows(Away(parquet(rows)), IndexSettings(), Picked()))


def test_rules_that_cannot_be_followed_are_named_before_anything_is_read(tmp_path):
    with pytest.raises(ConfigError, match=r"ingest\.index\.url_regex: invalid regular expression.*RE2"):
        check_index(IndexSettings(url_regex="(?=a)"))
    with pytest.raises(ConfigError, match=r"ingest\.index\.base: there is no folder .*none"):
        check_index(IndexSettings(base=str(tmp_path / "none")))
    check_index(IndexSettings(base=str(tmp_path), url_regex="a.*b"))
    check_index(IndexSettings(base="s3a://commoncrawl"))
    with pytest.raises(ConfigError, match=r"ingest\.index\.languages\.1.*got 'en'"):
        load_config([], ["ingest.index.languages=en"])
    assert load_config([], ["ingest.index.domains=example.org", "ingest.index.sample=0.5"]).ingest.index.domains == ("example.org",)


def test_what_only_says_how_to_fetch_is_no_part_of_the_state():
    plain = IngestSettings(format="cc_index")
    how = {"base": "s3a://commoncrawl", "gap_bytes": 1, "range_bytes": 1, "connections": 1, "retries": 1, "give_up_after": 1}
    how |= {"longest_wait_seconds": 1.0, "timeout_seconds": 1.0}
    rules = {"domains": "a.b", "host_suffixes": "b", "url_regex": "c", "languages": "eng", "mime_types": "a/b"}
    rules |= {"statuses": [200], "min_length": 1, "max_length": 1, "sample": 0.5}
    assert {*how, *rules} == {*IndexSettings.model_fields}
    assert extraction(plain.model_copy(update={"index": IndexSettings(**how)})) == extraction(plain)
    for name, value in rules.items():
        assert extraction(plain.model_copy(update={"index": IndexSettings(**{name: value})})) != extraction(plain)
    assert extraction(IngestSettings(index=IndexSettings(**rules))) == extraction(IngestSettings())
