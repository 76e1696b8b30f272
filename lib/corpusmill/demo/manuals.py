"""Pages that installed packages bring along as files: their long descriptions, licences, and a cloud's service descriptions."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from corpusmill.demo.blocks import Block, parse_blocks
from corpusmill.demo.pages import Article, Page
from corpusmill.demo.sources import is_prose, others

_TAG = re.compile(r"<[^>]+>")
_MAX_MANUAL = 12_000
"""Characters at which a long description is cut."""


def manuals() -> Iterator[Article]:
    """One article a distribution: its long description with headings, lists and code."""
    for distribution in others():
        name = distribution.metadata["Name"]
        text = str(distribution.metadata.get_payload() or "")  # type: ignore[attr-defined]  # it is an email.message.Message
        blocks, size = list[Block](), 0
        for block in parse_blocks(text.strip()):
            size += len(block.text)
            if size < _MAX_MANUAL:
                blocks.append(block)
        if size > 200:
            yield Article(f"https://packages.example/project/{name.lower()}", name, tuple(blocks))


def licences(quota: int) -> Iterator[Page]:
    """Up to `quota` licence texts as plain text: many are near duplicates of each other, as on the web."""
    for distribution in others():
        names = [file for file in distribution.files or () if file.name in ("LICENSE", "LICENSE.txt")]
        if names and quota:
            quota -= 1
            url = f"https://packages.example/licence/{distribution.metadata['Name'].lower()}.txt"
            yield Page(url, Path(str(names[0].locate())).read_bytes(), content_type="text/plain; charset=utf-8")


def _service_prose(path: Path) -> tuple[str, list[str]]:
    """(full name, paragraphs) of one service: its own description, then those of its operations; each paragraph once."""
    service = json.loads(gzip.decompress(path.read_bytes()))
    texts = [service.get("documentation", ""), *(operation.get("documentation", "") for operation in service["operations"].values())]
    plain = (" ".join(_TAG.sub(" ", part).split()) for text in texts for part in text.split("</p>"))
    kept = list(dict.fromkeys(text for text in plain if is_prose(text)))[:30]
    return service["metadata"].get("serviceFullName", path.parent.parent.name), kept


def service_articles() -> Iterator[Article]:
    """Articles from botocore's descriptions of services, a cloud's manual; none where botocore is not installed."""
    try:
        data = Path(str(metadata.distribution("botocore").locate_file("botocore/data")))
    except metadata.PackageNotFoundError:
        return
    newest = {path.parent.parent.name: path for path in sorted(data.glob("*/*/service-2.json.gz"))}
    for name in sorted(newest, key=lambda name: hashlib.sha256(name.encode()).digest()):
        if newest[name].stat().st_size < 40_000:
            title, kept = _service_prose(newest[name])
            if sum(map(len, kept)) > 1_500:
                yield Article(f"https://cloud.example/services/{name}", title, tuple(Block("paragraph", text) for text in kept))
