"""The corpus: the documents without reasons, their edits applied."""
