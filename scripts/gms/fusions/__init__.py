"""Fusions of genes by rearrangements of DNA: which parts of which genes are joined, with exons and reading frame."""
