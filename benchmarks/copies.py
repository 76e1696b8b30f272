"""A crawl several times over, each copy's records under ids of their own: what a difference of two input sizes needs to stand above noise."""

import uuid
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter


def copied(file: Path, folder: Path, copies: int) -> list[Path]:
    """`file` and so many copies of it in `folder`, made the first time."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [folder / f"copy-{number}-{file.name}" for number in range(copies)]
    for path in made:
        if not path.exists():
            _copy(file, path)
    return [file, *made]


def _copy(file: Path, path: Path) -> None:
    unfinished = path.with_suffix(".unfinished")
    with file.open("rb") as source, unfinished.open("wb") as sink:
        writer = WARCWriter(sink, gzip=True)
        for record in ArchiveIterator(source):
            old = record.rec_headers.get_header("WARC-Record-ID")
            record.rec_headers.replace_header("WARC-Record-ID", f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{path.name} {old}')}>")
            writer.write_record(record)
    unfinished.rename(path)
