"""The only module that makes a Spark session: classic or Connect, with Delta, quick local settings and this interpreter on the executors."""

import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

from pyspark.sql import SparkSession

from corpusmill.errors import ConfigError
from corpusmill.paths import conf_folder

DELTA = "io.delta:delta-spark_4.2_2.13:4.4.0"
"""Spark 4.2 with Scala 2.13. Databricks brings its own."""


def cache_folder() -> Path:
    """Where what was resolved or built once is kept: CORPUSMILL_CACHE, else the user's cache folder."""
    base = os.environ.get("CORPUSMILL_CACHE")
    return Path(base) if base else Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "corpusmill"


def fetched_jars() -> list[Path]:
    """Delta's jars in the cache folder; none where they were never fetched."""
    return _jars_of(_jars_folder())


def delta_jars() -> list[Path]:
    """Delta's jars in the cache folder; resolved from Maven Central by Spark's own ivy the first time, about 10 seconds."""
    folder = _jars_folder()
    found = _jars_of(folder)
    if found:
        return found
    require_java()
    home = Path(_spark_home())
    command = [
        str(home / "bin" / "spark-submit"),
        "--packages",
        DELTA,
        "--conf",
        f"spark.jars.ivy={folder}",
        "--class",
        "none.None",
        "none.jar",
    ]
    # There is no class none.None: Spark resolves the packages before it looks for it, and that is all that is wanted.
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the command is ours
    found = _jars_of(folder)
    if not found:
        said = [line for line in result.stderr.splitlines() if line.strip()]
        raise ConfigError(f"Delta's jars ({DELTA}) could not be fetched from Maven Central: {said[-1] if said else 'Spark said nothing'}")
    return found


def _jars_folder() -> Path:
    return cache_folder() / DELTA.replace(":", "_")


def _jars_of(folder: Path) -> list[Path]:
    """Delta's own jars: what else it resolves to, Hadoop, Jackson and log4j, Spark brings itself."""
    return sorted((folder / "jars").glob("io.delta_*.jar"))


def require_java() -> None:
    """Raises ConfigError where there is no Java 17 or newer."""
    java = os.environ.get("JAVA_HOME", "")
    program = str(Path(java) / "bin" / "java") if java else shutil.which("java")
    if not program or not Path(program).exists():
        raise ConfigError("no Java found: install Java 17 (Debian: apt-get install openjdk-17-jre-headless) or set JAVA_HOME")
    banner = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603 - `java` as the user set it
    version = banner.split('"')[1].split(".")[0] if '"' in banner else "0"
    if not version.isdigit() or int(version) < 17:
        raise ConfigError(
            f"Spark 4 needs Java 17, {program} is {banner.splitlines()[0] if banner else 'no Java'}: install it or set JAVA_HOME"
        )


def open_session(name: str, settings: dict[str, str] | None = None) -> SparkSession:
    """The session there is, or a new one for MASTER (default local[*,4]: with local[*] Spark never retries a task).

    SPARK_REMOTE makes it a Connect session. Inside spark-submit, on Databricks and on a Connect server the settings of that place stand.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    remote = os.environ.get("SPARK_REMOTE", "")
    builder = SparkSession.builder.appName(name)
    given = dict(settings or {})
    if _starts_spark(remote):
        require_java()
        given = {**_local_settings(), **given}
    if remote:
        builder = builder.remote(remote)
    elif _starts_spark(remote):
        builder = builder.master(os.environ.get("MASTER", "local[*,4]"))
    for key, value in given.items():
        builder = builder.config(key, value)
    with warnings.catch_warnings():
        if remote.startswith("local"):
            # pyspark starts a server of its own with these settings, then complains that it cannot set them once more.
            warnings.filterwarnings("ignore", message="Failed to set")
        return builder.getOrCreate()


def _starts_spark(remote: str) -> bool:
    """Whether Spark begins in this process: not on Databricks, not under spark-submit, not on a Connect server elsewhere."""
    elsewhere = ("DATABRICKS_RUNTIME_VERSION", "SPARK_SUBMIT_MODE", "PYSPARK_GATEWAY_PORT")
    return not remote.startswith("sc:") and not any(name in os.environ for name in elsewhere)


def _local_settings() -> dict[str, str]:
    """What is set where nothing else says; a submitted application has it from its properties file."""
    folder = conf_folder() / "spark"
    properties = _properties(folder / "local.conf")
    java = "spark.driver.extraJavaOptions"
    return {
        **properties,
        "spark.pyspark.python": sys.executable,
        "spark.jars": ",".join(str(path) for path in delta_jars()),
        java: f"{properties[java]} -Dlog4j2.configurationFile={folder / 'log4j2.properties'}",
    }


def _properties(path: Path) -> dict[str, str]:
    """A Spark properties file as pairs."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return {key: value.strip() for key, _, value in (line.partition(" ") for line in lines if line and not line.startswith("#"))}


def _spark_home() -> str:
    from pyspark.find_spark_home import _find_spark_home

    return str(_find_spark_home())
