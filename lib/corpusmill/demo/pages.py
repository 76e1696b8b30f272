"""A page of the crawl: where it is, what the server said, and its bytes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from corpusmill.demo.blocks import Block

_TAGS = {"heading": "h2", "paragraph": "p", "item": "li", "code": "pre"}
_FOOTER = "All pages of this site may be copied. Read our terms of use and our privacy policy. This site uses cookies."


@dataclass(frozen=True)
class Page:
    """One response record to be."""

    url: str
    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: str = "200 OK"


@dataclass(frozen=True)
class Article:
    """Content before it has become a page: blocks of text with a title at a URL."""

    url: str
    title: str
    blocks: tuple[Block, ...]
    language: str = "en"


def paragraphs(*texts: str) -> tuple[Block, ...]:
    """Blocks of plain paragraphs."""
    return tuple(Block("paragraph", text) for text in texts)


def _content(blocks: Iterable[Block]) -> str:
    """Blocks as HTML; runs of list items share one list."""
    parts: list[str] = []
    listing = False
    for block in blocks:
        if (block.kind == "item") != listing:
            parts.append("<ul>" if block.kind == "item" else "</ul>")
            listing = block.kind == "item"
        tag = _TAGS[block.kind]
        parts.append(f"<{tag}>{escape(block.text, quote=False)}</{tag}>")
    if listing:
        parts.append("</ul>")
    return "\n".join(parts)


def html(article: Article, neighbours: Sequence[Article] = (), charset: str = "utf-8") -> str:
    """A whole page: header, navigation to `neighbours`, the article, and a footer, as sites have them."""
    site = urlsplit(article.url).netloc
    links = "\n".join(f'<li><a href="{escape(other.url)}">{escape(other.title)}</a></li>' for other in neighbours)
    return f"""<!DOCTYPE html>
<html lang="{article.language}">
<head><meta charset="{charset}"><title>{escape(article.title)} - {site}</title>
<style>body {{ max-width: 50em }}</style></head>
<body>
<header><a href="/">{site}</a> <form action="/search"><input name="q"><button>Search</button></form></header>
<nav><ul>
<li><a href="/">Home</a></li>
{links}
</ul></nav>
<main><article>
<h1>{escape(article.title)}</h1>
{_content(article.blocks)}
</article></main>
<footer><p>{_FOOTER}</p></footer>
</body>
</html>
"""


def pages_of(articles: Sequence[Article]) -> list[Page]:
    """One UTF-8 page an article; its navigation leads to the next seven of its site."""
    sites: dict[str, list[Article]] = {}
    for article in articles:
        sites.setdefault(urlsplit(article.url).netloc, []).append(article)
    made = []
    for site in sites.values():
        for i, article in enumerate(site):
            made.append(Page(article.url, html(article, (site[i + 1 :] + site[:i])[:7]).encode()))
    return made
