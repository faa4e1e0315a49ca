"""Residual disease: the tumour's own variants followed in plasma, counted in molecules."""
