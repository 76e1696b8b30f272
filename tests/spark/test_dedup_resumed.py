"""A run of find_duplicates that dies before or after any of its commits is mended by the next one: the same tables come out."""

from dataclasses import replace
from functools import cache

import pytest
from corpusmill.dedup.find_duplicates import FindDuplicates
from corpusmill.ledger import Ledger
from corpusmill.pipeline import run_job
from corpusmill.settings import StoreSettings
from corpusmill.store import Store
from corpusmill.tables import Duplicates, History, HistorySketches
from dedup_snapshots import in_snapshots, open_run, put

SNAPSHOTS = ["later", "b"]
MODES = {"history": {"scope": "global", "against": "history"}, "together": {"scope": "global"}}
DEATHS = [
    ("together", 0.8, True),
    pytest.param("history", 0.6, True, marks=pytest.mark.slow),
    *(pytest.param("history", share, False, marks=pytest.mark.slow) for share in (0.1, 0.2, 0.4, 0.95)),
]
"""At which share of a run's commits; whether after it."""


class DiedError(Exception):
    pass


class Dying:
    """Dies at commit number `at`, counted from 0: after it where `after`."""

    def __init__(self, store, at, after):
        self.commits, self._save = 0, store._root.save
        self._at, self._after = at, after
        store._root.save = self.save

    def save(self, writer, name):
        dies = self.commits == self._at
        self.commits += 1
        if dies and not self._after:
            raise DiedError
        self._save(writer, name)
        if dies:
            raise DiedError


def tables(store):
    """All rows of what the job writes, in order."""
    return {table.name: sorted(map(repr, store.read(table).collect())) for table in (Duplicates, History, HistorySketches)}


def opened(spark, folder, mode):
    store = Store(spark, StoreSettings(root=str(folder)))
    run = open_run(spark, store, SNAPSHOTS, **MODES[mode])
    for name, docs in in_snapshots(20, SNAPSHOTS).items():
        put(run, name, docs)
    return run


@pytest.fixture(scope="module")
def whole(spark, tmp_path_factory):
    """Gives (tables, commits) of a run of a mode that nothing disturbs."""

    @cache
    def find(mode):
        run = opened(spark, tmp_path_factory.mktemp(mode) / "store", mode)
        counting = Dying(run.store, -1, after=False)
        run_job(FindDuplicates(), run)
        return tables(run.store), counting.commits

    return find


@pytest.mark.parametrize(("mode", "share", "after"), DEATHS)
def test_the_same_tables_after_a_death(spark, tmp_path, whole, mode, share, after):
    expected, commits = whole(mode)
    run = opened(spark, tmp_path / "store", mode)
    save = run.store._root.save
    Dying(run.store, int(share * commits), after)
    with pytest.raises(DiedError):
        run_job(FindDuplicates(), run)
    run.store._root.save = save
    again = replace(run, ledger=Ledger(run.store))
    assert run_job(FindDuplicates(), again) > 0
    assert tables(run.store) == expected
    assert expected["duplicates"]
    assert run_job(FindDuplicates(), again) == 0
