"""A small crawl with its index, in a folder and behind a server, for the tests of reading by an index."""

import pytest

from tests.unit.ingest.byte_server import ByteServer
from tests.unit.ingest.cc_index import write_crawl


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("crawl")


@pytest.fixture(scope="module")
def rows(folder):
    return write_crawl(folder)


@pytest.fixture
def server(folder):
    with ByteServer(folder) as opened:
        yield opened
