"""The synthetic genome of the miniature data set, its genes, knowledge and people."""
