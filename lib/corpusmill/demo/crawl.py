"""Makes the demo's crawl: `python -m corpusmill.demo.crawl FOLDER` writes WARC files, a benchmark and the list of planted cases."""

import hashlib
import json
import re
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path
from pydoc import HTMLDoc

from corpusmill.demo.manuals import licences, manuals, service_articles
from corpusmill.demo.pages import Article, Page, pages_of
from corpusmill.demo.planted import Case, Planted, benchmark_lines, foreign_articles, planted
from corpusmill.demo.sources import docstring_articles, installed, package_folders, standard_library, standard_modules
from corpusmill.demo.warc import write_warc

FILES = 3
_ADDRESS = re.compile(r"(?: |&nbsp;)at(?: |&nbsp;)0x[0-9a-fA-F]+")


@dataclass(frozen=True)
class Quota:
    """At most so many pages of each kind, and so many packages read."""

    packages: int = 100
    articles: int = 20
    """For each package."""
    standard: int = 50
    services: int = 220
    manuals: int = 120
    pydoc: int = 150
    licences: int = 12


class _Reference(HTMLDoc):
    """pydoc's pages without the values of variables, which differ from run to run (sets, addresses, the environment)."""

    def docother(self, object: object, name: str | None = None, *_: object) -> str:  # type: ignore[override]  # pydoc calls it so
        """A variable by its name alone."""
        return f"<strong>{name}</strong>" if name else ""


def _reference_pages(quota: int) -> list[Page]:
    """Pydoc's HTML of standard-library modules."""
    made: list[Page] = []
    for name in standard_modules():
        if len(made) == quota:
            break
        try:
            body = _Reference().page(name, _Reference().document(import_module(name), name))
        except (ImportError, AttributeError, ValueError):
            continue
        made.append(Page(f"https://pydoc.example/{name}.html", _ADDRESS.sub("", body).encode("utf-8", "replace")))
    return made


def _articles(quota: Quota, say: Callable[[str], None]) -> list[Article]:
    """Everything that is prose, or nearly."""
    articles = foreign_articles()
    for folder in package_folders()[: quota.packages]:
        articles += docstring_articles(folder, f"{folder.name.lower().strip('_').replace('_', '-')}.example", quota.articles)
        if len(articles) % 5 == 0:
            say(f"crawl: {len(articles)} articles, up to {folder.name}")
    articles += docstring_articles(standard_library(), "python.example", quota.standard)
    articles += islice(service_articles(), quota.services)
    articles += islice(manuals(), quota.manuals)
    return articles


def _environment(quota: Quota) -> str:
    """What the crawl is a function of: Python, the installed packages, the quota and this package's own files."""
    digest = hashlib.sha256(f"{sys.version} {sorted(asdict(quota).items())}".encode())
    for name, version in ((found.metadata["Name"], found.version) for found in installed()):
        digest.update(f"{name}=={version}\n".encode())
    for path in sorted(Path(__file__).parent.rglob("*.*")):
        if path.suffix in (".py", ".txt"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _placed(cases: tuple[Case, ...], places: dict[str, tuple[str, int]]) -> list[Case]:
    """The cases with the file and offset their page was written to."""
    return [case.model_copy(update=dict(zip(("file", "offset"), places[case.url], strict=True))) for case in cases]


def _write(folder: Path, pages: list[Page], special: Planted) -> list[Case]:
    """Spread all pages over the files; the last record of the last file is cut short."""
    mixed = sorted([*pages, *special.pages], key=lambda page: hashlib.sha256(page.url.encode()).digest())
    shares = [mixed[i::FILES] for i in range(FILES)]
    cut_page = Page("https://essays.example/cut-short", mixed[0].body)
    shares[-1].append(cut_page)
    places: dict[str, tuple[str, int]] = {}
    for i, share in enumerate(shares):
        name = f"demo-{i:05d}.warc.gz"
        offsets = write_warc(folder / name, share, cut_last=share is shares[-1])
        places |= {page.url: (name, offset) for page, offset in zip(share, offsets, strict=True)}
    cut = Case(name="truncated record", url=cut_page.url, kind="rejected")
    return _placed((*special.cases, cut), places)


def make_crawl(folder: Path, quota: Quota | None = None, say: Callable[[str], None] = lambda _: None) -> int:
    """Write the crawl unless it is there already, made from the same packages. Returns the number of pages.

    `folder` then holds demo-*.warc.gz, demo_benchmark.jsonl and planted.json {environment, pages, cases}.
    """
    quota = quota or Quota()
    environment = _environment(quota)
    record = folder / "planted.json"
    if record.exists() and (known := json.loads(record.read_text(encoding="utf-8")))["environment"] == environment:
        say(f"crawl: {known['pages']} pages are there already")
        return int(known["pages"])
    folder.mkdir(parents=True, exist_ok=True)
    record.unlink(missing_ok=True)
    special = planted()
    pages = [*pages_of(_articles(quota, say)), *_reference_pages(quota.pydoc), *licences(quota.licences)]
    cases = _write(folder, pages, special)
    (folder / "demo_benchmark.jsonl").write_text(benchmark_lines(), encoding="utf-8")
    count = len(pages) + len(special.pages) + 1
    content = {"environment": environment, "pages": count, "cases": [case.model_dump() for case in cases]}
    record.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    say(f"crawl: {count} pages in {FILES} WARC files in {folder}")
    return count


def main() -> None:
    """The command: one argument, the folder."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m corpusmill.demo.crawl FOLDER")
    make_crawl(Path(sys.argv[1]), say=lambda line: print(line, flush=True))  # noqa: T201  # the terminal is where this goes


if __name__ == "__main__":
    main()
