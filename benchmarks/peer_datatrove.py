"""Times datatrove on a WARC, step by step, in one process, with the extractor of choice: what our throughput is compared with.

Runs in an environment of its own that tools/run_benchmarks.sh makes. Prints one JSON object: seconds a page of each step, and how many
pages had text. usage: peer_datatrove.py CRAWL.warc.gz PAGES {trafilatura,resiliparse}
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trafilatura
from datatrove.data import Document
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter
from resiliparse.extract.html2text import extract_plain_text
from warcio.archiveiterator import ArchiveIterator

EXTRACTORS: dict[str, Callable[[bytes], str | None]] = {
    "trafilatura": lambda page: trafilatura.extract(
        page.decode("utf-8", "replace"), favor_precision=True, include_comments=False, deduplicate=True
    ),
    "resiliparse": lambda page: extract_plain_text(page.decode("utf-8", "replace"), main_content=True, alt_texts=False),
}


def read_pages(path: Path, limit: int) -> list[bytes]:
    """The payloads of the first `limit` response records."""
    pages = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response":
                pages.append(record.content_stream().read())
                if len(pages) == limit:
                    break
    return pages


def timed(function: Callable[[Any], Any], items: list[Any]) -> tuple[list[Any], float]:
    """The results and the mean seconds an item."""
    begun = time.perf_counter()
    results = [function(item) for item in items]
    return results, (time.perf_counter() - begun) / len(items)


def main() -> None:
    """Read, extract, filter and sign, each step over all pages."""
    path, limit, extractor = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    begun = time.perf_counter()
    pages = read_pages(path, limit)
    cost = {"read": (time.perf_counter() - begun) / len(pages)}
    texts, cost["extract"] = timed(EXTRACTORS[extractor], pages)
    texts = [text for text in texts if text]
    filters = {
        "gopher_repetition": GopherRepetitionFilter(),
        "gopher_quality": GopherQualityFilter(),
        "c4": C4QualityFilter(filter_no_terminal_punct=False),
        "fineweb": FineWebQualityFilter(),
    }
    for name, rule in filters.items():
        rule.filter(_document(texts[0]))
        _, cost[name] = timed(lambda text, rule=rule: rule.filter(_document(text)), texts)
    config = MinhashConfig(n_grams=5, num_buckets=14, hashes_per_bucket=8)
    signer = MinhashDedupSignature(output_folder=tempfile.mkdtemp(), config=config)

    def sign(text: str) -> Any:  # noqa: ANN401 - the peer's own type
        shingles = signer.get_shingles(text)
        return signer.get_signature(shingles) if len(shingles) else None

    sign(texts[0])
    _, cost["minhash"] = timed(sign, texts)
    sys.stdout.write(json.dumps({"seconds": cost, "pages": len(pages), "with_text": len(texts)}) + "\n")


def _document(text: str) -> Document:
    return Document(text=text, id="x", metadata={"language": "en"})


if __name__ == "__main__":
    main()
