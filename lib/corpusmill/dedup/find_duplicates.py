"""The job find_duplicates: each snapshot against what was kept before, or all of them together."""

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.candidates import candidates
from corpusmill.dedup.deciding import Deciding
from corpusmill.dedup.decisions import duplicates
from corpusmill.dedup.document_keys import document_key, ordinals
from corpusmill.dedup.evidence import shingles_of
from corpusmill.dedup.frames import Decisions, Grouped
from corpusmill.dedup.history import Kept, remembered, remembered_sketches
from corpusmill.dedup.near import Evidence
from corpusmill.dedup.pages import pages
from corpusmill.errors import NotReadyError
from corpusmill.job import Input, Job, Run
from corpusmill.settings import Settings
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.store import Store
from corpusmill.tables import Documents, Duplicates, History, HistorySketches, Signals, Verdicts

_JUDGE = "judge_documents"


class FindDuplicates(Job):
    """Decides a snapshot at a time, in the order of first ingest, and deciding one again makes all later ones stale; or all together."""

    name = "find_duplicates"
    version = 2
    after = _JUDGE

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """The section `dedup`."""
        return {"dedup": run.config.dedup}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Every snapshot that has been judged, by ordinal."""
        return [Slice(name) for name in ordinals(run)]

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """Signals and verdicts of all chunks of the snapshot, and the verdicts on earlier ones; those of all snapshots that are decided together.

        Verdicts stand for the job's own earlier slices, which follow from them: so all that became stale is known before the first is redone.
        """
        judged = run.ledger.slices(_JUDGE)
        chunks = [found for found in judged if _is_together(run) or found.snapshot == piece.snapshot]
        earlier = set() if _is_together(run) else set(_earlier(run, piece))
        read = ("ingest_documents", "measure_documents", _JUDGE) if _reads_documents(run) else ("measure_documents", _JUDGE)
        return [
            *(Input(job, chunk) for chunk in chunks for job in read),
            *(Input(_JUDGE, chunk) for chunk in judged if chunk.snapshot in earlier),
        ]

    def decides_together(self, run: Run) -> bool:
        """Where near duplicates and URLs are looked for over all snapshots at once."""
        return _is_together(run)

    def prepare(self, run: Run, pieces: Sequence[Slice]) -> None:
        """Decide all snapshots, where they are decided together.

        Raises NotReadyError where sketches that would be compared were made with different settings.
        """
        for piece in pieces:
            _require_alike(run, piece)
        if _is_together(run):
            self._decide(run, EVERYTHING, None)

    def work(self, run: Run, piece: Slice) -> int:
        """Replace the snapshot's history, then its duplicates. Neither is read here: a run that broke off between is mended by the next."""
        assert piece.snapshot is not None
        earlier = _earlier(run, piece)
        deciding = self._deciding(run, piece)
        if not _is_together(run):
            deciding = self._decide(run, piece, _kept(run.store, earlier) if earlier else None)
        of_it = F.col(Decisions.snapshot) == piece.snapshot
        decided, grouped = deciding.decided().where(of_it), deciding.grouped().where(F.col(Grouped.snapshot) == piece.snapshot)
        store, in_bands = run.store, run.config.dedup.against == "history"
        pivots = run.config.dedup.pivots if in_bands else None
        store.replace(History, remembered(decided, grouped, piece.snapshot, pivots), piece)
        if in_bands:
            store.replace(HistorySketches, remembered_sketches(decided, grouped, piece.snapshot), piece)
        else:
            store.delete(HistorySketches, piece)
        store.replace(Duplicates, duplicates(decided), piece)
        return store.read(Duplicates, piece).count()

    def finish(self, run: Run) -> None:
        """Drop the scratch tables, also those of a run that broke off."""
        run.store.scratch(self.name).drop()

    def _deciding(self, run: Run, piece: Slice) -> Deciding:
        return Deciding(run.store.scratch(self.name), run.config.dedup, lambda line: run.say(f"{self.name}: {piece}  {line}"))

    def _decide(self, run: Run, piece: Slice, kept: Kept | None) -> Deciding:
        """Decide the documents of a snapshot, or all."""
        deciding = self._deciding(run, piece)
        deciding.scratch.drop()
        deciding.decide(_candidates(run, piece), kept, self._evidence(run, piece))
        return deciding

    def _evidence(self, run: Run, piece: Slice) -> Evidence | None:
        """Sets of shingles, where the settings ask for them."""
        if run.config.dedup.verify == "sketch":
            return None
        chunks = [chunk for chunk in run.ledger.slices(_JUDGE) if piece.snapshot in (None, chunk.snapshot)]
        # They were measured alike, which `prepare` has seen to.
        words = int(str(_measured(run, chunks[0])["shingle_words"]))
        return shingles_of(run.store, run.store.scratch(self.name), chunks, words)


def _candidates(run: Run, piece: Slice) -> DataFrame:
    # One whose judging broke off is left out.
    judged = F.col(Signals.snapshot).isin(*ordinals(run))
    signals, verdicts = run.store.read(Signals, piece).where(judged), run.store.read(Verdicts, piece)
    found = None if run.config.dedup.urls == "keep" else pages(run.store.read(Documents, piece))
    return candidates(signals, verdicts, found, document_key(run))


def _is_together(run: Run) -> bool:
    """Whether all snapshots are decided at once."""
    return run.config.dedup.scope == "global" and run.config.dedup.against == "everything"


def _reads_documents(run: Run) -> bool:
    """Whether URLs or texts count."""
    return run.config.dedup.urls != "keep" or run.config.dedup.verify != "sketch"


def _require_alike(run: Run, piece: Slice) -> None:
    """Raise NotReadyError where chunks whose sketches are compared were measured with different settings."""
    compared = {piece.snapshot}
    if run.config.dedup.scope == "global":
        compared |= set(ordinals(run)) if _is_together(run) else set(_earlier(run, piece))
    chunks = [chunk for chunk in run.ledger.slices(_JUDGE) if chunk.snapshot in compared]
    measured = [_measured(run, chunk) for chunk in chunks]
    if any(settings != measured[0] for settings in measured):
        where = piece if len(compared) == 1 else ", ".join(sorted(map(str, compared)))
        raise NotReadyError(f"sketches of {where} were made with different settings: run measure_documents for all of it first")


def _measured(run: Run, chunk: Slice) -> dict[str, object]:
    """The settings that a chunk was measured with."""
    return dict(run.ledger.settings("measure_documents", chunk).get("measure") or {})


def _earlier(run: Run, piece: Slice) -> list[str]:
    """The judged snapshots with smaller ordinals."""
    found = ordinals(run)
    return [name for name, ordinal in found.items() if ordinal < found[str(piece.snapshot)]]


def _kept(store: Store, earlier: Sequence[str]) -> Kept:
    """What was kept of these snapshots alone, also where later ones have been decided before."""
    history, sketches = store.read(History), store.read(HistorySketches)
    return Kept(history.where(F.col(History.snapshot).isin(*earlier)), sketches.where(F.col(HistorySketches.snapshot).isin(*earlier)))
