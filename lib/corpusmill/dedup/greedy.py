"""Ordered greedy: in the order of documents, one goes iff it is similar to an earlier one that stays (DESIGN section 10, steps 5 to 9)."""

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.buckets import Comparison, matches
from corpusmill.dedup.frames import Matches, Members, Removed
from corpusmill.dedup.graph import finish, peel, without
from corpusmill.dedup.members import with_leaders
from corpusmill.scratch import Scratch
from corpusmill.settings import DedupSettings
from corpusmill.wording import counted

MEMBERS, REMOVED, EDGES, PEELED = "members", "removed", "edges", "peeled"
"""Scratch tables; all but `removed` are numbered by round."""
_LEAST = "least"

_WORTHWHILE = 0.1
"""A round of leaders or of peeling is followed by another only if it settled this share: on a path each round settles two documents."""


@dataclass(frozen=True)
class Greedy:
    """Works on the scratch table `members_0`."""

    scratch: Scratch
    settings: DedupSettings
    say: Callable[[str], None]

    def find(self) -> DataFrame:
        """`Matches`: each near duplicate with the least kept document it is similar to."""
        rounds = self._leader_rounds()
        self._settle(self._pairs(rounds))
        return self._name(rounds)

    def _leader_rounds(self) -> int:
        """Remove what is similar to a leader; again while the pairs of what remains may pass the limit and it pays. Returns the rounds."""
        number, left = 0, self._count(f"{MEMBERS}_0")
        while True:
            members = self.scratch.read(f"{MEMBERS}_{number}")
            leader = F.col(Members.is_leader)
            self._remove(self._matches(members, leader, ~leader, limit=1), append=number > 0)
            number += 1
            self.say(f"{counted(left, 'member')} of shared buckets, {self._count(REMOVED):,} similar to a leader after round {number}")
            if not self._may_pass_limit(left):
                return number
            before, left = left, self._undecided(number).count()
            if not self._may_pass_limit(left) or left > (1 - _WORTHWHILE) * before:
                return number
            self.scratch.write(f"{MEMBERS}_{number}", with_leaders(self._undecided(number)))

    def _may_pass_limit(self, members: int) -> bool:
        """Whether so many members can give more pairs than are settled in one partition."""
        return members * min(self.settings.pivots, members) > self.settings.edge_limit

    def _undecided(self, rounds: int) -> DataFrame:
        """The members of the last round that are neither leaders nor removed."""
        members = self.scratch.read(f"{MEMBERS}_{rounds - 1}")
        removed = self.scratch.read(REMOVED).select(F.col(Removed.later).alias(Members.key))
        return members.where(~F.col(Members.is_leader)).join(removed, on=Members.key, how="left_anti")

    def _pairs(self, rounds: int) -> str:
        """Write the verified pairs of undecided documents, each once. Returns the scratch table."""
        every = F.lit(True)
        pairs = self._matches(self._undecided(rounds), every, every, limit=self.settings.pivots, first_only=False)
        self.scratch.write(f"{EDGES}_0", pairs.select(Matches.earlier, Matches.later).distinct())
        return f"{EDGES}_0"

    def _settle(self, name: str) -> None:
        """Remove the later document of a pair iff its earlier one stays: by peeling while there are many, then in order."""
        number, edges = 0, self._count(name)
        while edges > self.settings.edge_limit:
            current = self.scratch.read(name)
            self.scratch.write(f"{PEELED}_{number}", peel(current))
            peeled = self.scratch.read(f"{PEELED}_{number}")
            self.scratch.write(REMOVED, peeled, append=True)
            number += 1
            name = f"{EDGES}_{number}"
            self.scratch.write(name, without(current, peeled))
            before, edges = edges, self._count(name)
            self.say(f"{counted(before, 'pair')} of near duplicates, {edges:,} after peeling round {number}")
            if edges > (1 - _WORTHWHILE) * before:
                break
        if edges:
            self.scratch.write(REMOVED, finish(self.scratch.read(name)), append=True)
        self.say(f"{counted(edges, 'pair')} settled in order, {counted(self._count(REMOVED), 'near duplicate')} in all")

    def _name(self, rounds: int) -> DataFrame:
        """Each removed document with the least kept one it is similar to.

        What removed it is among the first `pivots` undecided of a bucket, or a leader, of which a bucket has one a round.
        """
        is_removed = F.col(Removed.later).isNotNull()
        members, removed = self.scratch.read(f"{MEMBERS}_0"), self.scratch.read(REMOVED)
        members = members.join(removed, on=F.col(Members.key) == F.col(Removed.later), how="left")
        found = self._matches(members, ~is_removed, is_removed, limit=self.settings.pivots + rounds)
        return least_earlier(found)

    def _matches(self, members: DataFrame, is_pivot: Column, is_compared: Column, limit: int, first_only: bool = True) -> DataFrame:
        return matches(members, is_pivot, is_compared, Comparison(self.settings).scanner(limit, first_only))

    def _remove(self, found: DataFrame, append: bool) -> None:
        self.scratch.write(REMOVED, found.select(Matches.later).distinct(), append=append)

    def _count(self, name: str) -> int:
        return self.scratch.read(name).count()


def least_earlier(found: DataFrame) -> DataFrame:
    """Of `Matches` the one with the least earlier document for each later one."""
    least = F.min(F.struct(F.col(Matches.earlier), F.col(Matches.similarity))).alias(_LEAST)
    answers = found.groupBy(F.col(Matches.later)).agg(least)
    return answers.select(F.col(f"{_LEAST}.{Matches.earlier}"), F.col(Matches.later), F.col(f"{_LEAST}.{Matches.similarity}"))
