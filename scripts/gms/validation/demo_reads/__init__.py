"""Reads of the demo: fragments of molecules, what is planted in them, and FASTQ."""
