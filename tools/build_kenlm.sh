#!/usr/bin/env bash
# Builds lmplz and build_binary of KenLM 0.3.0, which train_perplexity runs, from the source package of its Python module, and keeps them in
# a cache folder. About 5 minutes on 2 cores, once. The missing parts of Boost and cmake are installed by apt where it can.
# usage: tools/build_kenlm.sh VENV [FOLDER]
set -euo pipefail
venv=$(cd "${1:?usage: tools/build_kenlm.sh VENV [FOLDER]}" && pwd)
version=0.3.0
folder=${2:-${CORPUSMILL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/corpusmill}/kenlm}
[ -x "$folder/lmplz" ] && [ -x "$folder/build_binary" ] && exit 0
if ! command -v cmake >/dev/null || [ ! -e /usr/include/boost/thread.hpp ]; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        echo "kenlm: installing cmake and Boost"
        packages=(cmake libboost-program-options-dev libboost-system-dev libboost-thread-dev libboost-test-dev zlib1g-dev)
        apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
    else
        echo "kenlm: install cmake and Boost's program_options, system, thread and test (Debian: libboost-*-dev)" >&2
        exit 2
    fi
fi
echo "kenlm: building lmplz and build_binary (about 5 minutes, kept in $folder)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$folder" "$work/build"
"$venv/bin/pip" download -q --no-binary :all: --no-deps --no-build-isolation -d "$work" "kenlm==$version"
tar -xf "$work"/kenlm-*.tar.gz -C "$work"
(cd "$work/build" && cmake "$work/kenlm-$version" -DCMAKE_BUILD_TYPE=Release -DENABLE_INTERPOLATE=OFF && make -j2 lmplz build_binary) \
    >"$folder/build.log" 2>&1 || { echo "kenlm: the build failed, see $folder/build.log" >&2; exit 1; }
mv "$work"/build/bin/lmplz "$work"/build/bin/build_binary "$folder/"
echo "kenlm: built"
