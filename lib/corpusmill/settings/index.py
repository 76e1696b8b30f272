"""Which records of a crawl are picked by its columnar index, and how they are fetched."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from corpusmill.settings.base import Integers, Settings, Share, Strings, as_tuple

Language = Annotated[str, Field(pattern=r"^[a-z]{3}$")]


class IndexSettings(Settings):
    """Rules on the rows of Common Crawl's columnar index, for ingest.format=cc_index. All must hold; an empty one lets every row pass.

    Columns are those of https://github.com/commoncrawl/cc-index-table. A part takes about 150 bytes of memory for each row that is picked.
    """

    base: str = "https://data.commoncrawl.org/"
    """What warc_filename is relative to: a folder or any fsspec URL, s3a://commoncrawl for one."""
    domains: Strings = ()
    """Registered domains: example.co.uk."""
    host_suffixes: Strings = ()
    """Hosts with everything below them: gov.uk, blog.example.org."""
    url_regex: str = ""
    """Found anywhere in the URL; RE2's syntax, which takes linear time."""
    languages: Annotated[tuple[Language, ...], BeforeValidator(as_tuple)] = ()
    """ISO 639-3; compared with the first of content_languages, which covers most of the page."""
    mime_types: Strings = ()
    """Compared with content_mime_detected, where that is null with content_mime_type."""
    statuses: Integers = ()
    """HTTP statuses; ingest.statuses holds for what is fetched."""
    min_length: int = Field(default=0, ge=0)
    """Bytes of the compressed record."""
    max_length: int = Field(default=0, ge=0)
    """The same; 0 is no bound."""
    sample: Share = 1.0
    """The share of URLs to keep, by a hash of the URL: the same ones in every crawl, and a larger share holds the smaller one."""
    gap_bytes: int = Field(default=65_536, ge=0)
    """Records of one file that are no further apart are fetched by one request."""
    range_bytes: int = Field(default=8 * 2**20, gt=0)
    """The most that one request asks for, unless one record is longer (8 MB: Amazon S3, performance guidelines, byte-range fetches)."""
    connections: int = Field(default=4, gt=0)
    """Requests in flight for one part; a task reads a part, so the cluster has so many for every core. Common Crawl serves a few thousand a
    second to everyone together (https://status.commoncrawl.org)."""
    retries: int = Field(default=8, ge=0)
    """How often a request that failed is sent again, after 1, 2, 4, ... seconds and up to half as long again."""
    longest_wait_seconds: float = Field(default=120.0, gt=0)
    """No wait is longer, whatever Retry-After says."""
    timeout_seconds: float = Field(default=120.0, gt=0)
    """A request that takes longer has failed."""
    give_up_after: int = Field(default=20, gt=0)
    """Requests in a row that failed for good, after which the task fails instead of rejecting records: the store is away, or closed to us."""
