"""One Spark session for the whole suite, classic or Connect by SPARK_MODE, and a store a test."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("CORPUSMILL_SHARED", ROOT.parent / "shared"))
CONNECT = os.environ.get("SPARK_MODE") == "connect"
SETTINGS = {"spark.sql.shuffle.partitions": "2", "spark.default.parallelism": "2"}
if not CONNECT:
    # Code generated for a query on ten rows costs more than the query. On Connect it is generated.
    SETTINGS |= {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}


def pytest_collection_modifyitems(config, items):
    """Leave `slow` tests to make test-full; in Connect mode run what is marked so alone."""
    full = os.environ.get("CORPUSMILL_TEST_FULL") == "1"
    for item in items:
        if item.get_closest_marker("slow") and not full:
            item.add_marker(pytest.mark.skip(reason="slow: make test-full runs it"))
        if CONNECT and not item.get_closest_marker("connect"):
            item.add_marker(pytest.mark.skip(reason="not marked for Connect"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data; a test that needs it is skipped where it is not."""
    data = SHARED / "data"
    if not data.is_dir():
        pytest.skip(f"real data not found at {data}: set CORPUSMILL_SHARED")
    return data


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """The shared session: local[2], quick settings, warehouse in a temporary folder."""
    from corpusmill.session import open_session

    if CONNECT:
        os.environ["SPARK_REMOTE"] = "local[2,4]"
    else:
        os.environ.setdefault("MASTER", "local[2,4]")
    warehouse = tmp_path_factory.mktemp("warehouse")
    session = open_session("tests", {"spark.sql.warehouse.dir": str(warehouse), **SETTINGS})
    yield session
    session.stop()


@pytest.fixture
def store(spark, tmp_path):
    """An empty store in a temporary folder."""
    from corpusmill.settings import StoreSettings
    from corpusmill.store import Store

    return Store(spark, StoreSettings(root=str(tmp_path / "store")))


@pytest.fixture
def run_jobs(spark, tmp_path):
    """Runs jobs by name in process with overrides, on one store, and gives back the lines they said."""
    from tests.runs import run_named

    return lambda names, *arguments, root=tmp_path / "store": run_named(names, arguments, root)
