"""Tokenizers: trained on the corpus or brought along, then applied to it."""
