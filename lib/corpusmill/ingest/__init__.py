"""Files in, documents out: archives of crawls, rows, source code, wikis, posts, papers and books are read once; nothing is skipped silently."""
