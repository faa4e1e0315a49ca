"""What a leak looks like: names, numbers and paths, in all their spellings."""
