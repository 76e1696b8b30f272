"""Stack Exchange's posts: a question with its answers wherever they stand, best first, and every post is accounted for."""

import bz2
import gzip
import io
import random
from html import escape
from xml.sax.saxutils import quoteattr

import pytest
from corpusmill.ingest.identity import native_id
from corpusmill.ingest.rows import Record
from corpusmill.ingest.stackexchange import read_stackexchange
from corpusmill.settings import IngestSettings

from tests.unit.ingest.archives import errors, others, texts

SETTINGS = IngestSettings(source="exchange")
HEAD = '\ufeff<?xml version="1.0" encoding="utf-8"?>\n<posts>\n'


def row(number, kind=1, **fields):
    written = {"Id": number, "PostTypeId": kind, "Score": 0, "Body": "", **fields}
    return "  <row " + " ".join(f"{key}={quoteattr(str(value), {chr(10): '&#xA;'})}" for key, value in written.items()) + " />\r\n"


def question(number, body="<p>Why?</p>", **fields):
    return row(number, Title=f"Title {number}", Body=body, **fields)


def answer(number, parent, score=0, body=""):
    return row(number, kind=2, ParentId=parent, Score=score, Body=body or f"<p>Answer {number}</p>")


def read(*rows, name="Posts.xml", settings=SETTINGS):
    return list(read_stackexchange(io.BytesIO((HEAD + "".join(rows) + "</posts>").encode()), name, settings))


def test_a_question_is_a_document_with_its_answers_best_first():
    items = read(
        answer(9, 1, 3),
        question(1, "<p>How do I <b>add</b>?</p>\n\n<pre><code>def f(x):\n    return x\n</code></pre>", Tags="<c++><list>",
                 ContentLicense="CC BY-SA 4.0", Score=7, CreationDate="2008-07-31T21:42:52.667"),
        question(2, Tags="|a|b-c|"),
        answer(5, 1, 3),
        answer(6, 1, -1),
        answer(7, 1, 12),
        answer(8, 2, 0),
    )  # fmt: skip
    assert texts(items) == [
        "Title 1\n\nHow do I add?\n\ndef f(x):\n    return x\n\nAnswer 7\n\nAnswer 5\n\nAnswer 9",
        "Title 2\n\nWhy?\n\nAnswer 8",
    ]
    assert items[0].attributes == {"title": "Title 1", "tags": "c++ list", "score": "7", "licence": "CC BY-SA 4.0", "answers": "3"}
    assert items[1].attributes == {"title": "Title 2", "tags": "a b-c", "score": "0", "answers": "1"}
    assert (items[0].domain, items[0].fetched_at.year, items[0].url) == ("qa", 2008, None)
    # The five answers, of which one is voted down.
    assert others(items) == 5


def test_the_least_score_is_a_setting():
    rows = question(1), answer(2, 1, -5), answer(3, 1, 3)
    for least, found in ((-10, "Answer 3\n\nAnswer 2"), (0, "Answer 3"), (4, "")):
        text = texts(read(*rows, settings=IngestSettings(answer_score=least)))[0]
        assert text == "\n\n".join(part for part in ("Title 1\n\nWhy?", found) if part)


@pytest.mark.parametrize("seed", range(10))
def test_every_post_is_accounted_for_in_any_order(seed):
    """A plain twin: dictionaries in memory."""
    rng = random.Random(seed)
    questions = rng.sample(range(1, 60), 12)
    posts = {number: question(number) for number in questions}
    expected = {number: [] for number in questions}
    orphans = 0
    for number in rng.sample(range(100, 200), 40):
        parent, score = rng.choice([*questions, 77]), rng.randrange(-3, 5)
        posts[number] = answer(number, parent, score)
        if score >= 0 and parent != 77:
            expected[parent].append((-score, number))
        orphans += score >= 0 and parent == 77
    posts |= {number: row(number, kind=rng.choice([3, 4, 5])) for number in range(300, 305)}
    items = read(*rng.sample(list(posts.values()), len(posts)))
    twin = ["\n\n".join([f"Title {n}", "Why?", *(f"Answer {a}" for _, a in sorted(expected[n]))]) for n in sorted(questions)]
    assert texts(items) == twin
    assert len(errors(items)) == orphans
    assert len(twin) + orphans + others(items) == len(posts)


def test_ids_are_of_the_site_that_the_file_is_named_after():
    one, two = (read(question(4), name=f"{site}-Posts.xml.gz")[0] for site in ("superuser.com", "Physics.stackexchange.com"))
    assert one.doc_id == native_id("exchange", "superuser.com/4") != two.doc_id
    assert two.url == "https://physics.stackexchange.com/questions/4"
    assert read(question(4))[0].doc_id == native_id("exchange", "4")


def test_packings_and_offsets():
    data = (HEAD + question(1) + answer(2, 1) + "</posts>").encode()
    plain = list(read_stackexchange(io.BytesIO(data), "Posts.xml", SETTINGS))
    for pack in (gzip.compress, bz2.compress):
        assert list(read_stackexchange(io.BytesIO(pack(data)), "Posts.xml", SETTINGS)) == plain
    assert data[plain[0].offset :][: plain[0].length].startswith(b'  <row Id="1"')


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ("  <row Id=broken />\n", "broken_record: not XML"),
        ('  <row Id="9" PostTypeId="1" Body="&b;" />\n', "broken_record: not XML: undefined entity"),
        ("  rubbish\n", "broken_record: the line is no <row> of posts"),
        (row("x"), "broken_record: Id, ParentId or Score is no number"),
        (row("9" * 30), "broken_record: Id, ParentId or Score is no number"),
        (row(5, kind=2), "broken_record: Id, ParentId or Score is no number"),
        (question(1), "repeated_record: post 1"),
        (answer(7, 99), "no_question: post 7 answers 99, which is not in the file"),
        (answer(7, 8) + answer(8, 1), "no_question: post 7 answers 8, which is not in the file"),
        (question(9, "y" * 600) + answer(10, 9, body="z" * 600), "too_large: more than 1,000 bytes with its 1 answers"),
        (row(9, Body="x" * 1_200_000), "too_large: a line of more than"),
    ],
)
def test_a_bad_post_is_an_error_row_and_the_next_is_read(bad, error):
    items = read(question(1), bad, question(3), settings=IngestSettings(max_record_bytes=1000))
    assert errors(items)[0].startswith(error)
    assert [item.attributes["title"] for item in items if isinstance(item, Record)] == ["Title 1", "Title 3"]


def test_what_is_no_posts_file_is_one_error():
    for data in (b"<html>\n<body>\n<p>x</p>\n</body>\n</html>", (HEAD + question(1)).replace("\n", " ").encode()):
        items = list(read_stackexchange(io.BytesIO(data), "Posts.xml", SETTINGS))
        assert errors(items) == ["broken_record: the line is no <row> of posts"]
    bomb = b'<?xml version="1.0"?>\n<!DOCTYPE posts [<!ENTITY a "aa"><!ENTITY b "&a;">]>\n<posts>\n<row Id="1" PostTypeId="1" Body="&b;" />\n</posts>'
    assert texts(list(read_stackexchange(io.BytesIO(bomb), "Posts.xml", SETTINGS))) == []


def test_a_truncated_file_keeps_what_came_before():
    rng = random.Random(1)
    data = (HEAD + "".join(question(i, escape(str(rng.random()))) for i in range(1, 400))).encode()
    items = list(read_stackexchange(io.BytesIO(gzip.compress(data)[:-4000]), "Posts.xml.gz", SETTINGS))
    assert len(texts(items)) > 100
    assert "broken_record: the file ends inside a gzip member" in errors(items)
