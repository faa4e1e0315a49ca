"""The mitochondrial genome: alleles at any fraction of its molecules, and large deletions. The genome is circular."""
