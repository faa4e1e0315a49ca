"""One run: start, follow, lock, explain failures."""
