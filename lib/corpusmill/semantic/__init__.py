"""Duplicates by what documents say: embeddings, clusters of them, and within each cluster ordered greedy by cosine."""
