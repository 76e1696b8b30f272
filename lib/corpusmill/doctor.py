"""What this machine has of what corpusmill needs: versions, Java, Delta's jars, optional packages."""

import importlib.metadata
import sys

from corpusmill.errors import CorpusmillError

_PACKAGES = ("pyspark", "delta-spark", "pyarrow", "numba", "fastwarc", "resiliparse", "sentencepiece", "torch", "horovod")


def examine() -> dict[str, str]:
    """One short text for each thing; a missing one says so."""
    found = {"python": sys.version.split()[0]}
    for package in _PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "missing"
    from corpusmill.session import delta_jars, require_java

    for name, check in (("java", require_java), ("delta jars", delta_jars)):
        try:
            check()
            found[name] = "found"
        except CorpusmillError as error:
            found[name] = str(error)
    return found
