"""Header of the VCFs of structural variants: their INFO and FORMAT fields with their units."""

_ALTS = """\
##ALT=<ID=DEL,Description="Deletion">
##ALT=<ID=DUP,Description="Tandem duplication">
##ALT=<ID=INV,Description="Inversion">
"""
INSERTED = """\
##ALT=<ID=INS,Description="Insertion">
##ALT=<ID=INS:ME,Description="Insertion of a mobile element; its family follows, as in INS:ME:ALU">
##INFO=<ID=MEINFO,Number=4,Type=String,Description="Mobile element: family, first and last base of its sequence,\
 strand">
##INFO=<ID=TAIL,Number=1,Type=Integer,Description="Bases of its poly-A tail that reads show">
##INFO=<ID=SVINSSEQ,Number=1,Type=String,Description="Inserted bases">
##INFO=<ID=LEFT_SVINSSEQ,Number=1,Type=String,Description="First inserted bases, where not all are known">
##INFO=<ID=RIGHT_SVINSSEQ,Number=1,Type=String,Description="Last inserted bases, where not all are known">
"""
JOINED = """\
##INFO=<ID=JOIN,Number=1,Type=String,Description="Ends that are joined: 3to5 deletion, 5to3 duplication, 3to3 and 5to5">
##INFO=<ID=CHR2,Number=1,Type=String,Description="Contig of the second end">
##INFO=<ID=CIPOS,Number=2,Type=Integer,Description="Bases of uncertainty around each end">
"""
CALLER_HEADER = f"""\
{_ALTS}##FILTER=<ID=LowQual,Description="The caller doubts it">
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant">
{JOINED}##INFO=<ID=CUT,Number=2,Type=Integer,Description="Bases of the contigs before each end">
"""
HEADER = f"""\
{_ALTS}{INSERTED}##INFO=<ID=CALLERS,Number=.,Type=String,Description="Callers that proposed the event">
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant: DEL, DUP, INV, INS or BND">
##INFO=<ID=SVLEN,Number=1,Type=Integer,Description="Bases deleted (negative), duplicated, inverted or inserted; of a\
 mobile element by the sequence of its family">
##INFO=<ID=END,Number=1,Type=Integer,Description="Last base of the variant">
##INFO=<ID=CIPOS,Number=2,Type=Integer,Description="Bases of uncertainty around POS">
##INFO=<ID=CIEND,Number=2,Type=Integer,Description="Bases of uncertainty around END, or around the mate">
##INFO=<ID=IMPRECISE,Number=0,Type=Flag,Description="No read shows the bases of the junction">
##INFO=<ID=MATEID,Number=1,Type=String,Description="ID of the other breakend">
##INFO=<ID=SECOND,Number=0,Type=Flag,Description="The second of two mates, which repeats the first">
##INFO=<ID=JUNCTIONS,Number=1,Type=Integer,Description="Junctions that were seen: inversions and reciprocal\
 translocations have two">
##INFO=<ID=LOST_AT,Number=1,Type=String,Description="Bases that both junctions leave out at an end, contig:first-last,\
 where they are more than 300">
##INFO=<ID=MAPQ,Number=1,Type=Integer,Description="Median mapping quality of reads that show it, at the worse end; at\
 the better one of an event with two junctions or shorter than a fragment">
##INFO=<ID=MAPQ0,Number=1,Type=Float,Description="Fraction of reads that fit elsewhere as well, at the end with most">
##INFO=<ID=PAIRS_P,Number=1,Type=Float,Description="Probability of as few fragments around a junction, beside those\
 with a read across it; low where reads of another repeat run into it">
##INFO=<ID=DEPTH_RATIO,Number=1,Type=Float,Description="Depth inside over depth of the flanks, index; from 500 bases">
##INFO=<ID=SHADOW,Number=0,Type=Flag,Description="Reads are clipped on both sides of an end, as at an insertion whose\
 copy is elsewhere (mobile element, repeat)">
##INFO=<ID=TSD,Number=1,Type=String,Description="Bases of the place on both sides of an insertion (target-site\
 duplication)">
##INFO=<ID=SIDES,Number=2,Type=Integer,Description="Fragments clipped at the first and the last inserted base, all\
 samples">
##INFO=<ID=UNLIKE,Number=1,Type=Float,Description="Fraction of the fragments clipped at an insertion whose bases are\
 others, all samples">
##INFO=<ID=NOVEL_MATES,Number=1,Type=Integer,Description="Fragments that point at an insertion and have a mate that is\
 not mapped, or not where the other one is, all samples">
##INFO=<ID=INSERTED,Number=1,Type=String,Description="ID of the insertion at an end of the event">
##INFO=<ID=SIMILARITY,Number=1,Type=Float,Description="Share of like bases around both ends, 0-1">
##INFO=<ID=COMPLEXITY,Number=1,Type=Float,Description="Share of different pieces of 3 bases at the simpler end, 0-1">
##INFO=<ID=FUSION,Number=.,Type=String,Description="Genes that are joined, 5' then 3', listed and in frame ones first">
##INFO=<ID=FUSION_NAME,Number=.,Type=String,Description="The same with the exons next to the junction">
##INFO=<ID=FUSION_PLACE,Number=.,Type=String,Description="Intron or exon that is cut, of both transcripts; beside and\
 bases to the gene, below 0 where it lies before the end">
##INFO=<ID=NEAREST,Number=.,Type=String,Description="Coding genes next to an end between genes, with the bases to them,\
 below 0 before it">
##INFO=<ID=FUSION_FRAME,Number=.,Type=String,Description="Reading frame: kept, lost, promoter (only the untranslated\
 start of the 5' gene, the whole coding sequence of the 3' gene), beside (the 3' gene is not fused) or unknown">
##INFO=<ID=FUSION_TRANSCRIPTS,Number=.,Type=String,Description="Transcripts of both genes">
##INFO=<ID=FUSION_EXPECTED,Number=1,Type=Integer,Description="Fragments that a fusion of the list of expected ones\
 needs, where it is one">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Copies of the event, likeliest">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Phred quality of the genotype">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Fragments that show the junction or the reference at an end, mean">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Fragments of the reference, mean of both ends, and of the junction">
##FORMAT=<ID=SR,Number=1,Type=Integer,Description="Fragments of which a read runs across the junction">
##FORMAT=<ID=PE,Number=1,Type=Integer,Description="Other fragments whose mates lie on both sides of the junction">
##FORMAT=<ID=AF,Number=A,Type=Float,Description="Fraction of those fragments that show the junction">
"""
LINES = tuple(HEADER.splitlines())
