"""Header of the VCF of the mitochondrial genome: its INFO and FORMAT fields with their units."""

HEADER = """\
##ALT=<ID=DEL,Description="Deletion">
##ALT=<ID=DUP,Description="Duplication, or a deletion of all the rest of the circle">
##INFO=<ID=CALLERS,Number=.,Type=String,Description="Callers that proposed the allele">
##INFO=<ID=LOCUS,Number=.,Type=String,Description="Mitochondrial genes in the event, of DUP in the shorter arc">
##INFO=<ID=TLOD,Number=1,Type=Float,Description="log10 likelihood ratio, allele at its fraction over errors, highest">
##INFO=<ID=SBP,Number=1,Type=Float,Description="Strand bias in the index sample: Fisher's exact test, -log10 p">
##INFO=<ID=BQ_ALT,Number=1,Type=Float,Description="Mean base quality of the allele in the index sample">
##INFO=<ID=NUMT,Number=1,Type=Float,Description="Fraction that one nuclear copy (NUMT) would have in the index">
##INFO=<ID=DIFFICULT,Number=0,Type=Flag,Description="In a homopolymer or tandem repeat that is misread">
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant">
##INFO=<ID=SVLEN,Number=1,Type=Integer,Description="Bases added (positive) or deleted (negative)">
##INFO=<ID=END,Number=1,Type=Integer,Description="Last base of the variant">
##INFO=<ID=HOMLEN,Number=1,Type=Integer,Description="Bases that both ends share">
##FORMAT=<ID=GT,Number=1,Type=String,Description="0/0 not seen, 0/1 in some, 1/1 in 95 % or more of the molecules">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Fragments of the reference and of this allele">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Fragments that tell the alleles apart">
##FORMAT=<ID=AF,Number=A,Type=Float,Description="Fraction of molecules with the allele">
##FORMAT=<ID=AFCI,Number=2,Type=Float,Description="Ends of the 95 % interval of AF (Wilson)">
##FORMAT=<ID=ADF,Number=R,Type=Integer,Description="Fragments on the forward strand: reference, allele">
##FORMAT=<ID=ADR,Number=R,Type=Integer,Description="Fragments on the reverse strand: reference, allele">
"""
LINES = tuple(HEADER.splitlines())
