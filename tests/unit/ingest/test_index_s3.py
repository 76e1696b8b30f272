"""The same over the S3 protocol, from a real server of it, with faults made by a proxy before it; `make versitygw` builds the server."""

import shutil
import socket
import subprocess
import time

import pytest
import s3fs
from corpusmill.ingest.rows import Rejected

from tests.conftest import ROOT
from tests.unit.ingest.byte_server import ByteServer
from tests.unit.ingest.cc_index import read, settings, whole, write_crawl

BASE = "s3a://crawl"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("crawl")


@pytest.fixture(scope="module")
def rows(folder):
    return write_crawl(folder)


@pytest.fixture(scope="module")
def gateway(folder, rows, tmp_path_factory):
    """host:port of a server that holds the crawl in the bucket `crawl`."""
    program = shutil.which("versitygw") or shutil.which("versitygw", path=ROOT / "build")
    if not program:
        pytest.skip("versitygw is neither on PATH nor in build/: run make versitygw")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    root, metadata = tmp_path_factory.mktemp("s3"), tmp_path_factory.mktemp("metadata")
    command = [program, "--quiet", "--port", address, "--access", "user", "--secret", "password", "posix", "--sidecar", metadata, root]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            wait_for(address)
            store = s3fs.S3FileSystem(key="user", secret="password", endpoint_url=f"http://{address}", skip_instance_cache=True)
            store.mkdir("crawl")
            for name in {row["warc_filename"] for row in rows}:
                store.put_file(str(folder / name), f"crawl/{name}")
            yield address
        finally:
            running.terminate()


def wait_for(address):
    host, _, port = address.partition(":")
    for _ in range(200):
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("versitygw does not answer")


@pytest.fixture
def proxy(gateway, monkeypatch):
    """The server behind a proxy with faults, as the environment names an S3 store to any program."""
    with ByteServer(upstream=gateway) as opened:
        monkeypatch.setenv("AWS_ENDPOINT_URL", opened.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "user")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "password")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        s3fs.S3FileSystem.clear_instance_cache()
        yield opened
        s3fs.S3FileSystem.clear_instance_cache()


FAULTS = {
    "none": [],
    "slow down": [(503, {"Retry-After": "3"}), 503],
    "too many requests": [429],
    "reset": ["reset"],
    "cut body": ["cut", "cut"],
    "damaged": ["damaged"],
}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
def test_records_are_those_of_the_whole_warc_whatever_passes_on_the_way(folder, rows, proxy, faults):
    slept = []
    proxy.faults[""] = list(faults)
    chosen = settings(BASE, retries=3, connections=2, range_bytes=4000)
    assert read(rows, chosen, slept.append) == whole(folder, rows, chosen)
    assert not proxy.faults[""]
    assert len(slept) == len(faults) or faults in (["damaged"], ["reset"])
    # Of two connections either may come to its wait first.
    assert faults != FAULTS["slow down"] or max(slept) >= 3


def test_a_fault_that_lasts_is_a_rejected_record_and_a_missing_object_too(rows, proxy):
    path = f"/crawl/{rows[0]['warc_filename']}"
    proxy.faults[path] = [503] * 3
    (item,) = read(rows[:1], settings(BASE, retries=2))
    assert isinstance(item, Rejected)
    assert item.error.startswith("fetch: HTTP 503")
    # botocore's own retries are off: three requests are three requests.
    assert len(proxy.requests) == 3
    slept = []
    (item,) = read([{**rows[0], "warc_filename": "none.warc.gz"}], settings(BASE), slept.append)
    assert (item.error, slept) == ("fetch: HTTP 404 NoSuchKey", [])
    (item,) = read([{**rows[0], "warc_record_offset": 10**9}], settings(BASE), slept.append)
    assert (item.error, slept) == ("fetch: HTTP 416 InvalidRange", [])


def test_another_version_is_seen_by_its_etag(rows, proxy):
    first = min(row["warc_filename"] for row in rows)
    chosen = [{**row, "content_digest": None} for row in rows if row["warc_filename"] == first and row["fetch_status"] == 200][:2]
    proxy.faults[f"/crawl/{first}"] = [None, "another", "another"]
    found = read(chosen, settings(BASE, gap_bytes=0, connections=1))
    assert [item.error for item in found if isinstance(item, Rejected)][-1:] == ["changed: the file's ETag is another than before"]
