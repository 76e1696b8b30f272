"""Makes small crawls for tests: English pages that pass FineWeb's rules, with planted cases, as WARC or JSON lines, always the same bytes."""

import io
import json
import random
import uuid
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

_NOUNS = (
    "baker doctor neighbour teacher engineer keeper farmer captain sister librarian boat clock box map wall letter bottle bridge book basket "
    "river station town forest market harbour school tower railway valley winter evening summer garden kitchen window mountain island road "
    "village horse lantern blanket engine violin orchard cellar ladder curtain pocket island shepherd painter quarry meadow mill inn"
).split()
_VERBS = (
    "repaired painted described carried measured discovered borrowed collected explained sold followed answered opened counted remembered "
    "noticed watched cleaned moved gathered finished visited praised ordered mended folded lifted crossed"
).split()
_ADJECTIVES = (
    "old young quiet wooden broken heavy unusual narrow distant cold bright empty careful gentle stubborn famous dusty hollow crooked early "
    "friendly patient rusty silver simple clever weary muddy"
).split()
_LINKS = "near behind above beside under along across before after without beyond inside around against toward".split()
_TURNS = "because although while until since when and but so".split()


def sentence(rng: random.Random) -> str:
    """One English sentence of about 25 words, of which no five in a row are likely to come twice on a page."""

    def thing() -> str:
        return f"{rng.choice(['the', 'a', 'every', 'that', 'this', 'our', 'their'])} {rng.choice(_ADJECTIVES)} {rng.choice(_NOUNS)}"

    first = f"{thing()} {rng.choice(_VERBS)} {thing()} {rng.choice(_LINKS)} {thing()}"
    second = f"{thing()} of {rng.choice(['the', 'a'])} {rng.choice(_NOUNS)} have {rng.choice(_VERBS)} {thing()} to be with {thing()}"
    text = f"{first} {rng.choice(_TURNS)} {second}"
    return text[0].upper() + text[1:] + "."


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
