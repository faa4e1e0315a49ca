"""A wing: everything about viruses that are sequenced by tiled amplicons."""
