"""Decontamination: documents that hold text of the benchmarks that models are judged by."""
