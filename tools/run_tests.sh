#!/usr/bin/env bash
# The suite on classic Spark; with CORPUSMILL_TEST_FULL=1 also its slow tests, and then on Spark Connect what is marked for it.
set -uo pipefail
python=.venv/bin/python
status=0
echo "== classic =="
"$python" -m pytest "$@" || status=$?
if [ "${CORPUSMILL_TEST_FULL:-}" = 1 ]; then
    echo "== Spark Connect =="
    SPARK_MODE=connect "$python" -m pytest -m connect "$@" || status=$?
fi
exit "$status"
