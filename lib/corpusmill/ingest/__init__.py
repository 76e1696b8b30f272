"""Files in, documents out: WARC, ARC, JSON lines and Parquet are read once, and nothing in them is skipped silently."""
