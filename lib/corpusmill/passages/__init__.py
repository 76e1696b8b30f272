"""Passages: lines, paragraphs, sentences and stretches of tokens that repeat earlier ones, over all documents."""
