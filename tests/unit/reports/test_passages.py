"""Pieces of text that a report shows: cut anywhere, never showing personal data."""

import pytest
from corpusmill.reports.content import Passage
from corpusmill.reports.passages import LENGTH, cut_passage


@pytest.mark.parametrize("private", ["jane.doe@example.org", "93.184.216.34", "+1 202-555-0143"])
def test_personal_data_are_masked_whatever_the_recipe_says(private):
    text = f"Write to {private} today"
    passage = cut_passage(text.encode(), text.encode(), text.encode())
    assert private not in passage.before + passage.marked + passage.after


def test_a_cut_inside_a_character_loses_that_character_alone():
    data = "日本語".encode()
    assert cut_passage(b"", b"", data[1:-1]) == Passage(after="本")


def test_a_beginning_is_shortened():
    passage = cut_passage(b"", b"", ("word " * 500).encode())
    assert passage.after.endswith(" …")
    assert len(passage.after) <= LENGTH + 2
    assert (passage.before, passage.marked) == ("", "")


def test_a_marked_span_has_its_surroundings():
    passage = cut_passage(b"a" * 300, b"span", b"b" * 300)
    assert passage == Passage("… " + "a" * 80, "span", "b" * 80 + " …")


def test_personal_data_over_an_edge_are_marked_whole():
    before, marked, after = b"Call Ann at 206-", b"555-1234 or write to", b" john@example.com today"
    assert cut_passage(before, marked, after) == Passage("Call Ann at ", "<PHONE> or write to", " <EMAIL> today")
    assert cut_passage(b"Write john", b".doe", b"@example.com now") == Passage("Write ", "<EMAIL>", " now")
