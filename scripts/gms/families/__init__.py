"""What a family says about an allele: certain genotypes of relatives and the modes of inheritance they leave."""
