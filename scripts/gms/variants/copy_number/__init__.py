"""Copy number by the depth of reads: deletions and duplications from a few kb to whole chromosomes."""
