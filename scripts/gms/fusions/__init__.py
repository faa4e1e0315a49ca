"""Fusions of genes by rearrangements of DNA and in RNA: which parts of which genes are joined, with exons and reading
frame."""
