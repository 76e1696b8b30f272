"""Reads a JSON list of words a line, runs `corpusmill run` with them in this process, and says with which code each ended."""

import json
import sys

from corpusmill.cli import guarded, run_words


def main() -> None:
    """Until there are no more lines."""
    for line in sys.stdin:
        job, *words = json.loads(line)
        code = guarded(lambda job=job, words=words: run_words(job, words))
        sys.stdout.write(f"ended with {code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
