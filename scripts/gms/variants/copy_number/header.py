"""Header of the VCF of copy numbers: its INFO and FORMAT fields with their units."""

HEADER = """\
##ALT=<ID=DEL,Description="Copies are lost">
##ALT=<ID=DUP,Description="Copies are gained">
##INFO=<ID=CALLERS,Number=.,Type=String,Description="What found the event: depth or cnvkit">
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant: DEL or DUP">
##INFO=<ID=SVLEN,Number=1,Type=Integer,Description="Bases lost (negative) or gained">
##INFO=<ID=END,Number=1,Type=Integer,Description="Last base of the event">
##INFO=<ID=CIPOS,Number=2,Type=Integer,Description="Bases of uncertainty around POS">
##INFO=<ID=CIEND,Number=2,Type=Integer,Description="Bases of uncertainty around END">
##INFO=<ID=IMPRECISE,Number=0,Type=Flag,Description="The ends are as exact as the bins of the depth">
##INFO=<ID=BINS,Number=1,Type=Integer,Description="Bins counted within the event, index">
##INFO=<ID=UNIQUE,Number=1,Type=Float,Description="Fraction of the event in bins whose reads fit nowhere else">
##INFO=<ID=COPIES,Number=1,Type=Float,Description="Mean copies by depth, index; of a tumour those of its cells">
##INFO=<ID=COPIES_CI,Number=2,Type=Float,Description="Panels: 95 % interval of COPIES">
##INFO=<ID=COPIES_OTHER,Number=1,Type=Float,Description="COPIES in another genome that explains all nearly as well">
##INFO=<ID=LOG2,Number=1,Type=Float,Description="Panels: depth over that of normals, logarithm to base 2">
##INFO=<ID=NORMAL_LOG2,Number=1,Type=Float,Description="Panels: LOG2 of the normal, where the tumour lost more">
##INFO=<ID=PURITY,Number=1,Type=Float,Description="Fraction of tumour cells that COPIES are corrected by">
##INFO=<ID=PURITY_CI,Number=2,Type=Float,Description="95 % interval of PURITY, if measured, not of the sheet">
##INFO=<ID=MEASURED,Number=.,Type=String,Description="Panels: targeted genes within it whose own bins agree">
##INFO=<ID=GENE_ONLY,Number=0,Type=Flag,Description="Panels: seen in the bins of one gene, not by segmentation">
##INFO=<ID=UNCONFIRMED,Number=0,Type=Flag,Description="Panels: the bins of none of its targeted genes agree">
##INFO=<ID=IN_NORMAL,Number=0,Type=Flag,Description="Panels: the person's normal shows it as well: inherited">
##INFO=<ID=LESS_IN_NORMAL,Number=0,Type=Flag,Description="Panels: in the normal as well, at a lower level">
##INFO=<ID=IN_NORMALS,Number=1,Type=Float,Description="Panels: share of the reference's normals that show it, 0-1">
##INFO=<ID=MAY_BE_INHERITED,Number=0,Type=Flag,Description="Panels, no normal: fits one copy less or more in all cells">
##INFO=<ID=USUAL,Number=1,Type=Integer,Description="Copies of the place without the event, index">
##INFO=<ID=WHOLE,Number=0,Type=Flag,Description="All of the chromosome">
##INFO=<ID=SAME_EVENT,Number=1,Type=String,Description="Structural variant of the same event, CHROM:POS:REF:ALT">
##INFO=<ID=EXTENDS,Number=0,Type=Flag,Description="By depth the event reaches beyond the variant of SAME_EVENT">
##INFO=<ID=JOINED_ENDS,Number=1,Type=Integer,Description="Ends of the event at a junction of a structural variant, 0-2">
##INFO=<ID=BAF_SITES,Number=1,Type=Integer,Description="Heterozygous SNVs within the event, index">
##INFO=<ID=BAF,Number=1,Type=Float,Description="Mean fraction of their commoner allele">
##INFO=<ID=BAF_ODDS,Number=1,Type=Float,Description="Odds of these copies over two by those SNVs, common logarithm">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Copies lost or gained, at most two">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Phred quality of the number of copies">
##FORMAT=<ID=CN,Number=1,Type=Integer,Description="Copies">
##FORMAT=<ID=CQ,Number=1,Type=Integer,Description="Phred quality of a change of copies">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Reads counted">
##FORMAT=<ID=CICN,Number=2,Type=Float,Description="95 % interval of the mean copies by depth">
"""
LINES = tuple(HEADER.splitlines())
