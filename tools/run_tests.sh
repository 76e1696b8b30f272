#!/usr/bin/env bash
# The suite on classic Spark, then on Spark Connect the store, training on two ranks and the whole pipeline; with CORPUSMILL_TEST_FULL=1 the
# slow tests too, and on Connect everything that is marked for it.
set -uo pipefail
python=.venv/bin/python
status=0
connect=(tests/spark/test_store.py tests/spark/test_train_launch.py tests/end_to_end/test_pipeline.py)
[ "${CORPUSMILL_TEST_FULL:-}" = 1 ] && connect=(tests)
echo "== classic =="
"$python" -m pytest --durations=30 "$@" || status=$?
echo "== Spark Connect =="
SPARK_MODE=connect "$python" -m pytest --durations=10 -m connect "${connect[@]}" || status=$?
exit "$status"
