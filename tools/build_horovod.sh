#!/usr/bin/env bash
# Builds Horovod 0.28.1 against the torch of a virtual environment and installs it there. About 8 minutes on 2 cores, once:
# the wheel is kept in a cache folder. As published it does not compile against torch >= 2.14, whose headers need C++20.
# usage: tools/build_horovod.sh VENV
set -euo pipefail
venv=$(cd "${1:?usage: tools/build_horovod.sh VENV}" && pwd)
version=0.28.1
torch=$("$venv/bin/python" -c 'import torch; print(torch.__version__.replace("+", "-"))')
python=$("$venv/bin/python" -c 'import sys; print(f"cp{sys.version_info[0]}{sys.version_info[1]}")')
cache=${CORPUSMILL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/corpusmill}/horovod-$version-torch-$torch-$python
"$venv/bin/python" -c 'import horovod.torch' 2>/dev/null && exit 0
if ! ls "$cache"/horovod-*.whl >/dev/null 2>&1; then
    echo "horovod: building the wheel (about 8 minutes, kept in $cache)"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    "$venv/bin/pip" install -q packaging setuptools wheel cffi cloudpickle psutil pyyaml
    (cd "$work" && "$venv/bin/pip" download -q --no-binary :all: --no-deps --no-build-isolation "horovod==$version")
    tar -xf "$work"/horovod-*.tar.gz -C "$work"
    sed -i 's/CMAKE_CXX_STANDARD 14/CMAKE_CXX_STANDARD 20/' "$work/horovod-$version/CMakeLists.txt" "$work/horovod-$version/horovod/torch/CMakeLists.txt"
    mkdir -p "$cache"
    HOROVOD_WITH_PYTORCH=1 HOROVOD_WITHOUT_TENSORFLOW=1 HOROVOD_WITHOUT_MXNET=1 HOROVOD_WITHOUT_MPI=1 \
        HOROVOD_WITH_GLOO=1 HOROVOD_CPU_OPERATIONS=GLOO CMAKE_POLICY_VERSION_MINIMUM=3.5 MAKEFLAGS=-j2 \
        "$venv/bin/pip" wheel -q --no-build-isolation --no-deps -w "$work/wheels" "$work/horovod-$version" >"$cache/build.log" 2>&1 ||
        { echo "horovod: the build failed, see $cache/build.log" >&2; exit 1; }
    mv "$work"/wheels/horovod-*.whl "$cache/"
fi
"$venv/bin/pip" install -q --no-deps "$cache"/horovod-*.whl
"$venv/bin/pip" install -q cffi cloudpickle psutil pyyaml
"$venv/bin/python" -c 'import horovod.torch as hvd; hvd.init(); assert hvd.gloo_built()'
echo "horovod: installed"
