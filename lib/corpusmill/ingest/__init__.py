"""Files in, documents out: WARC, ARC, JSON lines, Parquet and source code are read once, and nothing in them is skipped silently."""
