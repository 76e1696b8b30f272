"""PII vectors: what datatrove v0.10.0 and Dolma were seen to do (reference/corpus.md, 2.7, 2.8 and 4), and what ours does."""

import pytest

from tests.golden.recipe import edited

DATATROVE = [
    ("email", "Mail me: john.doe@example.com.", "Mail me: email@example.com.", "Mail me: <EMAIL>."),
    ("email", "a@b", "a@b", "a@b"),
    ("email", "https://user:pw@example.com/x", "https://user:email@example.com/x", "https://user:pw@example.com/x"),
    ("email", "git@github.com:org/repo.git", "email@example.com:org/repo.git", "git@github.com:org/repo.git"),
    ("email", "firstname@lastname@example.com", "firstname@email@example.com", "<EMAIL>"),
    ("email", "あいうえお@example.com", "あいうえお@example.com", "<EMAIL>"),
    ("email", "email@123.123.123.123", "email@example.com", "email@123.123.123.123"),
    ("ip", "email@123.123.123.123", "email@22.214.171.124", "email@<IP>"),
    ("ip", "v1.2.3.4 released", "v22.214.171.124 released", "v1.2.3.4 released"),
    ("ip", "section 1.1.1.1 of law", "section 22.214.171.124 of law", "section 1.1.1.1 of law"),
    ("ip", "999.1.1.1", "922.214.171.124", "999.1.1.1"),
    ("ip", "1.2.3.4.5", "22.214.171.124.5", "1.2.3.4.5"),
    ("ip", "127.0.0.1, 10.0.0.1, 192.168.1.1", "127.0.0.1, 10.0.0.1, 192.168.1.1", "127.0.0.1, 10.0.0.1, 192.168.1.1"),
    ("ip", "2001:db8::1", "2001:db8::1", "2001:db8::1"),
]
"""part, text, datatrove's result, ours."""


@pytest.mark.parametrize(("part", "text", "datatrove", "ours"), DATATROVE)
def test_beside_datatrove(part, text, datatrove, ours):
    assert edited(text, part) == ours


@pytest.mark.parametrize(
    ("part", "text", "ours"),
    [
        ("email", "mail a@b.com now", "mail <EMAIL> now"),
        ("email", "mail a@b.com", "mail <EMAIL>"),
        ("email", "decorator @foo @bar", "decorator @foo @bar"),
        ("phone", " 2065551234567", " 2065551234567"),
        ("phone", " 1234567890123", " 1234567890123"),
        ("phone", " +44 20 7946 0958", " <PHONE>"),
        ("phone", "206-555-1234", "<PHONE>"),
    ],
)
def test_where_dolma_errs(part, text, ours):
    """Dolma misses an address at the end, finds numbers in longer ones, misses +44 and a number that begins the text."""
    assert edited(text, part) == ours


@pytest.mark.parametrize(
    "text",
    [
        ",14,no,0.250750683890174",
        "MongoDB v4.4.2",
        "2024-01-15 12",
        "std::bad_alloc",
        "1717171717171",
        "2026-06-07",
        "4111 1111 1111 1111",
    ],
)
@pytest.mark.parametrize("part", ["email", "phone", "ip"])
def test_what_others_took_for_pii(part, text):
    """reference/corpus.md, section 4, row 25."""
    assert edited(text, part) == text


def test_positive_controls():
    assert edited("+1 (555) 123-4567", "phone") == "<PHONE>"
    assert edited("table cell: name@corp.io|next", "email") == "table cell: <EMAIL>|next"
