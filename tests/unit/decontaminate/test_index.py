"""The index on its way to the executors, inside the stage or through a file."""

from corpusmill.decontaminate.find_contamination import PackedIndex
from corpusmill.decontaminate.index import BenchmarkIndex, build_index
from corpusmill.settings import ContaminationSettings

QUESTION = "How many jars of honey do twelve hives give in a year if each of them gives nine jars"


def test_an_index_survives_its_journey(tmp_path):
    index = build_index([("a", [QUESTION, "x"]), ("b", [QUESTION])], ContaminationSettings())
    (tmp_path / "i.npz").write_bytes(index.to_bytes())
    for again in (BenchmarkIndex.from_bytes(index.to_bytes()), PackedIndex(path=str(tmp_path / "i.npz")).load()):
        assert (again.names, again.unsearched) == (index.names, index.unsearched)
        assert [(t.rule, t.length, t.keys.tolist(), t.first.tolist(), t.benchmark.tolist(), t.item.tolist()) for t in again.tables] == [
            (t.rule, t.length, t.keys.tolist(), t.first.tolist(), t.benchmark.tolist(), t.item.tolist()) for t in index.tables
        ]
