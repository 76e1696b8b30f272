"""corpusmill turns crawls into training tokens and tokens into language models, on Spark, Delta Lake and torch."""

__version__ = "0.1.0"
