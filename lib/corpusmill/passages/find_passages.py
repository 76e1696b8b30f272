"""The job find_passages: lines, paragraphs, runs of sentences and stretches of tokens that repeat earlier ones, over everything that is still in."""

from collections.abc import Sequence

from pyspark.sql import DataFrame

from corpusmill.bit_filter import make_filter
from corpusmill.dedup.document_keys import document_key
from corpusmill.job import Input, Job, Run
from corpusmill.passages.frames import Candidates, LookedAt, Screens
from corpusmill.passages.look import CandidateStage, ScreenStage, looked_at
from corpusmill.passages.repeats import passages, repeats
from corpusmill.settings import Settings
from corpusmill.slices import Slice
from corpusmill.tables import Contamination, Documents, Duplicates, Passages, SemanticDuplicates, Signals, Verdicts
from corpusmill.wording import counted

_JUDGE = "judge_documents"


class FindPassages(Job):
    """Works out the passages of all chunks together, then replaces `passages` chunk by chunk.

    Without kinds it empties what earlier runs left, and else does nothing. It reads the text twice: hashes of all passages are narrowed down to
    those that occur more than once before whole rows are made and sorted.
    """

    name = "find_passages"
    after = _JUDGE

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """The section `passages`, and the order of documents."""
        return {"passages": run.config.passages, "order": " ".join(run.config.dedup.order)}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Every judged chunk; without kinds only those that were looked at before, or were being looked at when it broke off."""
        judged, ledger = run.ledger.slices(_JUDGE), run.ledger
        if run.config.passages.kinds:
            return judged
        return ledger.begun(self.name, judged)

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """All chunks of all snapshots, since any may hold the first of a passage."""
        judged = run.ledger.slices(_JUDGE)
        chunks = [Input(job, chunk) for chunk in judged for job in ("ingest_documents", "measure_documents", _JUDGE)]
        snapshots = dict.fromkeys(chunk.snapshot for chunk in judged)
        reasoned = ("find_duplicates", "find_semantic_duplicates")
        return [
            *chunks,
            *(Input(job, Slice(snapshot), optional=True) for snapshot in snapshots for job in reasoned),
            *(Input("find_contamination", chunk, optional=True) for chunk in judged),
        ]

    def decides_together(self, run: Run) -> bool:
        """Where a chunk loses what repeats another one's, that one is to keep it."""
        return True

    def prepare(self, run: Run, pieces: Sequence[Slice]) -> None:
        """Work out the passages of all chunks, in scratch tables."""
        settings, store, scratch = run.config.passages, run.store, run.store.scratch(self.name)
        scratch.drop()
        if not settings.kinds:
            return
        chunks = run.ledger.slices(_JUDGE)
        for number, piece in enumerate(chunks):
            narrow = [store.read(table, piece) for table in (Signals, Verdicts, Duplicates, SemanticDuplicates, Contamination)]
            scratch.write(LookedAt.name, looked_at(document_key(run), *narrow), append=number > 0)
            found = ScreenStage(settings=settings)(store.read(Documents, piece), self._looked_at(run, piece))
            scratch.write(Screens.name, found, append=number > 0)
        screens = scratch.read(Screens.name)
        count = screens.count()
        stage = CandidateStage(settings=settings, screen=make_filter(screens, count, repeated=True))
        for number, piece in enumerate(chunks):
            found = stage(store.read(Documents, piece), self._looked_at(run, piece))
            scratch.write(Candidates.name, found, append=number > 0)
        candidates = scratch.read(Candidates.name)
        run.say(f"{self.name}: {counted(candidates.count(), 'passage')} that may repeat others, by {count:,} hashes")
        # A chunk's rows together, so that reading them passes over the files of others.
        found = passages(repeats(candidates), scratch.read(LookedAt.name))
        scratch.write(Passages.name, found.repartition(Passages.snapshot, Passages.chunk))

    def work(self, run: Run, piece: Slice) -> int:
        """One commit."""
        store, scratch = run.store, run.store.scratch(self.name)
        if run.config.passages.kinds:
            store.replace(Passages, scratch.read(Passages.name).where(piece.predicate()), piece)
        else:
            store.replace(Passages, store.frame(Passages, []), piece)
        return store.read(Passages, piece).count()

    def finish(self, run: Run) -> None:
        """Drop the scratch tables, also those of a run that broke off."""
        run.store.scratch(self.name).drop()

    def _looked_at(self, run: Run, piece: Slice) -> DataFrame:
        return run.store.scratch(self.name).read(LookedAt.name).where(piece.predicate())
