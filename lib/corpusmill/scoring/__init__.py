"""Models that score documents after the cheap rules have judged: applied together in one pass over the text, and trained from tables."""
