"""The job that measures documents with Spark; what is measured is in `text.measure`, which needs no Spark."""
