"""Decides the documents of a snapshot, or of all, through scratch tables: equal URLs, then equal texts, then near duplicates."""

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.decisions import EXACT, URL, decisions, of_urls
from corpusmill.dedup.exact import same_text, same_url
from corpusmill.dedup.frames import Decisions
from corpusmill.dedup.history import Kept
from corpusmill.dedup.near import GROUPED, Evidence, NearDuplicates, low_bytes_of, same_sketch
from corpusmill.scratch import Scratch
from corpusmill.settings import DedupSettings
from corpusmill.wording import counted

_CANDIDATES, _TOUCHED, _DECISIONS = "candidates", "touched", "decisions"


@dataclass(frozen=True)
class Deciding:
    """One set of candidates."""

    scratch: Scratch
    settings: DedupSettings
    say: Callable[[str], None]

    def decide(self, candidates: DataFrame, kept: Kept | None = None, evidence: Evidence | None = None) -> DataFrame:
        """Write `Grouped` and `Decisions` and return the latter.

        `kept`: of earlier snapshots, None where there are none. `evidence`: what candidates are compared by; None: their sketches.
        """
        touched = None
        if kept:
            # Read three times, and made of signals once.
            self.scratch.write(_CANDIDATES, candidates)
            candidates = self.scratch.read(_CANDIDATES)
            touched = self._touched(candidates, kept)
        older = touched if self.settings.against == "history" else None
        firsts = same_url(candidates, older, self.settings.urls)
        self.scratch.write(GROUPED, same_sketch(same_text(firsts, touched), together=self.settings.verify == "sketch"))
        grouped = self.grouped()
        self.say(f"{counted(grouped.count(), 'document')} taking part")
        near = NearDuplicates(self.scratch, self.settings, self.say).find(grouped, evidence or low_bytes_of(grouped), kept, older)
        self.scratch.write(_DECISIONS, decisions(grouped, near))
        if self.settings.urls != "keep":
            self.scratch.write(_DECISIONS, of_urls(grouped, self.decided()), append=True)
        self._say_what_was_found()
        return self.decided()

    def grouped(self) -> DataFrame:
        """`Grouped` of what was decided."""
        return self.scratch.read(GROUPED)

    def decided(self) -> DataFrame:
        """`Decisions`, where they were made."""
        return self.scratch.read(_DECISIONS)

    def _touched(self, candidates: DataFrame, kept: Kept) -> DataFrame:
        self.scratch.write(_TOUCHED, kept.touched(candidates, in_bands=self.settings.against == "history"))
        return self.scratch.read(_TOUCHED)

    def _say_what_was_found(self) -> None:
        kinds = dict(map(tuple, self.decided().groupBy(F.col(Decisions.kind)).count().collect()))
        urls, exact, left = kinds.pop(URL, 0), kinds.pop(EXACT, 0), kinds.pop(None, 0)
        same_pages = f"{urls:,} of the same URL, " if urls else ""
        self.say(f"{counted(left, 'document')} kept, {same_pages}{exact:,} exact and {counted(sum(kinds.values()), 'near duplicate')}")
