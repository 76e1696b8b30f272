"""What an index picks is read as from the whole WARC, from a folder and over HTTP; what the store does on the way loses and doubles nothing."""

import email.utils
import io
import itertools
import random
import threading
import time
from collections import Counter

import pytest
from corpusmill.ingest.fetch import Fetched, FetchError, Patience
from corpusmill.ingest.index import read_index
from corpusmill.ingest.index_rows import IndexRow
from corpusmill.ingest.ranges import coalesce, in_order
from corpusmill.ingest.records import read_warc
from corpusmill.ingest.rows import Record, Rejected
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ingest.byte_server import ByteServer
from tests.unit.ingest.cc_index import parquet, picks, read, settings, whole, write_crawl

RULES = {"domains": ["example.org", "news.gov.uk"], "languages": ["eng", "isl"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("crawl")


@pytest.fixture(scope="module")
def rows(folder):
    return write_crawl(folder)


@pytest.fixture
def server(folder):
    with ByteServer(folder) as opened:
        yield opened


def one_file(rows):
    """The rows of the first file."""
    first = min(row["warc_filename"] for row in rows)
    return [row for row in rows if row["warc_filename"] == first]


def errors(items):
    return Counter(item.error.split(":")[0] for item in items if isinstance(item, Rejected))


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


def change(folder, tmp_path, rows, damage):
    """The crawl in another folder with its first file changed by `damage`, and the rows of that file."""
    for row in rows:
        file = tmp_path / row["warc_filename"]
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.write_bytes((folder / row["warc_filename"]).read_bytes())
    chosen = one_file(rows)
    file = tmp_path / chosen[0]["warc_filename"]
    file.write_bytes(damage(file.read_bytes()))
    return chosen


def test_a_file_that_was_replaced_gives_changed_records_and_the_others_stay(folder, rows, tmp_path):
    other = write_crawl(tmp_path / "other", files=1, seed=9)
    replaced = change(folder, tmp_path, rows, lambda _: (tmp_path / "other" / other[0]["warc_filename"]).read_bytes())
    with ByteServer(tmp_path) as server:
        found = read(rows, settings(server.url, gap_bytes=0))
        # One record is fetched again to be sure; then the file is known to be another.
        assert len(server.requests) <= len(rows) + 2
    assert errors(found)["changed"] == len(replaced)
    kept = [item for item in found if not (isinstance(item, Rejected) and item.error.startswith("changed"))]
    names = {row["url"] for row in replaced}
    assert kept == whole(folder, [row for row in rows if row["url"] not in names], settings(folder))


def test_a_file_that_lost_its_end_keeps_the_records_before(folder, rows, tmp_path):
    chosen = change(folder, tmp_path, rows, lambda data: data[: len(data) // 2])
    for base in (tmp_path, ""):
        with ByteServer(tmp_path) as server:
            found = read(chosen, settings(base or server.url))
        lost = [item for item in found if isinstance(item, Rejected) and item.error.startswith(("changed", "fetch: HTTP 416"))]
        kept = found[: len(found) - len(lost)]
        assert 0 < len(lost) < len(found)
        assert kept == whole(folder, chosen, settings(folder))[: len(kept)]


def test_another_url_or_digest_is_a_changed_record(folder, rows):
    row = next(row for row in rows if row["fetch_status"] == 200 and row["content_mime_type"] == "text/html")
    wrong = [{**row, "url": row["url"] + "0"}, {**row, "content_digest": "A" * 32}, {**row, "warc_record_length": 30}]
    (one,), (two,), (three,) = (read([row], settings(folder)) for row in wrong)
    assert one.error == f"changed: the record is of {row['url']}"
    assert two.error == f"changed: the payload's digest is {row['content_digest']}"
    assert three.error.startswith("changed: ")
    (right,) = read([{**row, "content_digest": None}], settings(folder))
    assert isinstance(right, Record)


def test_another_version_of_a_file_is_trusted_by_digests_alone(rows, server):
    """Two requests of one file: the second comes with another ETag, though the bytes are the same."""
    chosen = [row for row in one_file(rows) if row["fetch_status"] == 200][:2]
    path = "/" + chosen[0]["warc_filename"]
    one_by_one = settings(server.url, gap_bytes=0, connections=1)
    server.faults[path] = [None, "another", "another"]
    assert errors(read(chosen, one_by_one))["changed"] == 0
    unproven = [{**row, "content_digest": None} for row in chosen]
    server.faults[path] = [None, "another", "another"]
    assert errors(read(unproven, one_by_one)) == Counter(errors(read(chosen, one_by_one)), changed=1)
    server.faults[path] = [None, "another"]
    assert errors(read(unproven, one_by_one))["changed"] == 0


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


PLACES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 300), st.integers(1, 60)), max_size=40)


@given(places=PLACES, gap=st.integers(0, 80), most=st.integers(1, 200))
def test_ranges_hold_every_record_once_and_keep_their_bounds(places, gap, most):
    rows = [IndexRow(name, offset, length, "", "") for name, offset, length in sorted(places)]
    ranges = list(coalesce(iter(rows), gap, most))
    assert [row for found in ranges for row in found.rows] == rows
    for found in ranges:
        assert all(row.warc == found.warc and found.start <= row.offset and row.end <= found.end for row in found.rows)
        assert found.end == max(row.end for row in found.rows)
        assert found.end - found.start <= most or len(found.rows) == 1
        reached = found.rows[0].end
        for row in found.rows:
            assert row.offset <= reached + gap
            reached = max(reached, row.end)
    for one, two in itertools.pairwise(ranges):
        assert one.warc != two.warc or two.start > one.end + gap or max(one.end, two.rows[0].end) - one.start > most


def test_work_on_many_pieces_comes_in_order_and_reads_ahead_no_further_than_allowed():
    taken, lock = [], threading.Lock()

    def pieces():
        for number in range(30):
            with lock:
                taken.append(number)
            yield number

    def work(number):
        time.sleep(0.001 * (number % 4))
        return number * 2

    for number, result in in_order(pieces(), work, 3):
        assert result == number * 2
        assert len(taken) <= number + 4
    assert taken == list(range(30))


def test_waits_grow_with_jitter_to_a_bound_and_heed_the_server():
    slept = []

    def refuse(wait, is_final=False):
        def ask():
            raise FetchError("no", is_final=is_final, wait=wait)

        return ask

    for wait in (0.0, 30.0, 500.0):
        with pytest.raises(FetchError):
            Patience(6, 60.0, slept.append, random.Random(0)).until_had(refuse(wait))
    plain, asked, longest = slept[:6], slept[6:12], slept[12:]
    assert all(2**i <= plain[i] <= 1.5 * 2**i for i in range(6))
    assert len({wait / 2**i for i, wait in enumerate(plain[:5])}) == 5
    assert all(30 <= wait <= 60 for wait in asked)
    assert longest == [60.0] * 6
    with pytest.raises(FetchError):
        Patience(6, 60.0, slept.append).until_had(refuse(0.0, is_final=True))
    assert len(slept) == 18
    assert Patience(0, 1.0).until_had(lambda: Fetched(b"a")) == Fetched(b"a")


def test_a_date_in_retry_after_is_waited_for(rows, server):
    slept = []
    server.faults[""] = [(503, {"Retry-After": email.utils.formatdate(time.time() + 40, usegmt=True)}), (503, {"Retry-After": "soon"})]
    read(rows[:1], settings(server.url), slept.append)
    assert 35 <= slept[0] <= 60
    assert 2 <= slept[1] <= 3
