"""The genomics workflow of Genomic Medicine Sweden: pure Python behind the rules."""
