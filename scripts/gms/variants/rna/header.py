"""Header of the VCF of RNA: its INFO and FORMAT fields with their units. Names as in that of structural variants."""

HEADER = """\
##ALT=<ID=DEL,Description="Exons that a transcript leaves out, with the introns around them">
##INFO=<ID=CALLERS,Number=.,Type=String,Description="Callers that found the event">
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="BND of a fusion, DEL of exons that are left out">
##INFO=<ID=SVLEN,Number=1,Type=Integer,Description="Bases of the genome that are left out (negative)">
##INFO=<ID=END,Number=1,Type=Integer,Description="Last base that is left out">
##INFO=<ID=MATEID,Number=1,Type=String,Description="ID of the other breakend">
##INFO=<ID=SECOND,Number=0,Type=Flag,Description="The second of two mates, which repeats the first">
##INFO=<ID=GENES,Number=2,Type=String,Description="Both genes of a fusion">
##INFO=<ID=FUSION,Number=1,Type=String,Description="Genes that are joined, 5' then 3'">
##INFO=<ID=FUSION_NAME,Number=1,Type=String,Description="The same with the exons next to the junction">
##INFO=<ID=FUSION_FRAME,Number=1,Type=String,Description="Reading frame: kept, lost, promoter (only the untranslated\
 start of the 5' gene, the whole coding sequence of the 3' gene) or unknown">
##INFO=<ID=FUSION_TRANSCRIPTS,Number=1,Type=String,Description="Transcripts of both genes">
##INFO=<ID=FUSION_EXPECTED,Number=1,Type=Integer,Description="Fragments that a fusion of the list of expected ones\
 needs, where it is one">
##INFO=<ID=FUSION_LISTED,Number=0,Type=Flag,Description="The list of expected fusions names both genes">
##INFO=<ID=COPY,Number=0,Type=Flag,Description="A fusion that more fragments show shares an end and joins nearly the\
 same bases of another gene to it">
##INFO=<ID=OUTSIDE,Number=0,Type=Flag,Description="Neither gene has a target">
##INFO=<ID=SPLICE_SITES,Number=1,Type=Integer,Description="Ends at the border of an exon, 0-2">
##INFO=<ID=DISTANCE,Number=1,Type=Integer,Description="Bases between genes of one strand that follow each other, as of\
 a transcript that reads through">
##INFO=<ID=PARTNER_GENES,Number=1,Type=Integer,Description="Genes that either gene is joined to in this sample">
##INFO=<ID=CODING,Number=1,Type=Integer,Description="Genes with a protein, 0-2">
##INFO=<ID=SIMILARITY,Number=1,Type=Float,Description="Share of like bases of what a gene brings to the junction and\
 the best place for it in the other gene, 0-1">
##INFO=<ID=COMPLEXITY,Number=1,Type=Float,Description="Share of different pieces of 3 bases at the simpler end, 0-1">
##INFO=<ID=OVERHANG,Number=1,Type=Integer,Description="Most aligned bases of a read on the shorter side">
##INFO=<ID=UNIQUE,Number=1,Type=Float,Description="Share of the reads across the junction that fit nowhere else">
##INFO=<ID=SPLICE_EVENT,Number=1,Type=String,Description="Name of a listed splice event">
##INFO=<ID=SKIPPED_EXONS,Number=1,Type=String,Description="Exons that are left out">
##INFO=<ID=SPLICE_TRANSCRIPT,Number=1,Type=String,Description="Transcript that has them">
##INFO=<ID=SPLICE_SHARE,Number=1,Type=Float,Description="Share of the fragments at the exons' borders that leave them\
 out, 0-1; absent below 10 fragments">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Always missing: RNA has no genotype">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Fragments that show the event or the usual transcript">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Fragments of the usual transcript, of a fusion at the end with\
 fewer, and of the event">
##FORMAT=<ID=SR,Number=1,Type=Integer,Description="Fragments of which a read runs across the junction">
##FORMAT=<ID=PE,Number=1,Type=Integer,Description="Other fragments whose mates lie on both sides of the junction">
##FORMAT=<ID=AF,Number=A,Type=Float,Description="Fraction of the fragments that show the event">
"""
LINES = tuple(HEADER.splitlines())
