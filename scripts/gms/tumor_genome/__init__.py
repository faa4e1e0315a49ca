"""The genome of a tumour's cells: copies of each allele, ploidy, and the share of tumour cells among all cells."""
