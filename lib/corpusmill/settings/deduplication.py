"""Which documents count as repeating another one, and which of them stays."""

from typing import Final, Literal

from pydantic import Field, field_validator, model_validator

from corpusmill.nearest import nearest
from corpusmill.settings.base import Settings, Share, Strings

ORDER_TERMS: Final = ("snapshot", "-snapshot", "words", "-words")
"""What documents can be ordered by; minus: the larger first. The doc_id comes last in any case."""


class DedupSettings(Settings):
    """Removal of duplicates by URL, of equal texts, and of near duplicates by ordered greedy (DESIGN section 10)."""

    threshold: Share = 0.75
    """Similarity at or above which two documents are the same (FineWeb's stated aim, arXiv 2406.17557 appendix E.1)."""
    scope: Literal["snapshot", "global"] = "snapshot"
    """Near duplicates and URLs are looked for within each snapshot (FineWeb found global worse, section 3.4) or over all of them. Equal texts
    are in any case looked for over all."""
    against: Literal["everything", "history"] = "everything"
    """With scope global: decide all snapshots together, anew with each one that comes; or each against the kept documents of those before it
    (`history`), whose text and signals are not read again. The two differ where texts are equal but for masked spans, and so their sketches:
    with `history` each is compared by its own, with `everything` it goes with the first."""
    order: Strings = ("snapshot", "-words")
    """Of documents that are the same the first stays: by the order of ingest, then the longer one, last by doc_id. Terms: see ORDER_TERMS. With
    scope snapshot, of equal texts in two snapshots that of the earlier one stays in any case."""
    urls: Literal["keep", "first", "newest"] = "keep"
    """Of documents with the same canonical URL keep all, the first in order, or the one fetched last."""
    method: Literal["greedy", "components"] = "greedy"
    """`greedy`: a document goes iff it is similar to an earlier one that stays. `components`: all that are linked by similar pairs are one
    (datatrove, text-dedup), which merges A and C where both are similar to B alone."""
    verify: Literal["sketch", "exact", "containment"] = "sketch"
    """Candidates are compared by their sketches; or by their sets of shingles, made from the texts anew: Jaccard, or the share of the smaller
    set that is in the other. A set is about 1.5 times the text, and is shuffled once for each band that its document shares."""
    pivots: int = Field(default=64, gt=0)
    """The first C members of a bucket that leaders left undecided are compared with all others: O(C m) a bucket. A pair is missed only
    where both come after them in every bucket they share."""
    edge_limit: int = Field(default=20_000_000, gt=0)
    """More edges than this are cut down in parallel before the rest is finished in one partition."""

    @field_validator("order")
    @classmethod
    def _is_an_order(cls, order: tuple[str, ...]) -> tuple[str, ...]:
        for term in order:
            if term not in ORDER_TERMS:
                raise ValueError(f"there is no order {term!r}, {nearest(term, ORDER_TERMS)}")
        if len({term.removeprefix("-") for term in order}) != len(order):
            raise ValueError("an order names each of snapshot and words once at most")
        return order

    @model_validator(mode="after")
    def _fits_history(self) -> "DedupSettings":
        if self.against == "history":
            problem = self._problem_with_history()
            if problem:
                raise ValueError(f"against = history {problem}")
        return self

    def _problem_with_history(self) -> str:
        """What keeps a snapshot from being decided against kept documents alone; empty where nothing does."""
        if self.scope != "global":
            return "needs scope = global"
        if self.order[:1] != ("snapshot",):
            return 'needs an order that begins with "snapshot": what is kept must come before what is new'
        if self.method != "greedy":
            return "needs method = greedy: a new document can link components that were apart"
        if self.verify != "sketch":
            return "needs verify = sketch: history holds no texts"
        if self.urls == "newest":
            return "and urls = newest contradict each other: what is kept already would have to go"
        return ""
