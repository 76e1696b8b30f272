#!/usr/bin/env bash
# Builds versitygw, a server of the S3 protocol over a folder, for the tests of S3 into build/. About 3 minutes on 2 cores, once: the program
# is kept in a cache folder. Needs Go (https://go.dev/dl); versitygw 1.8.0 asks for 1.25 or newer, older ones fetch it by themselves.
set -euo pipefail
cd "$(dirname "$0")/.."
version=v1.8.0
cache=${CORPUSMILL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/corpusmill}/versitygw-$version
go=$(command -v go || echo /usr/local/go/bin/go)
if [ ! -x "$cache/versitygw" ]; then
    [ -x "$go" ] || { echo "versitygw: no Go found: install it (Debian: apt-get install golang-go) or put versitygw on PATH" >&2; exit 2; }
    echo "versitygw: building $version (about 3 minutes, kept in $cache)"
    mkdir -p "$cache"
    GOBIN="$cache" "$go" install "github.com/versity/versitygw/cmd/versitygw@$version"
fi
mkdir -p build
cp "$cache/versitygw" build/versitygw
echo "versitygw: build/versitygw"
