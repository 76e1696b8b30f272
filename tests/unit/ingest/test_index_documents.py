"""What an index picks is read as from the whole WARC, from a folder and over HTTP; what the store does on the way loses and doubles nothing."""

import email.utils
import io
import random
import time

import pytest
from corpusmill.ingest.index import read_index
from corpusmill.ingest.records import read_warc
from corpusmill.ingest.rows import Record, Rejected

from tests.unit.ingest.cc_index import errors, one_file, parquet, picks, read, settings, whole

RULES = {"domains": ["example.org", "news.gov.uk"], "languages": ["eng", "isl"]}


@pytest.mark.parametrize("gap", [0, 500, 10**6], ids="gap {}".format)
@pytest.mark.parametrize("base", ["folder", "http"])
def test_picked_records_are_those_of_the_whole_warc(folder, rows, server, base, gap):
    chosen = settings(folder if base == "folder" else server.url, gap_bytes=gap, **RULES)
    expected = whole(folder, [row for row in rows if picks(row, **RULES)], chosen)
    assert read(rows, chosen) == expected
    assert {type(item) for item in expected} == {Record, Rejected}


def test_a_record_of_common_crawl_passes_for_what_its_index_says(shared_data):
    """The row is cc-index's own for this capture but for the file's name and the places, for the file is cut out of its WARC."""
    base, name = shared_data / "warc", "cc_whirlwind.warc.gz"
    (found,) = [item for item in read_warc((base / name).open("rb"), name, settings("")) if isinstance(item, Record)]
    row = {
        "url": "https://an.wikipedia.org/wiki/Escopete",
        "url_host_name": "an.wikipedia.org",
        "content_digest": "RY7PLBUFQNI2FFV5FTUQK72W6SNPXLQU",
        "warc_filename": name,
        "warc_record_offset": found.offset,
        "warc_record_length": found.length,
    }
    found.file = name
    assert read([row], settings(base, host_suffixes="wikipedia.org")) == [found]


def test_everything_at_once_is_everything_and_few_requests(folder, rows, server):
    chosen = settings(server.url)
    assert read(rows, chosen) == whole(folder, rows, chosen)
    # Requests between the records are closer than the gap; each file is one range.
    assert len(server.requests) == 3
    server.requests.clear()
    assert read(rows, settings(server.url, range_bytes=2000)) == whole(folder, rows, chosen)
    sizes = [int(last) - int(first) + 1 for _, asked in server.requests for first, last in [asked.removeprefix("bytes=").split("-")]]
    assert max(sizes) <= 2000 < sum(sizes)


def test_requests_in_flight_are_bounded_and_as_many_as_allowed(rows, server):
    server.slow = 0.03
    read(rows, settings(server.url, gap_bytes=0, connections=3))
    assert server.most == 3


FAULTS = {
    "too many requests": [(429, {"Retry-After": "7"}), (429, {"Retry-After": "7"})],
    "slow down": [503, 503, 503],
    "forbidden for a while": [403],
    "reset": ["reset", "reset"],
    "cut body": ["cut", "cut"],
    "short range": ["short"],
    "another range": ["shifted"],
    "damaged": ["damaged"],
    "damaged and slow": [503, "damaged", "cut", 503],
}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
def test_a_fault_that_passes_changes_nothing(folder, rows, server, faults):
    slept = []
    server.faults[""] = list(faults)
    chosen = settings(server.url, retries=4, connections=1)
    assert read(rows, chosen, slept.append) == whole(folder, rows, chosen)
    assert not server.faults[""]
    # aiohttp itself sends a request again whose kept connection was reset.
    waits = len([fault for fault in faults if fault != "damaged"])
    assert len(slept) == waits or ("reset" in faults and 0 < len(slept) < waits)
    assert all(wait >= (7 if (429, {"Retry-After": "7"}) in faults else 1) for wait in slept)


@pytest.mark.parametrize("seed", range(8))
def test_random_faults_lose_and_double_nothing(folder, rows, server, seed):
    rng = random.Random(seed)
    kinds = [503, 429, "reset", "cut", "short", "shifted", None, None]
    server.faults[""] = [rng.choice(kinds) for _ in range(60)]
    chosen = settings(server.url, retries=2, gap_bytes=200, range_bytes=3000, connections=3, give_up_after=1000)
    expected, found = whole(folder, rows, chosen), read(rows, chosen)
    assert [(item.file, item.offset) for item in found] == [(item.file, item.offset) for item in expected]
    wrong = [item for item, right in zip(found, expected, strict=True) if item != right]
    assert all(isinstance(item, Rejected) and item.error.startswith("fetch: ") for item in wrong)
    assert len(wrong) < len(found)


LASTING = {
    "slow down": ([503] * 3, "fetch: HTTP 503"),
    "reset": (["reset"] * 9, "fetch: "),
    "cut": (["cut"] * 3, "fetch: "),
    "short": (["short"] * 3, "fetch: the answer breaks off after"),
    "whole files": (["whole"], "fetch: the server gives whole files only"),
    "absent": ([404], "fetch: HTTP 404"),
    "damaged": (["damaged"] * 2, "changed: no gzip member here"),
}


@pytest.mark.parametrize(("faults", "error"), LASTING.values(), ids=LASTING)
def test_a_fault_that_lasts_is_a_rejected_record_with_file_and_offset(folder, rows, server, faults, error):
    row = one_file(rows)[3]
    server.faults["/" + row["warc_filename"]] = list(faults)
    (item,) = read([row], settings(server.url, retries=2))
    assert isinstance(item, Rejected)
    assert (item.file, item.offset) == (row["warc_filename"].split("/")[-1], row["warc_record_offset"])
    assert item.error.startswith(error)
    assert len(server.requests) == len(faults) or "reset" in faults


def test_a_request_that_hangs_is_given_up(rows, server):
    server.faults[""] = ["stall", "stall"]
    (item,) = read(rows[:1], settings(server.url, retries=1, timeout_seconds=0.2))
    assert item.error == "fetch: no answer in 0.2 seconds"


def test_a_store_that_is_away_fails_the_task_and_rejects_nothing_for_it(rows, server):
    server.faults[""] = [403] * 1000
    with pytest.raises(OSError, match=r"ingest\.index\.base: 5 requests in a row to http.* failed, each sent several times: HTTP 403"):
        read(rows, settings(server.url, gap_bytes=0, retries=1, give_up_after=5))
    with pytest.raises(OSError, match="ClientConnector"):
        read(rows, settings("http://127.0.0.1:9/", gap_bytes=0, retries=0, give_up_after=2))


def test_failures_between_successes_do_not_add_up(rows, server):
    server.faults[""] = [503, None] * 6
    found = read(rows[:12], settings(server.url, gap_bytes=0, retries=0, give_up_after=2, connections=1))
    assert errors(found)["fetch"] == 6


def test_a_task_that_ends_early_does_not_sit_out_its_waits(rows, server):
    asked = 100
    server.faults[""] = [None, *[(503, {"Retry-After": str(asked)})] * 20]
    begin = time.monotonic()
    items = read_index(io.BytesIO(parquet(rows)), "part.parquet", settings(server.url, gap_bytes=0, connections=1))
    assert isinstance(next(items), Record | Rejected)
    items.close()
    assert time.monotonic() - begin < asked / 2


def test_files_that_are_missing_are_rejected_without_waiting(folder, rows, server):
    """A folder that holds a part of a crawl."""
    gone = [{**row, "warc_filename": row["warc_filename"] + "x"} for row in rows]
    for base in (folder, server.url):
        slept = []
        found = read([*rows[:5], *gone], settings(base, give_up_after=1, gap_bytes=0), slept.append)
        assert errors(found)["fetch"] == len(rows)
        assert not slept


def test_a_record_named_twice_comes_twice_by_one_request(folder, rows, server):
    """So that the job's rule of repeated ids sees it: one becomes the document, the other a rejected record."""
    chosen = settings(server.url)
    once = read(rows[:1], chosen)
    assert read(rows[:1] * 3, chosen) == once * 3
    assert len(server.requests) == 2


def test_a_record_that_is_no_response_and_one_too_large_are_rejected(folder, rows):
    start = {**one_file(rows)[0], "warc_record_offset": 0}
    assert read([start], settings(folder))[0].error.startswith("changed: the record is of")
    chosen = settings(folder, range_bytes=1).model_copy(update={"max_record_bytes": 10})
    assert errors(read(rows, chosen)) == errors(whole(folder, rows, chosen))
    large = {**rows[0], "warc_record_length": 10**9}
    assert read([large], settings(folder))[0].error == "too_large: 1,000,000,000 bytes compressed"


def test_a_wrong_file_is_rejected_rows_and_nothing_is_fetched(server):
    for data in (b"<html>Sign in</html>", parquet([{"url": "a", "text": "b"}])):
        assert len(read(data, settings(server.url))) == 1
    assert not server.requests


def test_a_date_in_retry_after_is_waited_for(rows, server):
    slept = []
    server.faults[""] = [(503, {"Retry-After": email.utils.formatdate(time.time() + 40, usegmt=True)}), (503, {"Retry-After": "soon"})]
    read(rows[:1], settings(server.url), slept.append)
    assert 35 <= slept[0] <= 60
    assert 2 <= slept[1] <= 3
