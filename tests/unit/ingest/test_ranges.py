"""How byte ranges are put together, fetched in order, and waited for."""

import itertools
import random
import threading
import time

import pytest
from corpusmill.ingest.fetch import Fetched, FetchError, Patience
from corpusmill.ingest.index_rows import IndexRow
from corpusmill.ingest.ranges import coalesce, in_order
from hypothesis import given
from hypothesis import strategies as st

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
