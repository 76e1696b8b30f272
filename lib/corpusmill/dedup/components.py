"""Connected components: all documents that are linked by similar pairs are one, of which the first stays. The parity mode."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.buckets import Comparison, matches
from corpusmill.dedup.frames import Matches, Members
from corpusmill.dedup.greedy import EDGES, MEMBERS
from corpusmill.scratch import Scratch
from corpusmill.settings import DedupSettings
from corpusmill.tables import names
from corpusmill.wording import counted

_LABELS = "labels"
_NODE, _LEAST, _OTHER = "node", "least", "other"
_ANYTHING = -1.0
"""Below every similarity."""
_BATCH = 10_000


@dataclass(frozen=True)
class Components:
    """Works on the scratch table `members_0`."""

    scratch: Scratch
    settings: DedupSettings
    say: Callable[[str], None]

    def find(self) -> DataFrame:
        """`Matches`: each document that is not the first of its component with the first one, and their similarity, which may be small."""
        every = F.lit(True)
        scanner = Comparison(self.settings).scanner(self.settings.pivots, first_only=False)
        pairs = matches(self.scratch.read(f"{MEMBERS}_0"), every, every, scanner)
        self.scratch.write(f"{EDGES}_0", pairs.select(Matches.earlier, Matches.later).distinct())
        self.scratch.write(_LABELS, self._labels())
        return self._with_similarity(self.scratch.read(_LABELS))

    def _labels(self) -> DataFrame:
        """earlier, later: the first of each component and each other one."""
        number, edges = 0, self.scratch.read(f"{EDGES}_0")
        links = edges.count()
        while links > self.settings.edge_limit and not _is_star(edges):
            number += 1
            self.scratch.write(f"{EDGES}_{number}", small_star(large_star(edges)))
            edges = self.scratch.read(f"{EDGES}_{number}")
            links = edges.count()
            self.say(f"{counted(links, 'link')} after round {number}")
        if links > self.settings.edge_limit:
            return edges
        return (
            edges.select(Matches.earlier, Matches.later)
            .coalesce(1)
            .mapInArrow(_unite, f"`{Matches.earlier}` binary, `{Matches.later}` binary")
        )

    def _with_similarity(self, labels: DataFrame) -> DataFrame:
        """Each component is a bucket of its own, in which its first document is compared with the others."""
        rows = labels.select(F.col(Matches.earlier).alias(_LEAST), F.col(Matches.later).alias(Members.key))
        firsts = labels.select(F.col(Matches.earlier).alias(_LEAST), F.col(Matches.earlier).alias(Members.key)).distinct()
        evidence = self.scratch.read(f"{MEMBERS}_0").select(Members.key, Members.evidence).dropDuplicates([Members.key])
        bucket = (F.lit(0).alias(Members.band), F.xxhash64(F.col(_LEAST)).alias(Members.hash))
        members = (
            rows.unionByName(firsts).join(evidence, on=Members.key, how="inner").select(*bucket, Members.key, Members.evidence, _LEAST)
        )
        is_first = F.col(_LEAST) == F.col(Members.key)
        scanner = Comparison(self.settings.model_copy(update={"threshold": _ANYTHING})).scanner(self.settings.pivots, first_only=False)
        found = matches(members, is_first, ~is_first, scanner)
        # Two components may share a hash: then a document is compared with the first of the other one too.
        return found.join(labels, on=names(Matches.earlier, Matches.later), how="left_semi")


def large_star(edges: DataFrame) -> DataFrame:
    """Link the larger neighbours of each document to its least one, itself counted.

    Kiveris et al., Connected Components in MapReduce and Beyond (SoCC 2014), algorithm 2. `edges`: earlier, later.
    """
    there = edges.select(F.col(Matches.earlier).alias(_NODE), F.col(Matches.later).alias(_OTHER))
    back = edges.select(F.col(Matches.later).alias(_NODE), F.col(Matches.earlier).alias(_OTHER))
    return _to_least(there.unionByName(back), larger_only=True)


def small_star(edges: DataFrame) -> DataFrame:
    """Link each document and its smaller neighbours to the least of these; as above, algorithm 3."""
    down = edges.select(F.col(Matches.later).alias(_NODE), F.col(Matches.earlier).alias(_OTHER))
    itself = down.select(F.col(_NODE), F.col(_NODE).alias(_OTHER)).distinct()
    return _to_least(down.unionByName(itself), larger_only=False)


def _to_least(neighbours: DataFrame, larger_only: bool) -> DataFrame:
    """earlier, later: of each node's neighbours the least, the node counted, and each other one."""
    least = neighbours.groupBy(F.col(_NODE)).agg(F.least(F.min(F.col(_OTHER)), F.col(_NODE)).alias(_LEAST))
    joined = neighbours.join(least, on=_NODE, how="inner")
    linked = joined.where(F.col(_OTHER) > F.col(_NODE)) if larger_only else joined.where(F.col(_OTHER) != F.col(_LEAST))
    return linked.select(F.col(_LEAST).alias(Matches.earlier), F.col(_OTHER).alias(Matches.later)).distinct()


def _is_star(edges: DataFrame) -> bool:
    """Whether every link goes to the first of its component: none has a link from both sides, or two to earlier ones."""
    later = edges.groupBy(F.col(Matches.later)).agg(F.count(F.lit(1)).alias(_OTHER))
    firsts = edges.select(F.col(Matches.earlier).alias(Matches.later)).distinct()
    wrong = (
        later.where(F.col(_OTHER) > 1)
        .select(Matches.later)
        .unionByName(later.join(firsts, on=Matches.later, how="inner").select(Matches.later))
    )
    return wrong.isEmpty()


def _unite(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The components of all edges by union-find, whose memory is an entry a document that has an edge, about 180 bytes."""
    parents: dict[bytes, bytes] = {}
    for batch in batches:
        for earlier, later in zip(*(batch.column(name).to_pylist() for name in (Matches.earlier, Matches.later)), strict=True):
            one, other = sorted((_root(parents, earlier), _root(parents, later)))
            parents[other] = one
    labels = ((root, node) for node in list(parents) if (root := _root(parents, node)) != node)
    while part := list(islice(labels, _BATCH)):
        columns = [pa.array([pair[at] for pair in part], pa.binary()) for at in (0, 1)]
        yield pa.RecordBatch.from_arrays(columns, names=[str(Matches.earlier), str(Matches.later)])


def _root(parents: dict[bytes, bytes], node: bytes) -> bytes:
    """The first document that is known to be of the node's component; halves the way there."""
    parent = parents.setdefault(node, node)
    while parent != node:
        parents[node] = grandparent = parents[parent]
        node, parent = parent, grandparent
    return node
