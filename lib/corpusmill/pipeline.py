"""Runs jobs: works out each slice's state, skips what is up to date, keeps the ledger, and runs the stages of a pipeline in order."""

import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from pydantic import ValidationError

from corpusmill.errors import NotReadyError, TooLittleInputError
from corpusmill.job import Input, Job, Run
from corpusmill.jobs import PIPELINE, make_job
from corpusmill.ledger import Entry, Ledger
from corpusmill.reasons import REASONED, first_reasons, reasons, removed_most
from corpusmill.root import check_root
from corpusmill.rules.rule import compile_rules
from corpusmill.session import open_session
from corpusmill.settings import Config, Settings
from corpusmill.slices import Slice
from corpusmill.store import Store
from corpusmill.tables import Documents
from corpusmill.wording import counted


def open_run(name: str, config: Config, say: Callable[[str], None]) -> Run:
    """A Spark session, the store and its ledger for one command."""
    spark = open_session(f"corpusmill {name}", config.spark)
    store = Store(spark, config.store)
    return Run(spark, store, config, Ledger(store), say)


def check(name: str, config: Config) -> list[Job]:
    """The jobs that `name` stands for. Raises for everything wrong with their arguments that can be known without Spark."""
    check_root(config.store)
    compile_rules(config.rules, config.scores)
    jobs = [make_job(stage) for stage in (config.pipeline.stages if name == PIPELINE else (name,))]
    for job in jobs:
        job.check(config)
    return jobs


def run(name: str, config: Config, say: Callable[[str], None]) -> None:
    """Run one job, or all stages of the pipeline."""
    jobs = check(name, config)
    opened = open_run(name, config, say)
    if name == PIPELINE:
        run_stages(jobs, opened)
    else:
        run_job(jobs[0], opened)


def run_stages(jobs: Sequence[Job], opened: Run) -> None:
    """Run the stages in order. One with too little input ends it with one line; the report is still written."""
    for number, job in enumerate(jobs):
        try:
            run_job(job, opened)
        except TooLittleInputError as error:
            opened.say(f"{job.name}: {error}")
            for later in jobs[number + 1 :]:
                if later.name == "write_report":
                    run_job(later, opened)
            return


def _removed_most(opened: Run) -> str:
    store = opened.store
    found = reasons(*(store.read(table) for table in REASONED))
    return removed_most(first_reasons(found), store.read(Documents).count())


def run_job(job: Job, opened: Run) -> int:
    """Run the slices of one job that are not up to date. Returns how many ran.

    Raises NotReadyError where an input was never made, or has itself become stale.
    """
    if job.after and not opened.ledger.slices(job.after):
        raise NotReadyError(f"{job.name}: {job.after} has not made anything yet: run {job.after} first")
    pieces = job.slices(opened)
    pending = [planned for piece in pieces if (planned := _stale(job, opened, piece))]
    if not pending:
        job.finish(opened)
        opened.say(f"{job.name}: up to date ({counted(len(pieces), 'slice') if pieces else 'nothing to do with these settings'})")
        return 0
    began, ran = time.monotonic(), 0
    job.prepare(opened, [planned.piece for planned in pending])
    if job.decides_together(opened):
        # Until the last is done, none of them is to be read.
        opened.ledger.record(pending)
    for piece in pieces:
        # Asked again for each: an earlier slice of the same job may be among its inputs.
        if planned := _stale(job, opened, piece):
            began = _run_slice(job, opened, planned, began)
            ran += 1
    job.finish(opened)
    return ran


def _run_slice(job: Job, opened: Run, planned: Entry, began: float) -> float:
    """Record `running` where it is not, replace the slice, record `done` and the seconds since `began`: preparing counts with the first slice.

    Returns the time at which it was done. Raises TooLittleInputError, which then says what removed most.
    """
    if not opened.ledger.broke_off(job.name, planned.piece):
        opened.ledger.record([planned])
    try:
        rows = job.work(opened, planned.piece)
    except TooLittleInputError as error:
        raise TooLittleInputError(f"{error}; {_removed_most(opened)}") from None
    now = time.monotonic()
    done = replace(planned, status="done", rows=rows, seconds=round(now - began, 3))
    opened.ledger.record([done])
    opened.say(f"{job.name}: {planned.piece}  {counted(rows, 'row')}  {done.seconds:.1f} s")
    return now


def _stale(job: Job, opened: Run, piece: Slice) -> Entry | None:
    """The entry that running `piece` now would make, or None where it is done in that state and pipeline.force is not set."""
    planned = _planned(job, opened, piece)
    is_done = _up_to_date(planned, opened.ledger) and not opened.config.pipeline.force and not job.is_lost(opened, piece)
    return None if is_done else planned


def _up_to_date(planned: Entry, ledger: Ledger) -> bool:
    made = ledger.entry(planned.job, planned.piece)
    return made is not None and made.state == planned.state


def _planned(job: Job, opened: Run, piece: Slice) -> Entry:
    """The entry that running `piece` now would make: its state follows from settings, fingerprint and the states it reads."""
    inputs = _inputs_state(job, opened, piece)
    settings = json.dumps(
        {k: v.model_dump(mode="json", by_alias=True) if isinstance(v, Settings) else v for k, v in job.settings(opened).items()},
        sort_keys=True,
    )
    parts = [job.name, str(job.version), settings, job.fingerprint(opened, piece), inputs]
    return Entry(job.name, piece, _digest(parts), inputs, settings, "running")


def _inputs_state(job: Job, opened: Run, piece: Slice, made_with: str = "") -> str:
    """One digest over the states of the slices that `piece` reads, each of which must be done and not stale.

    `made_with`: the settings that it was made with, as the ledger has them; else those at hand say what it reads. Remembered until something is
    recorded: a slice may read all chunks of a snapshot, and each chunk what comes before it.
    """
    known, key = opened.ledger.inputs_states, (job.name, piece, made_with)
    if key not in known:
        run = replace(opened, config=opened.config.model_copy(update=_sections(made_with))) if made_with else opened
        known[key] = _digest(_input_states(job, run, piece))
    return known[key]


@lru_cache(maxsize=64)
def _sections(settings: str) -> dict[str, Settings]:
    """The sections of settings in JSON; those that another version wrote and this one cannot read are left out."""
    found: dict[str, Settings] = {}
    defaults = Config()
    for name, value in json.loads(settings).items():
        default = getattr(defaults, name, None)
        if isinstance(default, Settings):
            with contextlib.suppress(ValidationError):
                found[name] = type(default).model_validate_json(json.dumps(value))
    return found


def _input_states(job: Job, opened: Run, piece: Slice) -> list[str]:
    states = []
    for needed in job.inputs(opened, piece):
        made = opened.ledger.entry(needed.job, needed.slice)
        # An earlier slice of the job itself is made in the same go; another job's that broke off must not be passed over.
        broke_off = needed.job != job.name and opened.ledger.broke_off(needed.job, needed.slice)
        if made is None and needed.optional and not broke_off:
            continue
        state = opened.ledger.state(needed.job, needed.slice)
        if made is not None and needed.job != job.name:
            _require_fresh(made, opened, job.name, needed)
        states.append(f"{needed.job} {needed.slice} {state}")
    return states


def _require_fresh(made: Entry, opened: Run, reader: str, needed: Input) -> None:
    """Raise NotReadyError where what `made` was made from has moved since, unless the reader only looks (the report)."""
    if needed.may_be_stale:
        return
    if _inputs_state(make_job(made.job), opened, made.piece, made.settings) != made.inputs:
        raise NotReadyError(f"{reader}: {made.job} of {made.piece} is older than what it was made from: run {made.job} first")


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
