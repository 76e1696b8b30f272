"""Edits: spans of one document's text to replace, and why. One file a part; `registry` finds the files."""
