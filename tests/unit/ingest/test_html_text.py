"""HTML to text: what is shown, cut into pieces where a page is long, in linear time on nested markup."""

import random
from functools import partial

import pytest
from corpusmill.ingest.html import html_pieces, html_text, visible_text

from tests.linear import assert_linear


def text_of(page, main_content=False):
    return html_text(page.encode(), "utf-8", partial(visible_text, main_content=main_content)).decode()


def test_scripts_styles_and_comments_are_no_text():
    assert text_of("<style>p{}</style><p>Seen<!-- not --></p><script>if (a<b) x()</script><p>too</p>").split() == ["Seen", "too"]


def test_main_content_leaves_navigation_out():
    page = "<html><body><nav><a href=/>Home</a></nav><main><p>" + "The article itself. " * 20 + "</p></main></body></html>"
    assert "Home" in text_of(page)
    assert "Home" not in text_of(page, main_content=True)
    assert "The article itself." in text_of(page, main_content=True)


@pytest.mark.parametrize("seed", range(8))
def test_pieces_are_the_page_without_what_is_never_shown(seed):
    """However blocks fall, the pieces lose no word and show none of a script."""
    rng = random.Random(seed)
    words = [f"word{i}" for i in range(3000)]
    hidden = {"script": "<script>hidden('<p>hidden')</script>", "style": "<style>hidden</style>", "comment": "<!-- <p>hidden</p> -->"}
    page = "".join(
        f"<p>{word}</p>" + (rng.choice(list(hidden.values())) * rng.randrange(1, 30) if rng.random() < 0.05 else "") for word in words
    )
    size = rng.choice([500, 2000, 10_000])
    step = rng.choice([50, 333, 4000])
    pieces = list(html_pieces((page[i : i + step] for i in range(0, len(page), step)), size))
    assert len(pieces) > 3
    found = " ".join(text_of(piece) for piece in pieces).split()
    assert found == words


def test_a_script_longer_than_a_piece_is_dropped_and_what_follows_is_read():
    page = "<p>Before</p><script>" + "x" * 10_000 + "</script><p>After</p>" + "<p>more</p>" * 500
    pieces = list(html_pieces((page[i : i + 100] for i in range(0, len(page), 100)), 1000))
    found = " ".join(text_of(piece) for piece in pieces).split()
    assert found == ["Before", "After", *["more"] * 500]
    assert max(map(len, pieces)) < 3000


def test_a_page_without_any_tag_is_cut_at_spaces():
    page = " ".join(f"w{i}" for i in range(5000))
    found = [word for piece in html_pieces([page[:10_000], page[10_000:]], 1000) for word in piece.split()]
    assert found == page.split()


@pytest.mark.parametrize("markup", ["<div>", "<b>", "<p>", "<table><tr><td>", "<a href='x'>", "<", "&amp;", "<!--", "<script>", "<svg>"])
def test_hostile_markup_ends_in_linear_time(markup):
    assert_linear(partial(text_of, main_content=True), markup)
