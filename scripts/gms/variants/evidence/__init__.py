"""Fragments of candidate alleles: the haplotype each one shows, genotypes, likelihood ratios, strand bias."""
