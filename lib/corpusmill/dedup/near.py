"""Near duplicates: documents that share a band and are verified similar, in the frame at hand and with documents kept before (DESIGN section 10)."""

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from corpusmill.dedup.buckets import Comparison, matches
from corpusmill.dedup.components import Components
from corpusmill.dedup.frames import Grouped, Matches, Members
from corpusmill.dedup.greedy import MEMBERS, Greedy, least_earlier
from corpusmill.dedup.history import Kept, first_of_buckets
from corpusmill.dedup.members import exploded, older_members, sharing, with_leaders
from corpusmill.scratch import Scratch
from corpusmill.settings import DedupSettings
from corpusmill.wording import counted

GROUPED = "grouped"
"""The scratch table of `Grouped`."""
_SHARING, _OLDER, _AGAINST_OLDER = "sharing", "older", "against_older"
_IS_OLDER = "is_older"

Evidence = Callable[[DataFrame], DataFrame]
"""key and evidence of the documents that a frame with `key` names, and perhaps of others."""


def same_sketch(frame: DataFrame, together: bool) -> DataFrame:
    """`Grouped` from candidates with `same_text`. Equal low bytes and bands mean the same buckets and the same similarities.

    Not `together`: each is on its own, as equal sketches do not mean equal sets of shingles.
    """
    takes_part = (F.col(Grouped.same_text) == F.col(Grouped.key)) & (F.size(F.col(Grouped.bands)) > 0)
    # Those that take no part get a window each, as one for all short texts would be one partition.
    apart = F.when(~F.coalesce(takes_part, F.lit(False)), F.col(Grouped.key))
    sketch = Window.partitionBy(F.col(Grouped.low), F.col(Grouped.bands), apart)
    first = F.min(F.col(Grouped.key)).over(sketch) if together else F.col(Grouped.key)
    return frame.withColumn(Grouped.same_sketch, F.when(takes_part, first)).select(*Grouped.columns())


def low_bytes_of(grouped: DataFrame) -> Evidence:
    """The low bytes of sketch values as evidence, those of all documents: they take less than a join would."""
    return lambda _: grouped.select(F.col(Grouped.key), F.col(Grouped.low).alias(Members.evidence))


@dataclass(frozen=True)
class NearDuplicates:
    """Finds near duplicates through scratch tables."""

    scratch: Scratch
    settings: DedupSettings
    say: Callable[[str], None]

    def find(self, grouped: DataFrame, evidence: Evidence, kept: Kept | None, touched: DataFrame | None) -> DataFrame:
        """`Matches`: each near duplicate among the documents first of their sketch, with the document that stands for it.

        `kept` and `touched`: the history that these are compared with before they are with each other; None where they are not.
        """
        rows = exploded(grouped.where(F.col(Grouped.same_sketch) == F.col(Grouped.key)))
        method = (Components if self.settings.method == "components" else Greedy)(self.scratch, self.settings, self.say)
        if kept is None or touched is None:
            shared = with_leaders(rows)
            self.scratch.write(f"{MEMBERS}_0", shared.join(evidence(shared.select(Members.key).distinct()), on=Members.key, how="inner"))
            return method.find()
        self._compare_with_older(rows, evidence, kept, touched)
        against_older = self.scratch.read(_AGAINST_OLDER)
        gone = against_older.select(F.col(Matches.later).alias(Members.key))
        members = self.scratch.read(_SHARING).join(gone, on=Members.key, how="left_anti")
        self.scratch.write(f"{MEMBERS}_0", with_leaders(members))
        return method.find().unionByName(against_older)

    def _compare_with_older(self, rows: DataFrame, evidence: Evidence, kept: Kept, touched: DataFrame) -> None:
        """Write the members of buckets, history's counted, and which of them are similar to a member of history."""
        older = first_of_buckets(older_members(touched), self.settings.pivots)
        shared = sharing(rows, older)
        self.scratch.write(_SHARING, shared.join(evidence(shared.select(Members.key).distinct()), on=Members.key, how="inner"))
        sketches = kept.sketches_of(older, touched.count()).withColumnRenamed("low", Members.evidence)
        self.scratch.write(_OLDER, older.join(sketches, on=Members.key, how="inner"))
        both = self.scratch.read(_SHARING).withColumn(_IS_OLDER, F.lit(False))
        both = both.unionByName(self.scratch.read(_OLDER).withColumn(_IS_OLDER, F.lit(True)))
        is_older = F.col(_IS_OLDER)
        found = matches(both, is_older, ~is_older, Comparison(self.settings).scanner(self.settings.pivots, first_only=True))
        self.scratch.write(_AGAINST_OLDER, least_earlier(found))
        self.say(f"{counted(self.scratch.read(_AGAINST_OLDER).count(), 'document')} similar to one kept before")
