"""Line edits apply one after another, each on what the ones before left, and publication repeats them from the raw text."""

import numpy as np
import pyarrow as pa
from corpusmill.text.spans import EDITS, apply_edits, make_edits, merge_edits
from corpusmill.text.views import make_views


def remove(word):
    """A finder that deletes the first occurrence of a word in each text."""

    def find(texts):
        places = [texts.text(i).encode().find(word) for i in range(texts.n)]
        hits = [place for place in places if place >= 0]
        first = np.cumsum([0, *(place >= 0 for place in places)])
        return make_edits(first, np.array(hits, np.int64), np.array(hits, np.int64) + len(word), None, word.decode())

    return find


def test_without_line_edits_there_is_one_view():
    views = make_views(pa.array(["a", "b"]), [])
    assert views.lines is views.raw
    assert views.line_edits.to_pylist() == [[], []]


def test_finders_that_find_nothing_leave_one_view():
    views = make_views(pa.array(["a", "b"]), [remove(b"zzz")])
    assert views.lines is views.raw


def test_the_second_sees_what_the_first_left():
    views = make_views(pa.array(["fooXbar!", "none"]), [remove(b"X"), remove(b"oba")])
    assert views.lines.texts.to_pylist() == ["for!", "none"]
    assert apply_edits(views.raw.texts, views.line_edits).to_pylist() == ["for!", "none"]
    assert [e["reason"] for e in views.line_edits.to_pylist()[0]] == ["oba", "X"]


def test_what_is_found_on_the_lines_is_applied_to_the_raw_text():
    found = pa.array([[{"start": 5, "end": 8, "replacement": "<EMAIL>", "reason": "email"}]], EDITS)
    views = make_views(pa.array(["drop me. mail a@b now"]), [remove(b"drop me. ")], None, [lambda texts: found])
    edits = merge_edits(views.line_edits, *views.span_edits)
    assert apply_edits(views.raw.texts, edits).to_pylist() == ["mail <EMAIL> now"]
