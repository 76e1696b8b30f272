"""The report: what came in, what went and why, what was edited, and how training went, from aggregates alone."""
