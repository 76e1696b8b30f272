"""How files become documents."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from corpusmill.settings.base import Integers, Settings, Strings, as_tuple
from corpusmill.settings.index import IndexSettings


class FieldSettings(Settings):
    """Which fields of a row are what, where that differs from ingest.schema.

    A field inside another is written with a dot: `metadata.url`. Of several names the first that a row has counts, but for `text`.
    """

    text: Strings = ()
    """All of these, joined by a blank line; empty here and below: as the schema says."""
    id: Strings = ()
    url: Strings = ()
    date: Strings = ()
    domain: Strings = ()
    attributes: dict[str, Strings] = Field(default_factory=dict)
    """What else to keep with a document, under which name, beside what the schema keeps."""


class TrafilaturaSettings(Settings):
    """How trafilatura reads a page: as FineWeb's pipeline has it (datatrove 0.10.0)."""

    favour_precision: bool = True
    """Less text, but right (datatrove examples/fineweb.py)."""
    include_comments: bool = False
    """Readers' comments (datatrove pipeline/extractors/trafilatura.py)."""
    deduplicate: bool = True
    """Leave out a paragraph that a page has shown more than twice (datatrove pipeline/extractors/trafilatura.py; there across pages)."""
    seconds: float = Field(default=1.0, gt=0)
    """CPU time of a page (datatrove pipeline/extractors/base.py, there on the clock); more is rejected as `extraction`."""
    memory_bytes: int = Field(default=2**30, gt=0)
    """Address space of the process that extracts; a page that needs more is rejected as `extraction`."""


class UrlListSettings(Settings):
    """A list of what is denied or allowed by its URL."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """What a record is rejected as, `url: <name>`; in a table, the value of its column `list`. Two lists may share it."""
    path: str
    """A text file of an entry a line, plain or gzip; a folder with the file `<kind>` or `<name>/<kind>` in it, as the UT1 lists are
    published (`adult/domains`); or a Parquet file, a folder of them or a Delta table with columns `list` and `entry`."""
    kind: Literal["domains", "urls", "words", "soft_words", "substrings"]
    """`domains`: hosts and all below them. `urls`: addresses without scheme, and all below them as a path. `words`: parts of a URL between
    what is neither letter nor digit; `soft_words` count only together. `substrings`: anywhere among a URL's letters and digits."""
    action: Literal["deny", "allow"] = "deny"
    """A URL that an allow list names is kept whatever deny lists say."""


class IngestSettings(Settings):
    """What to read and what counts as a document."""

    model_config = ConfigDict(populate_by_name=True)

    paths: Strings = ()
    """Files, folders or globs, local or any fsspec URL."""
    snapshot: str = Field(default="default", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    source: str = ""
    """The data set's name; empty: the snapshot's."""
    domain: str = ""
    """The mixture's word for these documents, where a file does not say itself; empty: what its schema or format is of, else web."""
    format: Literal["auto", "warc", "jsonl", "parquet", "code", "cc_index", "mediawiki", "stackexchange", "latex", "text", "epub"] = "auto"
    """`code`: archives of source code, .zip and .tar, each file of a known language a document. `cc_index`: the files are parts of Common
    Crawl's columnar index, and what is read are the records that ingest.index picks by them."""
    row_schema: Literal[
        "plain", "refinedweb", "fineweb", "dclm", "dolma", "c4", "redpajama", "redpajama_v2", "the_stack", "question_answer"
    ] = Field(default="plain", alias="schema")
    """Whose fields the rows of JSON lines and Parquet have; `plain`: text, id, url, domain, date."""
    fields: FieldSettings = FieldSettings()
    licenses: Strings = ()
    """SPDX ids of the licences that rows and source code may be under, such as MIT; others, and none, are rejected. Empty: any."""
    statuses: Integers = (200,)
    """HTTP statuses that make a document."""
    max_record_bytes: int = Field(default=16_000_000, gt=0)
    """A larger payload is rejected as too_large."""
    chunk_bytes: int = Field(default=16 * 2**30, gt=0)
    """Files are packed into chunks of this size; a chunk is written and resumed as one."""
    files_at_once: int = Field(default=1000, gt=0)
    """Chunks are parsed together until they have so many files, a task each: as many as the cluster has cores, or more."""
    url_lists: Annotated[tuple[UrlListSettings, ...], BeforeValidator(as_tuple)] = ()
    """Looked at before text is extracted; the first deny list in this order that names a URL gives the reason."""
    soft_words: int = Field(default=2, gt=0)
    """So many different words of one list of `soft_words` deny a URL (datatrove pipeline/filters/url_filter.py, soft_word_threshold)."""
    unlisted_urls: Literal["keep", "deny"] = "keep"
    """What becomes of a URL, or a record without one, that no list names; `deny` keeps what allow lists name, and nothing else."""
    extractor: Literal["resiliparse", "trafilatura"] = "resiliparse"
    """trafilatura needs the extra corpusmill[extract], and takes 50 times as long."""
    trafilatura: TrafilaturaSettings = TrafilaturaSettings()
    main_content: bool = True
    """resiliparse: leave navigation, footers and comments out (DCLM, arXiv 2406.11794 section 3.2, uses it so)."""
    answer_score: int = 0
    """Answers of a lower score are left out (stackexchange). The Pile took 3 (EleutherAI/stackexchange-dataset, pairer.py)."""
    gutenberg_licence: bool = False
    """Keep what Project Gutenberg puts before and after its books (text)."""
    index: IndexSettings = IndexSettings()
    replace: bool = False
    """Ingest the snapshot anew where files or extraction settings contradict what was ingested."""

    def domain_or(self, own: str = "web") -> str:
        """The domain of documents that do not say theirs: as set, else `own`, what their schema or format is of."""
        return self.domain or own
