"""Drawings of a case as SVG within its page: made from report/{case}.json alone, without scripts or files to fetch."""
