"""Files beside the tables, local or at any fsspec URL, appear whole under their final name or not at all."""

import tempfile
import uuid
from pathlib import Path

from fsspec.implementations.local import LocalFileSystem

from corpusmill.errors import InputError
from corpusmill.paths import filesystem


def is_local(path: str) -> bool:
    """Whether a path is on this machine's own file system, where files can be mapped into memory and renamed."""
    return isinstance(filesystem(path)[0], LocalFileSystem)


def read_file(path: str) -> bytes:
    """The content of a file. Raises InputError where there is none."""
    found, inner = filesystem(path)
    try:
        return bytes(found.cat_file(inner))
    except (FileNotFoundError, IsADirectoryError) as error:
        raise InputError(f"there is no file {path}") from error


def write_file(path: str, content: bytes) -> None:
    """Write a small file; whoever reads meanwhile sees the old content or the new one."""
    staged = staging_file(path.rpartition("/")[0])
    staged.write_bytes(content)
    publish_file(staged, path)


def staging_file(folder: str) -> Path:
    """A new local name to write to before `publish_file` to `folder`: on the same disk if that is local, so that a rename does it."""
    place = Path(filesystem(folder)[1]) / "_staging" if is_local(folder) else Path(tempfile.gettempdir())
    place.mkdir(parents=True, exist_ok=True)
    return place / uuid.uuid4().hex


def publish_file(staged: Path, path: str) -> None:
    """Give a finished local file its final name: a rename, or an upload, which object stores show only when complete."""
    found, inner = filesystem(path)
    if isinstance(found, LocalFileSystem):
        Path(inner).parent.mkdir(parents=True, exist_ok=True)
        staged.replace(inner)
        return
    found.put_file(str(staged), inner)
    staged.unlink()


def remove_staging(folder: str) -> None:
    """Remove what attempts that were killed left in a local folder; only when no task writes there."""
    found, inner = filesystem(folder)
    place = f"{inner}/_staging"
    if isinstance(found, LocalFileSystem) and found.exists(place):
        found.rm(place, recursive=True)
