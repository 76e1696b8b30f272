"""Runs jobs as the command line does, in the suite's own session."""

from corpusmill.cli import parse_arguments
from corpusmill.jobs import make_job
from corpusmill.pipeline import check, open_run, run_job


def run_named(names, arguments, root):
    """Run jobs by name on one store; gives back the lines they said."""
    said: list[str] = []
    config = parse_arguments([f"store.root={root}", *arguments])
    for name in names:
        check(name, config)
    opened = open_run(names[0], config, said.append)
    for name in names:
        run_job(make_job(name), opened)
    return said
