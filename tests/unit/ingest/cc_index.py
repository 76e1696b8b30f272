"""A small crawl as Common Crawl publishes one: WARC files in folders of segments, and the rows of its columnar index."""

import io
import random
import uuid
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xxhash
from corpusmill.ingest.index import read_index
from corpusmill.ingest.records import read_warc
from corpusmill.ingest.rows import Record, Rejected
from corpusmill.settings import IngestSettings
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HOSTS = ["example.org", "www.example.org", "blog.example.org", "notexample.org", "example.org.uk", "news.gov.uk", "10.0.0.1"]
DOMAINS = ["example.org", "example.org", "example.org", "notexample.org", "example.org.uk", "news.gov.uk", None]
LANGUAGES = ["eng", "isl", "isl,eng", "eng,isl", "zho", None]
TYPES = ["text/html", "text/html", "text/plain", "application/xhtml+xml", "image/png"]
STATUSES = [200, 200, 200, 404]


def write_crawl(folder: Path, files: int = 3, records: int = 20, seed: int = 0) -> list[dict]:
    """WARC files below `folder`, and the rows of their index. Requests and metadata stand between the responses."""
    rng = random.Random(seed)
    rows = []
    for number in range(files):
        name = f"crawl-data/CC-MAIN-2024-10/segments/{number % 2}/warc/CC-MAIN-{seed}-{number:05}.warc.gz"
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            writer.write_record(writer.create_warcinfo_record("a.warc.gz", {"software": "test"}))
            rows += [_write_page(writer, file, rng, name, f"{seed}/{number}/{page}") for page in range(records)]
    return sorted(rows, key=lambda row: row["url_surtkey"])


def _write_page(writer, file, rng, name, path):
    place = rng.randrange(len(HOSTS))
    host, status, kind = HOSTS[place], rng.choice(STATUSES), rng.choice(TYPES)
    url = f"https://{host}/{path}?q={rng.randrange(100)}"
    body = f"<html><body><p>Page {path} of {host}. {rng.random()}</p></body></html>".encode() if rng.random() > 0.1 else b""
    asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", host)], is_http_request=True)
    writer.write_record(writer.create_warc_record(url, "request", io.BytesIO(b""), http_headers=asked))
    http = StatusAndHeaders(f"{status} X", [("Content-Type", kind)], protocol="HTTP/1.1")
    begin = file.tell()
    own = {"WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}>", "WARC-Date": "2024-03-01T00:00:00Z"}
    record = writer.create_warc_record(url, "response", io.BytesIO(body), warc_headers_dict=own, http_headers=http)
    writer.write_record(record)
    return {
        "url_surtkey": ",".join(reversed(host.split("."))) + f")/{path}",
        "url": url,
        "url_host_name": host,
        "url_host_tld": host.rpartition(".")[2] if not host[-1].isdigit() else None,
        "url_host_registered_domain": DOMAINS[place],
        "url_path": f"/{path}",
        "fetch_status": status,
        "content_digest": record.rec_headers["WARC-Payload-Digest"].removeprefix("sha1:"),
        "content_mime_type": kind,
        "content_mime_detected": rng.choice([kind, None]),
        "content_languages": rng.choice(LANGUAGES),
        "warc_filename": name,
        "warc_record_offset": begin,
        "warc_record_length": file.tell() - begin,
        "warc_segment": name.split("/")[3],
    }


def parquet(rows: list[dict], row_group_size: int = 7, **columns) -> bytes:
    """A part of the index; `columns`: types other than the usual ones, or None to leave a column out."""
    types = {name: pa.int32() if any(isinstance(row[name], int) for row in rows) else pa.string() for name in rows[0]}
    types |= {name: type_ for name, type_ in columns.items() if type_ is not None}
    schema = pa.schema([(name, type_) for name, type_ in types.items() if columns.get(name, type_) is not None])
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema), out, row_group_size=row_group_size)
    return out.getvalue()


def settings(base, **rules) -> IngestSettings:
    """Settings that fetch from `base` by these rules."""
    return IngestSettings(format="cc_index", index={"base": str(base), **rules})


def read(rows, chosen: IngestSettings, sleep=None):
    """Everything that an index of these rows, or of these bytes, gives, but the last item."""
    data = rows if isinstance(rows, bytes) else parquet(rows)
    *items, _ = read_index(io.BytesIO(data), "part-00000.c000.gz.parquet", chosen, sleep or (lambda _seconds: None))
    return items


def whole(folder: Path, rows, chosen: IngestSettings):
    """What the whole WARCs give at the places of these rows, by file and offset: the oracle."""
    names = sorted({row["warc_filename"] for row in rows})
    places = sorted((row["warc_filename"], row["warc_record_offset"]) for row in rows)
    found = {}
    for name in names:
        base_name = name.rpartition("/")[2]
        with (folder / name).open("rb") as file:
            for item in read_warc(file, base_name, chosen):
                if isinstance(item, Record | Rejected):
                    item.file = base_name
                    found[name, item.offset] = item
    return [found[place] for place in places]


def picks(
    row, *, domains=(), host_suffixes=(), url=lambda _url: True, languages=(), mime_types=(), statuses=(), lengths=(0, 2**62), sample=1.0
):
    """The rules in plain Python."""
    host = row["url_host_name"]
    share = int.from_bytes(xxhash.xxh3_64_digest(row["url"].encode()), "big") / 2**64
    return all(
        (
            not domains or row["url_host_registered_domain"] in domains,
            not host_suffixes or any(host == suffix or host.endswith("." + suffix) for suffix in host_suffixes),
            url(row["url"]),
            not languages or (row["content_languages"] or "").split(",")[0] in languages,
            not mime_types or (row["content_mime_detected"] or row["content_mime_type"]) in mime_types,
            not statuses or row["fetch_status"] in statuses,
            lengths[0] <= row["warc_record_length"] <= lengths[1],
            share < sample,
        )
    )


def one_file(rows):
    """The rows of the first file."""
    first = min(row["warc_filename"] for row in rows)
    return [row for row in rows if row["warc_filename"] == first]


def errors(items):
    """How many records are rejected, by kind."""
    return Counter(item.error.split(":")[0] for item in items if isinstance(item, Rejected))
