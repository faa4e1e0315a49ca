"""Homozygous regions of a person, and chromosomes or parts of them that both came from one parent."""
