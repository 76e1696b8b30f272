"""Makes small crawls for tests: English pages that pass FineWeb's rules, with planted cases, as WARC or JSON lines, always the same bytes."""

import io
import json
import random
import uuid
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

_WHO = [
    "the old baker",
    "a young doctor",
    "our neighbour",
    "the village teacher",
    "an engineer from the coast",
    "the keeper of the museum",
    "a farmer",
    "the harbour master",
    "her brother",
    "the librarian",
]
_DID = ["repaired", "painted", "described", "carried", "measured", "discovered", "borrowed", "collected", "explained", "sold"]
_WHAT = [
    "a wooden boat",
    "the broken clock",
    "two heavy boxes",
    "an unusual map",
    "the garden wall",
    "a letter from the north",
    "seven glass bottles",
    "the stone bridge",
    "a book about birds",
    "the last basket of apples",
]
_WHERE = [
    "near the river",
    "behind the station",
    "in the upper town",
    "at the edge of the forest",
    "on the market square",
    "above the harbour",
    "beside the school",
    "under the old tower",
    "along the railway",
    "across the valley",
]
_WHEN = [
    "before winter came",
    "while the others were asleep",
    "after a long discussion",
    "during the first week of spring",
    "as soon as the rain had stopped",
    "because nobody else wanted to",
    "although it was already late",
    "when the bells began to ring",
]


def sentence(rng: random.Random) -> str:
    """One English sentence."""
    text = f"{rng.choice(_WHO)} {rng.choice(_DID)} {rng.choice(_WHAT)} {rng.choice(_WHERE)} {rng.choice(_WHEN)}"
    return (
        text[0].upper()
        + text[1:]
        + f", and {rng.choice(_WHO)} of the {rng.choice(['house', 'mill', 'inn', 'farm'])} number {rng.randrange(1000)} was with them."
    )


def article(seed: int, paragraphs: int = 5) -> list[str]:
    """Paragraphs of two or three sentences."""
    rng = random.Random(seed)
    return [" ".join(sentence(rng) for _ in range(rng.randrange(2, 4))) for _ in range(paragraphs)]


def html(paragraphs: list[str], title: str = "A page") -> bytes:
    """A page with navigation around the paragraphs."""
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    navigation = "<nav><a href='/'>Home</a> <a href='/about'>About</a></nav>"
    return f"<html><head><title>{title}</title></head><body>{navigation}<main><h1>{title}</h1>{body}</main></body></html>".encode()


def pages(count: int, first: int = 0) -> dict[str, bytes]:
    """`count` distinct pages, then three planted ones: a near duplicate, an exact duplicate, one too short."""
    found = {f"http://example.org/{i}": html(article(i)) for i in range(first, first + count)}
    changed = article(first)
    changed[-1] = changed[-1].replace("the", "this", 1)
    found[f"http://example.org/near/{first}"] = html(changed)
    found[f"http://example.org/exact/{first + 1}"] = html(article(first + 1))
    found[f"http://example.org/short/{first}"] = html(["Too short."])
    return found


def write_warc(path: Path, contents: dict[str, bytes], status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> Path:
    """Response records with fixed ids and dates."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz")
        for url, payload in contents.items():
            headers = {"WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}>", "WARC-Date": "2024-03-01T00:00:00Z"}
            http = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(url, "response", io.BytesIO(payload), warc_headers_dict=headers, http_headers=http)
            )
    return path


def write_jsonl(path: Path, texts: dict[str, str]) -> Path:
    """One {"id", "text"} a line."""
    path.write_text("".join(json.dumps({"id": key, "text": text}) + "\n" for key, text in texts.items()), encoding="utf-8")
    return path


def write_benchmark(path: Path, questions: list[str]) -> Path:
    """A benchmark of one field."""
    path.write_text("".join(json.dumps({"question": question}) + "\n" for question in questions), encoding="utf-8")
    return path
