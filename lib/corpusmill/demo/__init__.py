"""The demo's crawl, made from text that the machine already has, and the check that every planted case was found."""
