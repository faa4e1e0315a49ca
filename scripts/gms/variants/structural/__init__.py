"""Structural variants: deletions, duplications, inversions and translocations of 50 bases and more."""
