"""Lists match as their plain twin does, and no URL raises or takes long."""

import re
import time
from urllib.parse import urlsplit

import pytest
from corpusmill.ingest.url_filter import UrlFilter
from corpusmill.ingest.urls import parse_url, words_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.ingest.url_lists import listed

LABELS = st.sampled_from(["a", "bad", "b-c", "www", "Bad", "x9", "co", "example"])
HOSTS = st.lists(LABELS, min_size=1, max_size=4).map(".".join)
PATHS = st.lists(st.sampled_from(["", "a", "bad", "x.html", "b_c", "Hot-Girls"]), max_size=4).map(
    lambda parts: "".join("/" + p for p in parts)
)
URLS = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https"]),
    HOSTS,
    st.sampled_from(["", ":80", "."]),
    PATHS,
    st.sampled_from(["", "?bad=1"]),
)
ENTRIES = {"domains": HOSTS, "urls": st.builds("{}{}".format, HOSTS, PATHS), "words": LABELS, "soft_words": LABELS, "substrings": LABELS}


def twin(url, kind, entries):
    """The same by sets and loops. Words and substrings are as datatrove's filter has them (pipeline/filters/url_filter.py), but for letter case."""
    split = urlsplit(url)
    host = split.hostname.rstrip(".")
    words = {word for word in re.split(r"[^a-zA-Z0-9]+", url.lower()) if word}
    wanted = {re.sub(r"[^a-z0-9]", "", entry.lower()) for entry in entries}
    if kind == "domains":
        return any(host == entry.lower() or host.endswith("." + entry.lower()) for entry in entries)
    if kind == "urls":
        bare = (re.sub(r"^www\d?\.(?=.*\.)", "", host) + split.path).rstrip("/") + "/"
        own = [(entry.partition("/")[0].lower(), entry.partition("/")[2]) for entry in entries]
        starts = [(re.sub(r"^www\d?\.(?=.*\.)", "", entry_host) + "/" + path).rstrip("/") + "/" for entry_host, path in own]
        return any(bare.startswith(start) for start in starts)
    if kind == "words":
        return bool(words & wanted)
    if kind == "soft_words":
        return len(words & wanted) >= 2
    return any(entry in re.sub(r"[^a-z0-9]", "", url.lower()) for entry in wanted)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), kind=st.sampled_from(sorted(ENTRIES)))
def test_lists_match_as_their_plain_twin(tmp_path_factory, data, kind):
    entries = data.draw(st.lists(ENTRIES[kind], min_size=1, max_size=12))
    urls = data.draw(st.lists(URLS, min_size=10, max_size=30))
    filter_ = UrlFilter((listed(tmp_path_factory.mktemp("lists"), kind, entries),), 2, False)
    assert [url for url in urls if (filter_.rejection(url) is not None) != twin(url, kind, entries)] == []


@pytest.fixture(scope="module")
def every_kind(tmp_path_factory):
    folder = tmp_path_factory.mktemp("every")
    return UrlFilter([listed(folder, kind, ["bad.example", "x"]) for kind in sorted(ENTRIES)], 2, False)


@settings(max_examples=150, deadline=None)
@given(
    url=st.one_of(
        st.text(), st.text(alphabet="/:@[]%?#.\\\ud800ü。\u200d0aA-_"), st.binary().map(lambda b: b.decode("utf-8", "surrogateescape"))
    )
)
@example(url="http://[" + ":" * 5000)
@example(url="http://" + "a." * 30_000 + "com/" + "b/" * 30_000)
@example(url="http://" + "ü" * 10_000)
@example(url="http://%ff%fe.%00/")
@example(url="http://[::ffff:1.2.3.4%25eth0]/")
@example(url="http://\ud800.com/%")
def test_no_url_raises(every_kind, url):
    every_kind.rejection(url)
    address = parse_url(url)
    assert address.host == address.host.lower()
    assert len(list(address.domains())) <= 255
    assert all(word == word.lower() for word in words_of(url)) or not url.isascii()


def test_long_urls_take_linear_time(every_kind):
    def seconds(count):
        began = time.process_time()
        for _ in range(20):
            every_kind.rejection("http://a.example/" + "b/" * count)
        return time.process_time() - began

    seconds(10)
    assert seconds(4000) < 64 * seconds(500) + 0.5


def test_many_substrings_are_one_pattern(tmp_path):
    entries = [f"{number:05d}q" for number in range(20_000)]
    filter_ = UrlFilter((listed(tmp_path, "substrings", entries),), 2, False)
    assert filter_.rejection("http://a.example/19999-Q") == "url: adult"
    assert filter_.rejection("http://a.example/20000-Q") is None
