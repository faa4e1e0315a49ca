"""FASTQ to CRAM."""
