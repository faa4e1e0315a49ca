"""Class `rna`: transcripts of two genes (fusions) and transcripts without some exons, from the reads of RNA."""
