"""Finds documents that repeat an earlier one: exactly, over all snapshots, or nearly, by ordered greedy over sketches."""
