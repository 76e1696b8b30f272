#!/usr/bin/env bash
# The suite: first everything on classic Spark, then what is marked for it on Spark Connect. One pytest line for each closes the run.
set -uo pipefail
python=.venv/bin/python
status=0
echo "== classic =="
"$python" -m pytest "$@" || status=$?
echo "== Spark Connect =="
SPARK_MODE=connect "$python" -m pytest -m connect "$@" || status=$?
exit "$status"
