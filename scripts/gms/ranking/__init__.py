"""Rank of findings: rank models in genmod's format, phenotype terms and genes, secondary findings."""
