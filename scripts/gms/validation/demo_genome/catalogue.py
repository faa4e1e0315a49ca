"""The genes of the miniature genome: what is real about each of them.

Real: symbol, identifiers, chromosome, strand, the residues listed in `fixed` (codon number -> reference DNA) and, if
`ends` is given, the coding exon boundaries (last c. position of each exon). Invented: all other residues, introns,
UTRs, and the length of the protein after its last residue of interest. MECP2 is numbered by its e2 isoform of 486
residues, as in the literature.
"""

from typing import NamedTuple


class GeneFacts(NamedTuple):
    """One gene; `codons` counts the stop codon, `before` and `after` are the DNA around the coding sequence."""

    symbol: str
    gene_id: str
    transcript_id: str
    chrom: str
    strand: str
    codons: int
    fixed: dict[int, str]
    ends: tuple[int, ...] = ()
    before: str = ""
    after: str = ""
    utr5: int = 80


RAS_ENDS = (111, 290, 450)
BRAF_ENDS = (138, 240, 504, 608, 711, 860, 980, 1140, 1177, 1314, 1432, 1517, 1694, 1741)
EGFR_ENDS = (
    88, 240, 424, 559, 628, 747, 889, 1006, 1133, 1207, 1298, 1498, 1631, 1722, 1880, 1919, 2061, 2184, 2283, 2469,
)  # fmt: skip
FLT3_ENDS = (
    81, 165, 368, 484, 614, 742, 882, 1036, 1205, 1309, 1418, 1597, 1704, 1837, 1942, 2053, 2207, 2317, 2418,
)  # fmt: skip
ETV6_ENDS = (33, 163, 328, 463, 1009, 1152, 1253)
TP53_ENDS = (74, 96, 375, 559, 672, 782, 919, 993, 1100)
# Core promoter and 5' UTR: C228T is c.-124C>T, C250T is c.-146C>T (Huang et al. 2013, doi:10.1126/science.1229259).
TERT_PROMOTER = (
    "CCCCGCCCCGTCCCGACCCCTCCCGGGTCCCCGGCCCAGCCCCCTCCGGGCCCTCCCAGCCCCTCCCCTTCCTTTCCGCGGCCCCGCCCTCTCCTCGCGGCGCG"
    "AGTTTCAGGCAGCGCTGCGTCCTGCTGCGCACGTGGGAAGCCCTGGCCCCGGCCACCCCCGCG"
)
# FLT3 residues 580-612, where internal tandem duplications arise.
JUXTAMEMBRANE = "CAGGTGACCGGCTCCTCAGATAATGAGTACTTCTACGTTGATTTCAGAGAATATGAATATGATCTCAAATGGGAGTTTCCAAGAGAAAATTTAGAGTTT"

GENES = (
    GeneFacts("ABCA4", "ENSG00000198691", "ENST00000370225", "chr1", "-", 560, {212: "CGC", 541: "CTA"}),
    GeneFacts(
        "NRAS", "ENSG00000213281", "ENST00000369535", "chr1", "-", 190,
        {1: "ATGACTGAGTACAAACTGGTGGTGGTTGGAGCAGGTGGTGTTGGGAAAAGCGCA", 59: "GCTGGACAAGAAGAG"}, RAS_ENDS,
    ),
    GeneFacts("DNMT3A", "ENSG00000119772", "ENST00000321117", "chr2", "-", 913, {878: "TCCAACATGAGCCGCTTGGCGAGGCAG"}),
    GeneFacts("SCN1A", "ENSG00000144285", "ENST00000674923", "chr2", "-", 300, {}),
    GeneFacts("SF3B1", "ENSG00000115524", "ENST00000335508", "chr2", "-", 740, {695: "GTGGATGAGCAGCAGAAAGTTCGGACC"}),
    GeneFacts("IDH1", "ENSG00000138413", "ENST00000345146", "chr2", "-", 180, {130: "ATAGGTCGTCATGCTTATGGG"}),
    GeneFacts(
        "PIK3CA", "ENSG00000121879", "ENST00000263967", "chr3", "+", 1069,
        {541: "TCTGAAATCACTGAGCAGGAGAAAGAT", 1043: "ATGAATGATGCACATCATGGTGGCTGGACA"},
    ),
    GeneFacts("TERT", "ENSG00000164362", "ENST00000310581", "chr5", "-", 160, {}, before=TERT_PROMOTER, utr5=58),
    GeneFacts(
        "NPM1", "ENSG00000181163", "ENST00000296930", "chr5", "+", 295,
        {286: "GATCTCTGGCAGTGGAGGAAGTCTCTTTAA"}, (58, 138, 258, 352, 459, 524, 582, 669, 771, 846), after="GAAAATAG",
    ),
    GeneFacts("PMS2", "ENSG00000122512", "ENST00000265849", "chr7", "-", 300, {}),
    GeneFacts(
        "EGFR", "ENSG00000146648", "ENST00000275493", "chr7", "+", 876,
        {745: "AAGGAATTAAGAGAAGCAACATCTCCG", 789: "ATCACGCAG", 855: "GATTTTGGGCTGGCCAAACTG"}, EGFR_ENDS,
    ),
    GeneFacts("CFTR", "ENSG00000001626", "ENST00000003084", "chr7", "+", 530, {506: "ATCATCTTTGGTGTTTCC"}),
    GeneFacts(
        "BRAF", "ENSG00000157764", "ENST00000646891", "chr7", "-", 621,
        {593: "GGTGATTTTGGTCTAGCTACAGTGAAATCTCGATGG"}, BRAF_ENDS,
    ),
    GeneFacts("JAK2", "ENSG00000096968", "ENST00000381652", "chr9", "+", 660, {613: "TATGGAGTATGTGTCTGTGGAGACGAGAAC"}),
    GeneFacts("CDKN2A", "ENSG00000147889", "ENST00000304494", "chr9", "-", 157, {}, (150, 457)),
    GeneFacts(
        "KRAS", "ENSG00000133703", "ENST00000311936", "chr12", "-", 189,
        {1: "ATGACTGAATATAAACTTGTGGTAGTTGGAGCTGGTGGCGTAGGCAAGAGTGCC", 59: "GCAGGTCAAGAGGAG"}, RAS_ENDS,
    ),
    GeneFacts("PAH", "ENSG00000171759", "ENST00000553106", "chr12", "-", 453, {408: "CGG"}),
    GeneFacts("ETV6", "ENSG00000139083", "ENST00000396373", "chr12", "+", 453, {}, ETV6_ENDS),
    GeneFacts(
        "FLT3", "ENSG00000122025", "ENST00000241453", "chr13", "-", 860,
        {580: JUXTAMEMBRANE, 831: "GGATTGGCTCGAGATATCATGAGT"}, FLT3_ENDS,
    ),
    GeneFacts(
        "IDH2", "ENSG00000182054", "ENST00000330062", "chr15", "-", 210,
        {137: "GGAACTATCCGGAACATCCTGGGGGGG", 170: "ATTGGCAGGCATGCCCAT"},
    ),
    GeneFacts(
        "TP53", "ENSG00000141510", "ENST00000269305", "chr17", "-", 394,
        {173: "GTGAGGCGCTGCCCC", 211: "ACTTTTCGACAT", 244: "GGCGGCATGAACCGGAGGCCC", 271: "GAGGTGCGTGTTTGT", 282: "CGG"},
        TP53_ENDS,
    ),
    GeneFacts(
        "BRCA1", "ENSG00000012048", "ENST00000357654", "chr17", "-", 160,
        {21: "ATCTTAGAGTGTCCC", 59: "TCACAGTGTCCTTTATGTAAG"},
    ),
    GeneFacts("CALR", "ENSG00000179218", "ENST00000316448", "chr19", "+", 418, {384: "GACAAGGAG"}),
    GeneFacts("CCNE1", "ENSG00000105173", "ENST00000262643", "chr19", "+", 411, {}),
    GeneFacts("ASXL1", "ENSG00000171456", "ENST00000375687", "chr20", "+", 700, {641: "ATCGGAGGGGGGGGTGGCCCGGGT"}),
    GeneFacts("MECP2", "ENSG00000169057", "ENST00000303391", "chrX", "-", 487, {140: "GCG"}),
    GeneFacts("SHOX", "ENSG00000185960", "ENST00000686671", "chrX", "+", 150, {}),
    GeneFacts("SRY", "ENSG00000184895", "ENST00000383070", "chrY", "-", 205, {}),
)  # fmt: skip


class RnaFacts(NamedTuple):
    """A gene of one exon whose RNA causes disease; its symbol and identifiers are real, its bases are invented."""

    symbol: str
    gene_id: str
    transcript_id: str
    before: str
    distance: int
    length: int


RNA_GENES = (RnaFacts("RMRP", "ENSG00000277027", "ENST00000363046", before="JAK2", distance=900, length=268),)
"""They begin `distance` bases before another gene, both on the forward strand, so that their alleles touch both."""

CONTIGS = {
    "chr1": 24_000, "chr2": 40_000, "chr3": 20_000, "chr5": 26_500, "chr7": 44_000, "chr9": 18_000, "chr12": 20_000,
    "chr13": 20_000, "chr14": 2_183_200, "chr15": 16_000, "chr16": 2_301_000, "chr17": 22_000, "chr19": 18_000,
    "chr20": 18_000, "chrX": 65_000, "chrY": 12_000,
}  # fmt: skip
"""Bases, of chr14 and chr16 unknown but for their islands. X is large enough to infer the sex; Y is small, as a woman
has no depth there."""

GAPS = {"chrX": (22_000, 60_000)}
"""Unknown bases, 0-based half-open. What follows on X is in its pseudo-autosomal region, which begins there (PAR1 of
GRCh37); the copy on Y is not in the genome, as in analysis sets that mask it."""

REPEAT = ("chr3", 17_000, "CAG", 12)
"""A repeat that may expand: contig, 0-based start, motif, copies in the genome."""
