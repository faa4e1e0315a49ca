"""Consequences, frequencies, ClinVar and inheritance of alleles."""
