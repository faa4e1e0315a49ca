"""Sequence, intervals, alleles and VCF text."""
