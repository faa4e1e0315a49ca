"""Header of the merged VCF of small variants: its INFO and FORMAT fields with their units."""

HEADER = """\
##INFO=<ID=CALLERS,Number=.,Type=String,Description="Callers that proposed the allele, or clipped_reads">
##INFO=<ID=NOT_FOUND_BY,Number=.,Type=String,Description="Callers of the assay that did not propose the allele">
##INFO=<ID=MQ_ALT,Number=1,Type=Float,Description="Mean mapping quality of the allele's fragments in the index sample">
##INFO=<ID=BQ_ALT,Number=1,Type=Float,Description="Mean base quality of the allele in the index sample">
##INFO=<ID=END_ALT,Number=1,Type=Float,Description="Mean distance of the allele to the nearer end of a read, bases;\
 of the mate in which it is larger">
##INFO=<ID=SBP,Number=1,Type=Float,Description="Strand bias in the index sample: Fisher's exact test, -log10 p">
##INFO=<ID=RPT,Number=1,Type=Integer,Description="Reference bases over which the inserted or deleted unit repeats">
##INFO=<ID=DEPTH_RATIO,Number=1,Type=Float,Description="Genomes: depth of the index sample over its median, if high">
##INFO=<ID=PARTS,Number=.,Type=String,Description="Alleles on the same fragments that form this one">
##INFO=<ID=PART_OF,Number=1,Type=String,Description="Joined allele that its fragments carry, CHROM:POS:REF:ALT">
##INFO=<ID=IN_CIS,Number=.,Type=String,Description="Alleles within 200 bases that the same fragments carry">
##INFO=<ID=IN_TRANS,Number=.,Type=String,Description="Alleles within 200 bases that other fragments\
 carry, and deletions opposite of it">
##INFO=<ID=PHASE,Number=.,Type=String,Description="Tumor: allele within 200 bases|fragments with both|this|that alone">
##INFO=<ID=TLOD,Number=1,Type=Float,Description="Tumor: log10 likelihood ratio, allele at its fraction over errors">
##INFO=<ID=NLOD,Number=1,Type=Float,Description="Normal: log10 likelihood ratio, no such allele over heterozygous">
##INFO=<ID=MQ_NORMAL,Number=1,Type=Float,Description="Mean mapping quality of the allele's fragments in the normal">
##INFO=<ID=NLOD_PARTS,Number=1,Type=Float,Description="Lowest NLOD of a part: whether one may be inherited">
##INFO=<ID=NORMAL_PARTS,Number=1,Type=Float,Description="Highest fraction of a part in the normal">
##INFO=<ID=HAPLOTYPE,Number=1,Type=String,Description="Caller's record that the allele was split from, POS:REF:ALT">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Copies of this allele, likeliest if diploid; tumor: 0/1 where seen">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Fragments of the reference and of this allele">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Fragments that tell the alleles apart, or those at a duplication">
##FORMAT=<ID=AF,Number=A,Type=Float,Description="Fraction of molecules with the allele, from the informative fragments">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Phred quality of the genotype">
##FORMAT=<ID=ADF,Number=R,Type=Integer,Description="Fragments of the forward strand: reference, allele; molecules\
 by UMIs of which it was read">
##FORMAT=<ID=ADR,Number=R,Type=Integer,Description="Fragments of the reverse strand, likewise">
"""
LINES = tuple(HEADER.splitlines())
