"""Insertions of the class `structural`: clipped reads, mobile elements, counts in every sample."""
