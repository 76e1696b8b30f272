"""Times datatrove's signature step: text in, MinHash signature out, 14 buckets of 8 hashes, on one core.

Runs in an environment of its own. Reads texts as JSON from stdin and prints one JSON object: processor seconds a text, and the first value of each
signature, null where a text has none. usage: peer_signatures.py BUCKETS HASHES_PER_BUCKET < TEXTS.json
"""

import json
import sys
import tempfile
import time

from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature


def main() -> None:
    """Sign every text once, after one to warm up."""
    texts = json.load(sys.stdin)
    config = MinhashConfig(n_grams=5, num_buckets=int(sys.argv[1]), hashes_per_bucket=int(sys.argv[2]))
    signer = MinhashDedupSignature(output_folder=tempfile.mkdtemp(), config=config)

    def sign(text: str) -> int | None:
        shingles = signer.get_shingles(text)
        return int(signer.get_signature(shingles)[0][0]) if len(shingles) else None

    sign(texts[0])
    begun = time.process_time()
    first = [sign(text) for text in texts]
    sys.stdout.write(json.dumps({"seconds": (time.process_time() - begun) / len(texts), "first": first}) + "\n")


if __name__ == "__main__":
    main()
