"""Pages about a whole results folder, and about the quality of many runs."""
