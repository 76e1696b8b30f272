"""Finds documents that repeat another one: its URL, its text, or nearly, by sketches or sets of shingles; in a snapshot or over all of them."""
