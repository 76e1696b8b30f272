"""Looks for every planted case in the tables, through deltalake and without Spark."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from corpusmill.demo.planted import Case
from corpusmill.tables import Contamination, Corpus, Documents, Duplicates, RejectedRecords, Table, Verdicts


@dataclass(frozen=True)
class Found:
    """A planted case, what was found of it, and whether that is what must be."""

    case: Case
    what: str
    is_right: bool


def check_planted(store: Path, crawl: Path) -> list[Found]:
    """Every case of planted.json against the tables under `store`."""
    cases = [Case.model_validate(case) for case in json.loads((crawl / "planted.json").read_text(encoding="utf-8"))["cases"]]
    tables = _Tables(store, {url for case in cases for url in (case.url, case.other) if url})
    return [_check(case, tables) for case in cases]


class _Tables:
    """What the tables say of the planted pages."""

    def __init__(self, store: Path, urls: set[str]) -> None:
        documents = _rows(store, Documents, (Documents.doc_id, Documents.url, Documents.text))
        self.documents = {row[Documents.url]: row for row in documents if row[Documents.url] in urls}
        corpus = _rows(store, Corpus, (Corpus.url, Corpus.text))
        self.corpus = {row[Corpus.url]: row[Corpus.text] for row in corpus if row[Corpus.url] in urls}
        self.rejected = _rows(store, RejectedRecords, (RejectedRecords.file, RejectedRecords.offset, RejectedRecords.error))
        self._reasons: dict[str, list[str]] = {}
        for row in _rows(store, Verdicts, (Verdicts.doc_id, Verdicts.reasons)):
            self._reasons[row[Verdicts.doc_id]] = list(row[Verdicts.reasons])
        for row in _rows(store, Duplicates, (Duplicates.doc_id, Duplicates.kind)):
            self._reasons.setdefault(row[Duplicates.doc_id], []).append(f"{row[Duplicates.kind]}_duplicate")
        for row in _rows(store, Contamination, (Contamination.doc_id, Contamination.benchmark)):
            self._reasons.setdefault(row[Contamination.doc_id], []).append(f"contaminated:{row[Contamination.benchmark]}")

    def reasons(self, url: str) -> list[str]:
        """All reasons of a page, in stage order."""
        row = self.documents.get(url)
        return self._reasons.get(row[Documents.doc_id], []) if row else []


def _check(case: Case, tables: _Tables) -> Found:
    if case.kind == "rejected":
        errors = [
            r[RejectedRecords.error]
            for r in tables.rejected
            if (r[RejectedRecords.file], r[RejectedRecords.offset]) == (case.file, case.offset)
        ]
        return Found(case, errors[0] if errors else "no rejected record", any(error.startswith(case.reason) for error in errors))
    if case.kind == "removed":
        found = {url: tables.reasons(url) for url in (case.url, case.other) if url}
        hits = [url for url, reasons in found.items() if case.reason in reasons]
        return Found(case, f"{hits[0]} is {case.reason}" if hits else f"reasons {found}", len(hits) == 1)
    text = tables.corpus.get(case.url) if case.kind == "masked" else (tables.documents.get(case.url) or {}).get(Documents.text)
    if text is None:
        return Found(case, f"not there; reasons {tables.reasons(case.url)}", False)
    missing = [part for part in case.present if part not in text]
    left = [part for part in case.absent if part in text]
    problem = [*(f"lacks {part!r}" for part in missing), *(f"still holds {part!r}" for part in left)]
    return Found(case, "; ".join(problem) or ("masked" if case.kind == "masked" else "decoded right"), not problem)


def _rows(store: Path, table: type[Table], columns: Iterable[str]) -> list[dict[str, Any]]:
    folder = store / table.name
    if not (folder / "_delta_log").is_dir():
        return []
    rows: list[dict[str, Any]] = DeltaTable(str(folder)).to_pyarrow_table(columns=[str(c) for c in columns]).to_pylist()
    return rows
