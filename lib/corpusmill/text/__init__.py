"""One batch of texts as the kernels see it, the views of it, and the edits to it. No Spark here."""
