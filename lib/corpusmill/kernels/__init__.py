"""Compiled loops over Arrow buffers: uint8 text and int64 offsets in, flat arrays out, no Python object a document.

numba's cache goes to a folder of the user's named after a digest of the compiled sources, because numba itself notices neither a change in a
function that another file inlines nor one that leaves a file's size and time alone. Where no such folder can be written, nothing is cached.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")

_SOURCES = Path(__file__).parent


def _digest() -> str:
    """Of every source that is compiled, and of the tables that are compiled in."""
    total = hashlib.sha256()
    for path in sorted(_SOURCES.glob("*")):
        if path.suffix in (".py", ".npz"):
            total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()[:16]


def _cache_folder() -> Path | None:
    """A folder under NUMBA_CACHE_DIR or else the user's cache that can be written to; None where there is none, or no source to digest."""
    if not _SOURCES.is_dir():
        return None
    digest = _digest()
    user = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "corpusmill" / "numba"
    for root in (os.environ.get("NUMBA_CACHE_DIR"), user):
        if not root:
            continue
        try:
            # A parent process has told its children the very folder.
            folder = Path(root).expanduser()
            folder = folder if folder.name == digest else folder / digest
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except (OSError, RuntimeError):  # RuntimeError: there is no home
            continue
    return None


_FOLDER = _cache_folder()
if _FOLDER is not None:
    os.environ["NUMBA_CACHE_DIR"] = str(_FOLDER)

import numba  # noqa: E402 (reads NUMBA_CACHE_DIR when it is imported)

if _FOLDER is not None:
    numba.config.CACHE_DIR = str(_FOLDER)


def jit(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a kernel: without the GIL, with C's arithmetic and without bounds checks, cached on disk where possible."""
    compiled: Any = numba.njit(cache=_FOLDER is not None, nogil=True, error_model="numpy", boundscheck=False)
    return compiled(function)  # type: ignore[no-any-return]  # numba has no types
