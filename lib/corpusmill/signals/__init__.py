"""Signals: numbers and labels measured on one document. One file a family; `registry` finds the files."""
