"""The table of canonicalisations, and what holds of every URL."""

import pytest
from corpusmill.dedup.urls import canonical_url
from hypothesis import given, settings
from hypothesis import strategies as st

SAME = [
    # scheme, host, port, user
    ("http://example.com/a", "example.com/a"),
    ("https://example.com/a", "example.com/a"),
    ("HTTP://EXAMPLE.com/a", "example.com/a"),
    ("http://www.example.com/a", "example.com/a"),
    ("http://www2.example.com/a", "example.com/a"),
    ("http://www.com/a", "www.com/a"),
    ("http://wwwexample.com/a", "wwwexample.com/a"),
    ("http://example.com:80/a", "example.com/a"),
    ("https://example.com:443/a", "example.com/a"),
    ("http://example.com:443/a", "example.com:443/a"),
    ("http://example.com:8080/a", "example.com:8080/a"),
    ("http://example.com:/a", "example.com/a"),
    ("http://example.com:080/a", "example.com/a"),
    ("http://user:secret@example.com/a", "example.com/a"),
    ("http://example.com./a", "example.com/a"),
    ("http://Bücher.example/a", "xn--bcher-kva.example/a"),
    ("http://[2001:0DB8::1]:80/a", "[2001:db8::1]/a"),
    # path
    ("http://example.com", "example.com/"),
    ("http://example.com/", "example.com/"),
    ("http://example.com//", "example.com/"),
    ("http://example.com/a/", "example.com/a"),
    ("http://example.com/A", "example.com/A"),
    ("http://example.com/a//b", "example.com/a//b"),
    ("http://example.com/a/./b", "example.com/a/b"),
    ("http://example.com/a/../b", "example.com/b"),
    ("http://example.com/../b", "example.com/b"),
    ("http://example.com/a/..", "example.com/"),
    ("http://example.com\\a\\b", "example.com/a/b"),
    ("http://example.com/index.html", "example.com/index.html"),
    ("http://example.com/.well-known/x", "example.com/.well-known/x"),
    # percent signs
    ("http://example.com/%7Euser", "example.com/~user"),
    ("http://example.com/%7euser", "example.com/~user"),
    ("http://example.com/a%2fb", "example.com/a%2Fb"),
    ("http://example.com/a b", "example.com/a%20b"),
    ("http://example.com/é", "example.com/%C3%A9"),
    ("http://example.com/%c3%a9", "example.com/%C3%A9"),
    ("http://example.com/100%", "example.com/100%"),
    # fragment
    ("http://example.com/a#top", "example.com/a"),
    ("http://example.com/a#", "example.com/a"),
    ("http://example.com/a#!/page", "example.com/a#!/page"),
    # query
    ("http://example.com/a?", "example.com/a"),
    ("http://example.com/?q=1", "example.com/?q=1"),
    ("http://example.com?q=1", "example.com/?q=1"),
    ("http://example.com/a?b=2&a=1", "example.com/a?a=1&b=2"),
    ("http://example.com/a?a=2&a=1", "example.com/a?a=1&a=2"),
    ("http://example.com/a?&a=1&", "example.com/a?a=1"),
    ("http://example.com/a?utm_source=x&utm_medium=y", "example.com/a"),
    ("http://example.com/a?id=7&utm_campaign=x", "example.com/a?id=7"),
    ("http://example.com/a?id=7&utm%5Fcampaign=x", "example.com/a?id=7"),
    ("http://example.com/a?fbclid=x&id=7&gclid=y", "example.com/a?id=7"),
    ("http://example.com/a?PHPSESSID=0123456789abcdef&id=7", "example.com/a?id=7"),
    ("http://example.com/a;jsessionid=0123?id=7", "example.com/a?id=7"),
    ("http://example.com/a?redirect=http://other.org/?x", "example.com/a?redirect=http://other.org/?x"),
    # what surrounds it, and what is no page of the web
    ("  http://example.com/a\n", "example.com/a"),
    ("http://exam\nple.com/a", "example.com/a"),
    ("ftp://example.com/a/", "ftp://example.com/a/"),
    ("urn:uuid:0123", "urn:uuid:0123"),
    ("http:///a", "http:///a"),
    ("no url", "no url"),
    ("", ""),
]


@pytest.mark.parametrize(("url", "canonical"), SAME)
def test_table(url, canonical):
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.com/a", "http://example.com/b"),
        ("http://example.com/a", "http://sub.example.com/a"),
        ("http://example.com/a?id=1", "http://example.com/a?id=2"),
        ("http://example.com/a/b", "http://example.com/a%2Fb"),
        ("http://example.com/a", "ftp://example.com/a"),
    ],
)
def test_other_pages_stay_apart(one, other):
    assert canonical_url(one) != canonical_url(other)


PARTS = st.lists(st.sampled_from(["%41", "%5F", "%2e", "%2f", "%%41", "utm%5Fx=1", "sid=1", *"aB1/.~%2é ?&=#!:@;\\-_"]), max_size=20).map(
    "".join
)


@settings(deadline=None)
@given(PARTS)
def test_any_text_has_a_spelling_that_is_its_own(part):
    once = canonical_url(f"http://example.com/{part}")
    assert canonical_url(f"https://{once}") == once


def test_a_very_long_url_stays_as_it_is():
    url = "http://example.com/" + "a/../" * 10_000
    assert canonical_url(url) == url
