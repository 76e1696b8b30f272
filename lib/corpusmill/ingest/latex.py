"""LaTeX papers: a .tex file, the .tar.gz of one paper's files, or arXiv's .tar of many such; offsets count bytes of the decompressed file.

One paper is held at a time: its .tex files alone.
"""

import io
import re
import tarfile
from collections.abc import Iterator, Mapping
from tarfile import InvalidHeaderError, TruncatedHeaderError  # type: ignore[attr-defined]
from typing import BinaryIO, Self

import corpusmill
from corpusmill.ingest.charset import stored_text
from corpusmill.ingest.content import BrokenMemberError
from corpusmill.ingest.identity import native_id, place_id
from corpusmill.ingest.latex_source import flat_source, main_file
from corpusmill.ingest.latex_text import Paper
from corpusmill.ingest.rows import Extraction, Item, Others, Record, Rejected
from corpusmill.ingest.streams import LARGEST_READ, ForwardFile, OversizeError, content_blocks
from corpusmill.settings import IngestSettings

_LATEX = Extraction("corpusmill.latex", corpusmill.__version__, "{}")
_LARGEST = 8_388_608
"""Bytes of LaTeX in a paper; the pieces of so much take 320 MB where each is short."""
_HEADER = 512
_IS_TAR = slice(257, 262)
_Found = Record | Rejected | None
"""None: a member that is neither a paper nor part of one."""
_ARCHIVES = [
    "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn", "chem-ph", "cmp-lg", "comp-gas",
    "cond-mat", "cs", "dg-ga", "funct-an", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math", "math-ph", "mtrl-th", "nlin",
    "nucl-ex", "nucl-th", "patt-sol", "physics", "plasm-ph", "q-alg", "q-bio", "q-fin", "quant-ph", "solv-int", "stat", "supr-con",
]  # fmt: skip
_ARXIV = re.compile(
    rf"(?:^|/)(?:arXiv-)?(\d{{4}}\.\d{{4,5}}(?:v\d+)?|(?:{'|'.join(_ARCHIVES)})\d{{7}}(?:v\d+)?)\.(?:gz|tar\.gz|tgz|tar|tex|tex\.gz|pdf)$"
)
"""A paper's file by arXiv's naming (info.arxiv.org/help/bulk_data_s3.html): 2401.00001.gz, hep-th9901001.gz, a PDF where there is no source."""
_TEX = re.compile(r"\.(?:tex|ltx|latex)$", re.IGNORECASE)
_TAR_ERRORS = (tarfile.TarError, ValueError, OverflowError, LookupError, EOFError, RecursionError)
"""What tarfile raises on headers that lie; each header of a long name or of extended fields reads the next one in itself."""


def read_latex(file: BinaryIO, name: str, settings: IngestSettings) -> Iterator[Item]:
    """The papers of a file. Members of an archive that are neither a paper nor part of one are counted as others."""
    others = 0
    for item in _papers(ForwardFile(content_blocks(file, name)), name, settings):
        if item is None:
            others += 1
        else:
            yield item
    yield Others(others)


class _Member(tarfile.TarInfo):
    """A header of an archive; one that is damaged is an error, where tarfile takes it for the end of the archive."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile)
        except (InvalidHeaderError, TruncatedHeaderError) as error:
            raise BrokenMemberError(f"tar: {error}") from error


def _papers(content: ForwardFile, name: str, settings: IngestSettings, member: tarfile.TarInfo | None = None) -> Iterator[_Found]:
    """The papers of a plain file or tar archive, which may be the `member` of an archive of many."""
    limit = min(settings.max_record_bytes, _LARGEST)
    offset = member.offset if member else 0
    try:
        head = content.peek(_HEADER)
        if head[_IS_TAR] == b"ustar":
            yield from _members(content, name, limit, settings, member)
        elif head.startswith(b"%PDF"):
            yield Rejected(offset, "type: application/pdf")
        else:
            data = content.read_rest(limit)
            yield _paper({"main.tex": data}, name, offset, member.size if member else len(data), limit, settings)
    except BrokenMemberError as error:
        yield Rejected(offset, f"broken_record: {error}")
    except OversizeError as error:
        yield Rejected(offset, f"too_large: {error}")


def _headers(content: ForwardFile) -> Iterator[tarfile.TarInfo]:
    """The members of a tar archive; `content` stands at the bytes of each. Raises BrokenMemberError."""
    archive: tarfile.TarFile | None = None
    while True:
        try:
            archive = archive or tarfile.TarFile(fileobj=content, tarinfo=_Member)  # type: ignore[arg-type] # it reads forward alone
            member = archive.next()
        except _TAR_ERRORS as error:
            raise BrokenMemberError(f"tar: {str(error)[:100]}") from error
        if member is None:
            return
        if member.size < 0:
            raise BrokenMemberError("tar: a member of less than no bytes")
        # tarfile keeps every header it has read.
        archive.members.clear()  # type: ignore[attr-defined]
        content.seek(member.offset_data)
        yield member


def _members(content: ForwardFile, name: str, limit: int, settings: IngestSettings, outer: tarfile.TarInfo | None) -> Iterator[_Found]:
    """The papers in a tar archive: each member that arXiv's naming says is one, and all .tex members together."""
    files: dict[str, bytes] = {}
    size = 0
    for member in _headers(content):
        path = member.name.removeprefix("./")
        if member.issparse() or not member.isfile():
            continue
        if _TEX.search(path):
            size += member.size
            if size > limit:
                raise OversizeError(f"more than {limit:,} bytes of LaTeX")
            files[path] = _read(content, member)
        elif outer is None and _ARXIV.search(path):
            yield from _inner(content, path, member, settings)
        else:
            yield None
    if files:
        yield _paper(files, name, outer.offset if outer else 0, outer.size if outer else size, limit, settings)
    elif outer is not None:
        yield Rejected(outer.offset, "no_text: no .tex file in the archive")


def _inner(content: ForwardFile, path: str, member: tarfile.TarInfo, settings: IngestSettings) -> Iterator[_Found]:
    """A paper that is a member of arXiv's archive of many."""
    if path.endswith(".pdf"):
        yield Rejected(member.offset, "type: application/pdf")
    elif member.size > LARGEST_READ:
        yield Rejected(member.offset, f"too_large: {member.size:,} bytes")
    else:
        packed = io.BytesIO(_read(content, member))
        found = _papers(ForwardFile(content_blocks(packed, path)), path, settings, member)
        yield from (item for item in found if item is not None)


def _read(content: ForwardFile, member: tarfile.TarInfo) -> bytes:
    data = content.read(member.size)
    if len(data) < member.size:
        raise BrokenMemberError("the archive ends inside a member")
    return data


def _paper(files: Mapping[str, bytes], name: str, offset: int, length: int, limit: int, settings: IngestSettings) -> Record | Rejected:
    main = main_file(files)
    if main is None:
        return Rejected(offset, f"no_text: none of {len(files):,} .tex files has a document class")
    paper = Paper(flat_source(files, main, limit))
    number = found.group(1) if (found := _ARXIV.search(name)) else ""
    number = re.sub(r"(?<=[a-zA-Z])(?=\d{7})", "/", number)
    attributes = {"title": stored_text(paper.title).decode(), "arxiv": number}
    return Record(
        native_id(settings.source or settings.snapshot, number) if number else place_id(name, offset),
        offset,
        length,
        stored_text(paper.text),
        _LATEX,
        url=f"https://arxiv.org/abs/{number}" if number else None,
        domain=settings.domain_or("papers"),
        attributes={key: value for key, value in attributes.items() if value},
    )
