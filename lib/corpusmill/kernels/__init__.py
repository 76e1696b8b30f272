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

_PACKAGE = Path(__file__).parent.parent
_COMPILED = ("kernels", "text", "signals", "edits", "decontaminate")
"""Folders of the package that may hold compiled functions."""


def _digest() -> str:
    """Of every source that may be compiled, and of the tables that are compiled in."""
    total = hashlib.sha256()
    for folder in _COMPILED:
        for path in sorted((_PACKAGE / folder).glob("*")):
            if path.suffix in (".py", ".npz"):
                total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()[:16]


def _cache_folder() -> Path | None:
    """The first of NUMBA_CACHE_DIR and the user's cache folder that can be written to; None where there is none, or no source to digest."""
    if not _PACKAGE.is_dir():
        return None
    given = os.environ.get("NUMBA_CACHE_DIR")
    user = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    for root in (Path(given),) if given else (Path(user) / "corpusmill" / "numba",):
        try:
            folder = root / _digest()
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except (OSError, RuntimeError):
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
    return compiled(function)  # type: ignore[no-any-return]
