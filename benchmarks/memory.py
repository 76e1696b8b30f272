"""Peak memory of driver and Python workers: on one record of 100 MB of HTML, and on the real 2009 crawl where it is at hand.

No worker of a data job may need more than 1 GB, the limit of serverless Spark. usage: memory.py
"""

import io
import os
import random
import tempfile
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.processes import ROOT, Runner, megabytes

LIMIT = 2**30
WORDS = "the river carried wooden boats past old mills and quiet gardens while people on the banks talked about the harvest and the rain".split()


def main() -> None:
    """One line an input; ends with an error where a worker was above the limit."""
    shared = Path(os.environ.get("CORPUSMILL_SHARED", ROOT.parent / "shared")) / "data" / "warc" / "geocities_2009.warc.gz"
    with tempfile.TemporaryDirectory() as folder:
        inputs = {"one record of 100 MB": (_large_record(Path(folder)), ["ingest.max_record_bytes=200000000"])}
        if shared.exists():
            inputs["geocities 2009"] = (shared, [])
        for name, (path, more) in inputs.items():
            words = [
                "run_pipeline",
                "--conf",
                str(ROOT / "conf/recipes/fineweb.toml"),
                f"store.root={folder}/{path.stem}",
                f"ingest.paths={path}",
                *more,
            ]
            stages = '["ingest_documents","measure_documents","judge_documents","find_duplicates","find_contamination","publish_corpus"]'
            with Runner(os.sched_getaffinity(0), "local[2,4]") as runner:
                done = runner.run([*words, f"pipeline.stages={stages}"])
            print(
                f"{name:24s} driver {megabytes(done.driver)}, largest Python worker {megabytes(done.worker)} (at most {megabytes(LIMIT)})"
            )
            if done.worker > LIMIT:
                raise SystemExit(f"{name}: a Python worker needed {megabytes(done.worker)}")


def _large_record(folder: Path) -> Path:
    """A WARC of one response: 100 MB of paragraphs."""
    rng = random.Random(0)
    paragraph = "".join(f"<p>{' '.join(rng.choices(WORDS, k=60)).capitalize()}.</p>\n" for _ in range(5000))
    page = ("<html><body>" + paragraph * (100_000_000 // len(paragraph)) + "</body></html>").encode()
    path = folder / "large.warc.gz"
    with path.open("wb") as file:
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warc_record("http://example.org/large", "response", io.BytesIO(page), http_headers=http))
    return path


if __name__ == "__main__":
    main()
