#!/usr/bin/env bash
# Every claim about speed and about agreement with datatrove and lid.176, as ratios and shares printed in one run. Makes a crawl of Debian's
# documentation and an environment for the peer the first time; both stay in build/.
# usage: tools/run_benchmarks.sh
#   DOCUMENTS, SKEWED, NEW: sizes of the benchmarks of deduplication (default 1000000, 200000, 20000; up to twice, twice and a hundred times as many)
#   CRAWL_SCRIPT: a script that makes the crawl (default ../shared/tools/doc_crawl.sh)
#   UDHR: declarations of human rights by language (default ../shared/data/text/udhr2.zip)
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONPATH=$PWD
crawl=build/bench/crawl
if ! ls "$crawl"/*.warc.gz >/dev/null 2>&1; then
    script=${CRAWL_SCRIPT:-../shared/tools/doc_crawl.sh}
    [ -f "$script" ] || { echo "bench: no crawl at $crawl and no script at $script to make one" >&2; exit 2; }
    PATH=$PWD/.venv/bin:$PATH bash "$script" "$crawl" 4
fi
if [ ! -x build/peer/bin/python ] || ! build/peer/bin/python -c 'import datatrove, trafilatura, resiliparse' 2>/dev/null; then
    echo "bench: making the peer's environment in build/peer"
    python3 -m venv build/peer
    build/peer/bin/pip install -q 'datatrove[io,processing,multilingual]' spacy nltk 'xxhash<4' fasttext-numpy2-wheel trafilatura lxml_html_clean resiliparse
fi
.venv/bin/python -m benchmarks.warc_to_verdict "$crawl" build/peer/bin/python
.venv/bin/python -m benchmarks.sketching "$crawl" build/peer/bin/python
.venv/bin/python -m benchmarks.memory
.venv/bin/python -m benchmarks.rule_parity "$crawl" build/peer/bin/python
.venv/bin/python -m benchmarks.classifier_training "$crawl"
.venv/bin/python -m benchmarks.rejudge "$crawl"
.venv/bin/python -m benchmarks.passages "$crawl"
.venv/bin/python -m benchmarks.near_duplicates "$crawl" build/peer/bin/python "${DOCUMENTS:-1000000}" "${SKEWED:-200000}"
.venv/bin/python -m benchmarks.dedup_growth "${NEW:-20000}"
.venv/bin/python -m benchmarks.scratch_tables
udhr=${UDHR:-../shared/data/text/udhr2.zip}
if [ -f "$udhr" ]; then .venv/bin/python -m benchmarks.language_accuracy "$udhr"; else echo "bench: no declarations at $udhr: languages are not compared"; fi
