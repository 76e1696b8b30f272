"""One small file of each format that is no crawl, through the job: documents with their domain, source and attributes."""

import bz2
import gzip

from corpusmill.tables import Documents, Inputs, RejectedRecords

from tests.unit.ingest.test_books import BOOK, GUTENBERG, pack
from tests.unit.ingest.test_latex_papers import ONE
from tests.unit.ingest.test_mediawiki_dumps import DUMP
from tests.unit.ingest.test_stack_exchange import HEAD, answer, question

FILES = {
    "dewiki-pages-articles.xml.bz2": bz2.compress(DUMP.encode()),
    "superuser.com-Posts.xml.gz": gzip.compress((HEAD + question(1) + answer(2, 1) + answer(3, 9) + "</posts>").encode()),
    "2401.00001.tex.gz": gzip.compress(ONE),
    "pg1342.txt": GUTENBERG.encode(),
    "book.epub": pack(),
    "broken.epub": pack()[:-40],
}


def test_every_format_becomes_documents(run_jobs, store, tmp_path):
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    run_jobs(["ingest_documents"], f"ingest.paths={tmp_path}/*.*", "ingest.source=mixed")
    found = {row.origin.file: row for row in store.read(Documents).collect()}
    assert {name: row.domain for name, row in found.items()} == {
        "dewiki-pages-articles.xml.bz2": "encyclopedia",
        "superuser.com-Posts.xml.gz": "qa",
        "2401.00001.tex.gz": "papers",
        "pg1342.txt": "books",
        "book.epub": "books",
    }
    assert found["pg1342.txt"].text == BOOK
    assert found["superuser.com-Posts.xml.gz"].attributes == {"title": "Title 1", "score": "0", "answers": "1"}
    assert {(row.file, row.error) for row in store.read(RejectedRecords).collect()} == {
        ("dewiki-pages-articles.xml.bz2", "type: content model json"),
        ("dewiki-pages-articles.xml.bz2", "no_text: the latest revision has no text"),
        ("superuser.com-Posts.xml.gz", "no_question: post 3 answers 9, which is not in the file"),
        ("broken.epub", "type: not a zip archive"),
    }
    counts = {row.file: (row.records, row.documents, row.rejected, row.other) for row in store.read(Inputs).collect()}
    assert counts["dewiki-pages-articles.xml.bz2"] == (4, 2, 2, 2)
    assert counts["superuser.com-Posts.xml.gz"] == (2, 1, 1, 1)
