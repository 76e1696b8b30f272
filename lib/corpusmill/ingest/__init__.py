"""Files in, documents out: archives of crawls, rows, wikis, posts, papers and books are read once, and nothing in them is skipped silently."""
