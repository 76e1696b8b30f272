"""Where compiled kernels are kept: under NUMBA_CACHE_DIR, else the user's cache, else nowhere; never a reason to fail."""

import os
import subprocess
import sys

import pytest

SCRIPT = """
import os
from corpusmill.kernels.utf8 import width
print(width(0xE2), os.environ.get("NUMBA_CACHE_DIR"))
"""


def run(**folders):
    environment = {key: value for key, value in os.environ.items() if key not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "HOME")}
    environment |= {key: str(value) for key, value in folders.items()}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True)
    value, folder = done.stdout.split()
    assert value == "3"
    return folder


def compiled(folder):
    return [path for path in folder.rglob("*.nbi") if path.is_file()]


@pytest.fixture
def not_writable(tmp_path):
    """A folder that nobody can make, root included: a file stands in its way."""
    (tmp_path / "file").touch()
    return tmp_path / "file" / "cache"


def test_the_folder_that_is_given(tmp_path):
    folder = run(NUMBA_CACHE_DIR=tmp_path / "given", XDG_CACHE_HOME=tmp_path / "user")
    assert folder.startswith(str(tmp_path / "given"))
    assert compiled(tmp_path / "given")
    assert not (tmp_path / "user").exists()


def test_a_child_process_uses_its_parents_folder(tmp_path):
    folder = run(NUMBA_CACHE_DIR=tmp_path)
    assert run(NUMBA_CACHE_DIR=folder) == folder


def test_the_users_folder_where_the_given_one_cannot_be_written(tmp_path, not_writable):
    folder = run(NUMBA_CACHE_DIR=not_writable, XDG_CACHE_HOME=tmp_path / "user")
    assert folder.startswith(str(tmp_path / "user" / "corpusmill" / "numba"))


def test_nowhere(not_writable):
    assert run(NUMBA_CACHE_DIR=not_writable, XDG_CACHE_HOME=not_writable, HOME=not_writable) == str(not_writable)
