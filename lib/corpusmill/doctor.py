"""What this machine has of what corpusmill needs: versions, Java, Delta's jars, optional packages."""

import importlib.metadata
import sys

from corpusmill.errors import CorpusmillError

_PACKAGES = ("pyspark", "delta-spark", "pyarrow", "numba", "fastwarc", "resiliparse", "sentencepiece", "kenlm", "torch", "horovod")


def examine() -> dict[str, str]:
    """One short text for each thing; a missing one says so."""
    found = {"python": sys.version.split()[0]}
    for package in _PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "missing"
    from corpusmill.session import fetched_jars, require_java

    try:
        require_java()
        found["java"] = "found"
    except CorpusmillError as error:
        found["java"] = str(error)
    found["delta jars"] = "found" if fetched_jars() else "missing: corpusmill jars fetches them"
    return found
