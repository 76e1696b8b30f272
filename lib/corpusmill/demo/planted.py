"""Pages that are put into the crawl so that each find can be checked: what each holds, and what must become of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from corpusmill.demo.blocks import Block
from corpusmill.demo.pages import Article, Page, html, pages_of, paragraphs

EMAIL = "harbour.office@tides.example.org"
PHONE = "+1 202-555-0143"
ADDRESS = "93.184.216.34"
VERSION = "1.2.3.4"
BENCHMARK: tuple[dict[str, str], ...] = (
    {
        "question": "A gardener plants 14 rows of tulips with 23 bulbs in each row, and mice eat 37 of the bulbs during the winter. "
        "How many tulips can still come up in spring?",
        "answer": "14 * 23 = 322 bulbs were planted; 322 - 37 = 285 tulips can come up.",
    },
    {
        "question": "A ferry carries 18 cars on each crossing and makes 11 crossings on a weekday but only 6 on a Sunday. "
        "How many more cars can it carry on a weekday than on a Sunday?",
        "answer": "11 - 6 = 5 more crossings; 5 * 18 = 90 more cars.",
    },
    {
        "question": "Three sisters share a bag of 96 marbles so that the second gets twice as many as the first and the third "
        "gets three times as many as the first. How many marbles does the third sister get?",
        "answer": "1 + 2 + 3 = 6 parts; 96 / 6 = 16; 3 * 16 = 48 marbles.",
    },
    {
        "question": "A clockmaker repairs 7 clocks in 5 days while his apprentice needs 10 days for the same number. "
        "How many clocks do they repair together in 30 days?",
        "answer": "30 / 5 * 7 = 42 and 30 / 10 * 7 = 21; together 63 clocks.",
    },
    {
        "question": "A baker fills 12 trays with 16 rolls each, sells 150 rolls before noon and gives a quarter of the rest to a school. "
        "How many rolls are left in the evening if no more are sold?",
        "answer": "12 * 16 - 150 = 42 rolls were left at noon; the task is odd on purpose, for a quarter of 42 is 10.5.",
    },
)
"""Our own word problems, which no real benchmark holds; the page about word problems quotes the first."""
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class Case(BaseModel):
    """One planted page and what must be found; its location is filled in when it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    url: str
    kind: Literal["removed", "masked", "decoded", "rejected"]
    reason: str = ""
    """Removed: the reason it must have; rejected: what its error begins with (empty: any)."""
    other: str = ""
    """Removed: the page it repeats; either of the two may be the one that goes."""
    present: tuple[str, ...] = ()
    """What its text must hold in the corpus (masked) or in documents (decoded)."""
    absent: tuple[str, ...] = ()
    """What its text must not hold in the corpus."""
    file: str = ""
    offset: int = -1


@dataclass(frozen=True)
class Planted:
    """The pages and their cases."""

    pages: tuple[Page, ...]
    cases: tuple[Case, ...]


def handwritten(language: str) -> list[tuple[str, tuple[str, ...]]]:
    """(title, paragraphs) of our own pages in `language`: chinese, english, french, german, japanese."""
    text = files("corpusmill.demo").joinpath("handwritten", f"{language}.txt").read_text(encoding="utf-8")
    pages = []
    for page in text.removeprefix("# ").split("\n# "):
        title, *parts = (part.strip() for part in page.split("\n") if part.strip())
        pages.append((title, tuple(parts)))
    return pages


def foreign_articles() -> list[Article]:
    """The pages in Chinese, German, French and Japanese that are not planted cases."""
    made = []
    for language, code in (("chinese", "zh"), ("german", "de"), ("french", "fr"), ("japanese", "ja")):
        texts = handwritten(language)
        kept = texts[:-1] if language in ("chinese", "german") else texts
        made += [Article(f"https://{code}.example/{i}", title, paragraphs(*parts), code) for i, (title, parts) in enumerate(kept)]
    return made


def _article(name: str, text: tuple[str, tuple[str, ...]], *more: str, swap: Sequence[tuple[str, str]] = ()) -> Article:
    """An English page with paragraphs added in its middle and words changed."""
    title, parts = text
    changed = [*parts[:2], *more, *parts[2:]]
    for old, new in swap:
        changed = [part.replace(old, new, 1) for part in changed]
    return Article(f"https://essays.example/{name}", title, paragraphs(*changed))


def _masked(english: list[tuple[str, tuple[str, ...]]]) -> list[tuple[Article, Case]]:
    """An e-mail address, a phone number, and an IP address with a version number of the same form beside it."""
    mail = f"The table for this coast is kept by the harbour office, and corrections can be sent to {EMAIL} at any time of the year."
    phone = f"The bakery school answers questions about flour and ovens on weekdays before noon, and its number is {PHONE} for everybody."
    server = f"The catalogue was moved to the machine at {ADDRESS} last winter, where it runs on version {VERSION} of the old programme."
    made = []
    for i, (name, text, absent, kept) in enumerate(
        (("email", mail, EMAIL, "harbour office"), ("phone", phone, PHONE, "bakery school"), ("ip", server, ADDRESS, f"version {VERSION}"))
    ):
        article = _article(name, english[i], text)
        made.append((article, Case(name=name, url=article.url, kind="masked", present=(kept,), absent=(absent,))))
    return made


def _removed(english: list[tuple[str, tuple[str, ...]]]) -> list[tuple[Article, Case | None]]:
    """A page that quotes a benchmark item, and two near duplicates of others."""
    quote = _article("quote", english[3], BENCHMARK[0]["question"])
    rivers, maps = _article("rivers", english[4]), _article("maps", english[5])
    again = _article("rivers-again", english[4], swap=(("gorge", "ravine"), ("surprised", "astonished")))
    copied = _article("maps-copied", english[5], swap=(("treasure", "gold"), ("village", "hamlet")))
    return [
        (quote, Case(name="benchmark item", url=quote.url, kind="removed", reason="contaminated:demo")),
        (rivers, None),
        (again, Case(name="near duplicate", url=again.url, kind="removed", reason="near_duplicate", other=rivers.url)),
        (maps, None),
        (copied, Case(name="second near duplicate", url=copied.url, kind="removed", reason="near_duplicate", other=maps.url)),
        (_article("bees", english[6]), None),
        (_article("bridges", english[7]), None),
    ]


def _in_charset(language: str, code: str, charset: str) -> tuple[Page, Case]:
    """The last page in a language, encoded in `charset`, which nothing but the page's meta element names."""
    title, parts = handwritten(language)[-1]
    article = Article(f"https://{code}.example/{charset}", title, paragraphs(*parts), code)
    page = Page(article.url, html(article, (), charset).encode(charset), content_type="text/html")
    return page, Case(name=f"page in {charset}", url=article.url, kind="decoded", present=(parts[0][:60],))


def planted() -> Planted:
    """All planted pages. A truncated record is not among them: the WARC writer makes it of the last page."""
    english = handwritten("english")
    articles = [*_masked(english), *_removed(english)]
    pages = pages_of([article for article, _ in articles])
    cases = [case for _, case in articles if case]
    bees = next(page for page in pages if page.url.endswith("/bees"))
    mirror = Page("https://mirror.example/bees", bees.body)
    cases.append(Case(name="exact duplicate", url=mirror.url, kind="removed", reason="exact_duplicate", other=bees.url))
    missing = Article("https://essays.example/missing", "Not found", (Block("paragraph", "There is no page at this address."),))
    lost = Page(missing.url, html(missing).encode(), status="404 Not Found")
    cases.append(Case(name="status 404", url=lost.url, kind="rejected", reason="http_status"))
    image = Page("https://essays.example/pixel.png", _PIXEL, content_type="image/png")
    cases.append(Case(name="image", url=image.url, kind="rejected", reason="type"))
    for arguments in (("german", "de", "iso-8859-1"), ("chinese", "zh", "gbk")):
        page, case = _in_charset(*arguments)
        pages.append(page)
        cases.append(case)
    return Planted((*pages, mirror, lost, image), tuple(cases))


def benchmark_lines() -> str:
    """The benchmark as JSON lines."""
    return "".join(json.dumps(item) + "\n" for item in BENCHMARK)
