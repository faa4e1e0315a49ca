"""A sample sheet from what a sequencer leaves: FASTQ files by their names, an Illumina SampleSheet, a PED file.

Names as the programs document them: bcl2fastq2 and BCL Convert (Illumina), fasterq-dump (SRA), bases2fastq (Element),
MGI's write-fastq and splitBarcode. What names do not say is listed, never guessed silently.
"""
