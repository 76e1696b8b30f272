"""What `make demo` runs: makes the crawl, runs the whole pipeline on it, checks every planted case, and says what it made and where."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from corpusmill import jobs, pipeline
from corpusmill.cli import guarded
from corpusmill.config import load_config
from corpusmill.demo.check import Found, check_planted
from corpusmill.demo.crawl import make_crawl
from corpusmill.paths import conf_folder

FOLDER = Path("build/demo")


def run_demo(folder: Path, console: Console) -> bool:
    """Everything, in `folder`. Returns whether every planted case was found."""
    begun = time.monotonic()

    def say(line: str) -> None:
        console.print(f"[dim]{time.monotonic() - begun:5.0f} s[/dim]  {line}", highlight=False)

    make_crawl(folder / "crawl", say=say)
    said: list[str] = []

    def say_and_keep(line: str) -> None:
        said.append(line)
        say(line)

    config = load_config([str(conf_folder() / "recipes" / "demo.toml"), str(_benchmark(folder))], _overrides(folder))
    pipeline.run(jobs.PIPELINE, config, say_and_keep)
    if all("up to date" in line for line in said):
        say("nothing has changed since the last run")
    found = check_planted(folder / "store", folder / "crawl")
    console.print(_planted_table(found))
    console.print(_summary_table(json.loads((folder / "summary.json").read_text(encoding="utf-8"))))
    console.print(f"report   {folder / 'report.html'}\nsummary  {folder / 'summary.json'}\ntables   {folder / 'store'}", highlight=False)
    return all(case.is_right for case in found)


def _benchmark(folder: Path) -> Path:
    """A configuration file that names the demo's benchmark."""
    path = folder / "benchmark.toml"
    place = json.dumps(str(folder / "crawl" / "demo_benchmark.jsonl"))
    path.write_text(f'[[contamination.benchmarks]]\nname = "demo"\npath = {place}\nfields = ["question"]\n', encoding="utf-8")
    return path


def _overrides(folder: Path) -> list[str]:
    places = [f"ingest.paths={folder}/crawl/*.warc.gz", f"store.root={folder}/store", f"report.folder={folder}", "ingest.snapshot=demo"]
    return places if (os.cpu_count() or 1) > 1 else [*places, "train.world_size=1"]


def _planted_table(found: list[Found]) -> Table:
    table = Table("planted case", "page", "found", title="What was planted, and what became of it", title_justify="left")
    for row in found:
        mark = "[green]✓[/green]" if row.is_right else "[red]✗[/red]"
        table.add_row(row.case.name, row.case.url, f"{mark} {row.what}")
    return table


def _summary_table(summary: dict[str, Any]) -> Table:
    table = Table("", "", title="Summary", title_justify="left", show_header=False)
    for name in ("records", "documents", "rejected_records"):
        table.add_row(name, f"{summary[name]:,}")
    for reason, count in summary["by_reason"].items():
        table.add_row(f"  out: {reason}", f"{count:,}")
    share = summary["corpus_documents"] / max(summary["documents"], 1)
    table.add_row("corpus", f"{summary['corpus_documents']:,} documents ({share:.0%}), {summary['corpus_characters']:,} characters")
    table.add_row("tokens", f"{summary['tokens']:,} in {summary['shards']:,} shards")
    if train := summary["train"]:
        loss = f"loss {train['first_loss']:.2f} to {train['last_loss']:.2f}"
        table.add_row("model", f"{train['steps']:,} steps on {train['world_size']} ranks ({train['backend']}), {loss}")
    return table


def main() -> None:
    """The command; exit code 1 where a planted case was not found."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    console = Console(width=None if sys.stdout.isatty() else 150)
    sys.exit(guarded(lambda: sys.exit(0 if run_demo(FOLDER, console) else 1)))


if __name__ == "__main__":
    main()
