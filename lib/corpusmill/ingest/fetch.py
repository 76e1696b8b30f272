"""One byte range of a file, over HTTP, from S3 or from any other fsspec file system; what fails on the way is tried again, later and later."""

import asyncio
import email.utils
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fsspec.asyn import sync

from corpusmill import __version__
from corpusmill.paths import filesystem, join_path

_BLOCK = 65_536
_ABSENT = (404, 410, 416)
"""Statuses that say of the object itself that it, or this part of it, is not there. Any other may pass: data.commoncrawl.org answers 403 to
those who ask too often (https://status.commoncrawl.org)."""
_WHOLE_FILES = "the server gives whole files only, not byte ranges"
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)$")


class FetchError(Exception):
    """A range could not be had; the message says why."""

    def __init__(self, message: str, is_final: bool = False, wait: float = 0.0) -> None:
        """`is_final`: to ask again gives the same answer. `wait`: seconds that the server asks to wait."""
        super().__init__(message)
        self.is_final = is_final
        self.wait = wait


@dataclass(frozen=True)
class Fetched:
    """The bytes of a range, fewer than asked for only where the file ends before, and the file's ETag where the store has one."""

    data: bytes
    etag: str = ""


class RangeStore:
    """The files under one base, a folder or URL. Fetches from any number of threads."""

    def __init__(self, base: str, timeout: float) -> None:
        """`timeout`: seconds for one request."""
        # Failures are answered here, once, and not by botocore's own retries below.
        once = {"config_kwargs": {"retries": {"total_max_attempts": 1}}} if base.startswith(("s3://", "s3a://")) else {}
        self._files, self._root = filesystem(base, **once)
        self._timeout = timeout
        protocols = self._files.protocol if isinstance(self._files.protocol, tuple) else (self._files.protocol,)
        self._ask = _from_s3 if "s3" in protocols else _over_http if "http" in protocols else None

    def fetch(self, name: str, start: int, end: int) -> Fetched:
        """The bytes [start, end) of the file of that name below the base. Raises FetchError."""
        path = join_path(self._root, name)
        if self._ask:
            fetched: Fetched = sync(self._files.loop, self._asked, self._ask, path, start, end)
            return fetched
        try:
            return Fetched(self._files.cat_file(path, start=start, end=end))
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise FetchError("no such file", is_final=True) from error
        except OSError as error:
            raise FetchError(_shown(error)) from error

    async def _asked(self, ask: Callable[..., Any], path: str, start: int, end: int) -> Fetched:
        import aiohttp

        try:
            async with asyncio.timeout(self._timeout):
                fetched: Fetched = await ask(self._files, path, start, end)
        except TimeoutError as error:
            raise FetchError(f"no answer in {self._timeout:g} seconds") from error
        except (aiohttp.ClientError, OSError) as error:
            raise FetchError(_shown(error)) from error
        return fetched


@dataclass(frozen=True)
class Patience:
    """How often and after which waits a request is sent again."""

    retries: int
    longest_wait: float
    """Seconds."""
    sleep: Callable[[float], object] = time.sleep
    jitter: random.Random = field(default_factory=random.Random)

    def until_had(self, ask: Callable[[], Fetched]) -> Fetched:
        """What `ask` gives. Raises the FetchError that is final, or the last one."""
        for attempt in range(self.retries + 1):
            try:
                return ask()
            except FetchError as error:
                if error.is_final or attempt == self.retries:
                    raise
                # Tasks that were refused together must not come back together.
                wait = max(error.wait, 2.0**attempt) * (1 + self.jitter.random() / 2)
                self.sleep(min(wait, self.longest_wait))
        raise AssertionError("unreachable")


async def _over_http(files: Any, url: str, start: int, end: int) -> Fetched:  # noqa: ANN401 - fsspec has no types
    """By the session that fsspec made, whose cat_file shows neither ETag nor how long a body is before it is read."""
    session = await files.set_session()
    options = dict(files.kwargs)
    # The bytes of a .gz file are wanted as they are, also where the server calls their gzip a coding.
    own = {"Range": f"bytes={start}-{end - 1}", "Accept-Encoding": "identity", "User-Agent": f"corpusmill/{__version__}"}
    options["headers"] = {**own, **options.get("headers", {})}
    async with session.get(files.encode_url(url), auto_decompress=False, **options) as answer:
        if answer.status not in (200, 206):
            raise _refused(answer.status, answer.headers)
        if answer.status == 200 and start > 0:
            raise FetchError(_WHOLE_FILES, is_final=True)
        data = bytearray()
        async for block in answer.content.iter_chunked(_BLOCK):
            data += block
            if len(data) >= end - start:
                break
        total = answer.headers.get("Content-Length") if answer.status == 200 else answer.headers.get("Content-Range")
        return _whole(bytes(data[: end - start]), start, end, total or "", answer.headers.get("ETag", ""))


async def _from_s3(files: Any, path: str, start: int, end: int) -> Fetched:  # noqa: ANN401 - s3fs has no types
    """By the client that s3fs made; its own calls would retry below this module and keep the ETag."""
    from botocore.exceptions import BotoCoreError, ClientError

    bucket, key, _ = files.split_path(path)
    try:
        await files.set_session()
        client = await files.get_s3(bucket)
        answer = await client.get_object(Bucket=bucket, Key=key, Range=f"bytes={start}-{end - 1}", **files.req_kw)
        async with answer["Body"] as body:
            if answer["ContentLength"] > end - start:
                raise FetchError(_WHOLE_FILES, is_final=True)
            data = await body.read()
    except ClientError as error:
        about = error.response.get("ResponseMetadata", {})
        raise _refused(
            int(about.get("HTTPStatusCode", 0)), about.get("HTTPHeaders", {}), error.response["Error"].get("Code", "")
        ) from error
    except BotoCoreError as error:
        raise FetchError(_shown(error)) from error
    return _whole(data, start, end, answer.get("ContentRange", ""), answer.get("ETag", ""))


def _refused(status: int, headers: Mapping[str, str], code: str = "") -> FetchError:
    said = f"HTTP {status} {code}".strip() if not code.isdigit() else f"HTTP {status}"
    found = {name.lower(): value for name, value in headers.items()}
    return FetchError(said, is_final=status in _ABSENT, wait=_retry_after(found.get("retry-after", "")))


def _whole(data: bytes, start: int, end: int, said: str, etag: str) -> Fetched:
    """Raises FetchError where the body is not what was asked for and not cut by the file's end. `said`: Content-Range, or the file's size."""
    found = _CONTENT_RANGE.match(said)
    if found and int(found.group(1)) != start:
        raise FetchError(f"asked for bytes from {start:,}, got those from {int(found.group(1)):,}")
    size = found.group(3) if found else said
    if len(data) < end - start and size != str(start + len(data)):
        raise FetchError(f"the answer breaks off after {len(data):,} of {end - start:,} bytes")
    return Fetched(data, etag)


def _retry_after(value: str) -> float:
    """Seconds to wait, from either form of the header (RFC 9110 section 10.2.3); 0 for what is neither."""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _shown(error: Exception) -> str:
    """One short line; messages of libraries quote addresses and bodies."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
