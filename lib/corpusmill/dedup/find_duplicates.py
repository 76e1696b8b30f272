"""The job find_duplicates: exact duplicates over all snapshots so far, near duplicates within each, one snapshot after the other."""

from collections.abc import Callable, Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.candidates import candidates
from corpusmill.dedup.decisions import EXACT, decisions, duplicates, history
from corpusmill.dedup.document_keys import ordinals
from corpusmill.dedup.exact import same_text
from corpusmill.dedup.frames import Decisions
from corpusmill.dedup.near import NearDuplicates, same_sketch
from corpusmill.errors import NotReadyError
from corpusmill.job import Input, Job, Run
from corpusmill.settings import DedupSettings, Settings
from corpusmill.slices import Slice
from corpusmill.store import Scratch
from corpusmill.tables import Duplicates, History, Signals, Verdicts
from corpusmill.wording import counted

_GROUPED, _DECISIONS = "grouped", "decisions"


class FindDuplicates(Job):
    """Decides a snapshot at a time, in the order of first ingest. Deciding one again makes all later ones stale."""

    name = "find_duplicates"
    after = "judge_documents"

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """The section `dedup`."""
        return {"dedup": run.config.dedup}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Every snapshot that has been judged, by ordinal."""
        return [Slice(name) for name in ordinals(run)]

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """Signals and verdicts of all chunks of the snapshot, and the verdicts on earlier ones.

        Those stand for the job's own earlier slices, which follow from them: so all that became stale is known before the first is redone.
        """
        judged = run.ledger.slices("judge_documents")
        chunks = [found for found in judged if found.snapshot == piece.snapshot]
        earlier = set(_earlier(run, piece))
        return [
            *(Input(job, chunk) for chunk in chunks for job in ("measure_documents", "judge_documents")),
            *(Input("judge_documents", chunk) for chunk in judged if chunk.snapshot in earlier),
        ]

    def prepare(self, run: Run, pieces: Sequence[Slice]) -> None:
        """Raise NotReadyError where a snapshot's chunks have sketches of different settings, which cannot be compared."""
        for piece in pieces:
            chunks = [chunk for chunk in run.ledger.slices("judge_documents") if chunk.snapshot == piece.snapshot]
            measured = [run.ledger.settings("measure_documents", chunk).get("measure") for chunk in chunks]
            if any(settings != measured[0] for settings in measured):
                raise NotReadyError(f"sketches of {piece} were made with different settings: run measure_documents for all of it first")

    def work(self, run: Run, piece: Slice) -> int:
        """Replace the snapshot's history, then its duplicates. Neither is read here: a run that broke off between is mended by the next."""
        assert piece.snapshot is not None
        scratch = run.store.scratch(self.name)
        scratch.drop()
        ordinal = ordinals(run)[piece.snapshot]
        frame = candidates(run.store.read(Signals, piece), run.store.read(Verdicts, piece), ordinal)
        decided = decide(frame, _history(run, piece), scratch, run.config.dedup, lambda line: run.say(f"{self.name}: {piece}  {line}"))
        run.store.replace(History, history(decided, piece.snapshot), piece)
        run.store.replace(Duplicates, duplicates(decided, piece.snapshot), piece)
        scratch.drop()
        return run.store.read(Duplicates, piece).count()

    def finish(self, run: Run) -> None:
        """Drop the scratch tables, also those of a run that broke off."""
        run.store.scratch(self.name).drop()


def decide(
    frame: DataFrame, older: DataFrame | None, scratch: Scratch, settings: DedupSettings, say: Callable[[str], None]
) -> DataFrame:  # fmt: skip
    """`Decisions` on all `Candidates` of a snapshot. `older` is the history of earlier snapshots, None where there are none."""
    scratch.write(_GROUPED, same_sketch(same_text(frame, older)))
    grouped = scratch.read(_GROUPED)
    say(f"{counted(grouped.count(), 'document')} taking part")
    scratch.write(_DECISIONS, decisions(grouped, NearDuplicates(scratch, settings, say).find(grouped)))
    decided = scratch.read(_DECISIONS)
    kinds = dict(map(tuple, decided.groupBy(F.col(Decisions.kind)).count().collect()))
    exact, kept = kinds.pop(EXACT, 0), kinds.pop(None, 0)
    say(f"{counted(kept, 'document')} kept, {exact:,} exact and {counted(sum(kinds.values()), 'near duplicate')}")
    return decided


def _earlier(run: Run, piece: Slice) -> list[str]:
    """The judged snapshots with smaller ordinals."""
    found = ordinals(run)
    return [name for name, ordinal in found.items() if ordinal < found[str(piece.snapshot)]]


def _history(run: Run, piece: Slice) -> DataFrame | None:
    """The history of earlier snapshots alone, also where later ones have been decided before."""
    earlier = _earlier(run, piece)
    return run.store.read(History).where(F.col(History.snapshot).isin(earlier)) if earlier else None
