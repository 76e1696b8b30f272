#!/usr/bin/env bash
# Makes the virtual environment that everything here runs in: Java 17, g++ and cmake where they are missing and apt can bring them, the packages at the
# versions of constraints.txt, Delta's jars.
# usage: tools/setup.sh VENV
set -euo pipefail
venv=${1:?usage: tools/setup.sh VENV}
python=${PYTHON:-python3}

java_version() { "${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -nE 's/.*version "([0-9]+).*/\1/p'; }

if [ "$(java_version 2>/dev/null || true)" = "" ] || [ "$(java_version)" -lt 17 ]; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        echo "setup: installing Java 17"
        apt-get update -qq && apt-get install -y -qq openjdk-17-jre-headless >/dev/null
    else
        echo "setup: no Java 17 found: install it (Debian: apt-get install openjdk-17-jre-headless) or set JAVA_HOME" >&2
        exit 2
    fi
fi
if ! command -v g++ >/dev/null || ! command -v cmake >/dev/null; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        echo "setup: installing g++ and cmake, which KenLM's module is built with"
        apt-get update -qq && apt-get install -y -qq g++ cmake >/dev/null
    else
        echo "setup: install g++ and cmake, which KenLM's module is built with (Debian: apt-get install g++ cmake)" >&2
        exit 2
    fi
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "setup: Python 3.11 or newer is needed, $python is $("$python" -V)" >&2; exit 2; }

[ -x "$venv/bin/python" ] || { echo "setup: making $venv"; "$python" -m venv "$venv"; }
echo "setup: installing packages (torch is the largest, several minutes the first time)"
"$venv/bin/pip" install -q --upgrade pip setuptools wheel
"$venv/bin/pip" install -q -c constraints.txt -e '.[train,score,dev]'
echo "setup: fetching Delta's jars"
"$venv/bin/python" -c 'from corpusmill.session import delta_jars; delta_jars()'
echo "setup: compiling the kernels (a minute, once for this folder)"
echo "One text." | "$venv/bin/corpusmill" inspect --conf conf/recipes/demo.toml >/dev/null
echo "setup: done"
