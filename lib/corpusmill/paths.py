"""Paths of the store: local folders and object stores, whose s3:// (fsspec) is s3a:// for Hadoop, mapped here and nowhere else."""

import re
from pathlib import Path
from typing import Any

import fsspec

_CATALOG = re.compile(r"^[A-Za-z_]\w*\.[A-Za-z_]\w*$")


def hadoop_path(path: str) -> str:
    """The path as Spark wants it: s3:// becomes s3a://."""
    return "s3a://" + path.removeprefix("s3://") if path.startswith("s3://") else path


def fsspec_path(path: str) -> str:
    """The path as fsspec wants it: s3a:// becomes s3://."""
    return "s3://" + path.removeprefix("s3a://") if path.startswith("s3a://") else path


def join_path(folder: str, *parts: str) -> str:
    """Join below a folder that may be a URL."""
    return "/".join([folder.rstrip("/"), *parts])


def absolute_path(path: str) -> str:
    """A local path from the root: SQL takes delta.`a/b` for a table b in a schema a. URLs stay as they are."""
    return str(Path(path).absolute()) if is_local(path) else path


def is_local(path: str) -> bool:
    """Whether a path names a folder of this machine's and no URL."""
    return "://" not in path and ":/" not in path


def is_catalog(root: str) -> bool:
    """Whether a store root is `catalog.schema` and not a folder."""
    return bool(_CATALOG.match(root))


def files_folder(root: str, files: str) -> str:
    """Where a store with these settings has what is not in tables: models, shards, reports. As fsspec wants it."""
    return fsspec_path(files or join_path(root, "files"))


def filesystem(path: str, **options: Any) -> tuple[Any, str]:  # noqa: ANN401 - options are the file system's own
    """The fsspec filesystem of a path, and the path as that filesystem names it.

    What a store needs besides comes from the environment, as fsspec, s3fs and botocore read it: AWS_ENDPOINT_URL, AWS_PROFILE,
    FSSPEC_S3_ANON=true for a public bucket, FSSPEC_HTTP='{"headers": {...}}'.
    """
    found, inner = fsspec.core.url_to_fs(fsspec_path(path), **options)
    return found, inner


def exists(path: str) -> bool:
    """Whether a file or folder is there."""
    found, inner = filesystem(path)
    return bool(found.exists(inner))


def conf_folder() -> Path:
    """The recipes and Spark properties that come with this package: inside a wheel, else the checkout's conf/."""
    package = Path(__file__).resolve().parent
    packaged = package / "conf"
    return packaged if packaged.is_dir() else package.parent.parent / "conf"
