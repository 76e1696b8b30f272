#!/usr/bin/env bash
# Submits jobs/<job>.py to the Spark that MASTER names (default local[*,4]: with local[*] Spark never retries a task).
# usage: ./spark-submit.sh JOB [--conf FILE]... [section.key=value]... [spark.KEY=VALUE]...
# Exit codes: 0 done, 2 a mistake in the arguments (one line), 1 anything else. Spark's own chatter goes to a file, named on failure.
# MASTER   the cluster; PROPERTIES  Spark's properties file (default conf/spark/local.conf, or cluster.conf for a cluster)
# ARCHIVE  a packed virtual environment for executors that do not have this one
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { sed -n '2,6s/^# //p' "$0" >&2; exit 2; }
job=$1; shift
python=${PYTHON:-$here/.venv/bin/python}
[ -x "$python" ] || { echo "corpusmill: no virtual environment at $here/.venv: run make setup first, or set PYTHON" >&2; exit 2; }
properties=$("$python" -m corpusmill.cli check "$job" "$@") || exit $?
jars=$("$python" -m corpusmill.cli jars) || exit $?

master=${MASTER:-local[*,4]}
case $master in local*) default=local.conf ;; *) default=cluster.conf ;; esac
options=(--master "$master" --jars "$jars" --properties-file "${PROPERTIES:-$here/conf/spark/$default}" --name "corpusmill $job")
while IFS= read -r property; do [ -n "$property" ] && options+=(--conf "$property"); done <<<"$properties"
if [ -n "${ARCHIVE:-}" ]; then
    options+=(--archives "$ARCHIVE#environment")
    export PYSPARK_PYTHON=./environment/bin/python
else
    export PYSPARK_PYTHON=$python
fi
export PYSPARK_DRIVER_PYTHON=$python

log=$(mktemp "${TMPDIR:-/tmp}/corpusmill-$job.XXXXXX.log")
messages=$(mktemp "${TMPDIR:-/tmp}/corpusmill-$job.XXXXXX.txt")
submit=$("$python" -c 'from pyspark.find_spark_home import _find_spark_home as home; print(home())')/bin/spark-submit
# Spark merges the driver's stderr into its stdout, so messages for the user come through a file.
CORPUSMILL_MESSAGES=$messages "$submit" "${options[@]}" "$here/jobs/$job.py" "$@" 2>"$log"
status=$?
cat "$messages" >&2; rm -f "$messages"
case $status in
    0 | 2) rm -f "$log" ;;
    *) echo "corpusmill: Spark's messages are in $log" >&2 ;;
esac
exit $status
