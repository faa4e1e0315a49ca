"""Header of the VCF of repeats: its INFO and FORMAT fields with their units. Names as ExpansionHunter and stranger have
them, where they have one."""

HEADER = """\
##ALT=<ID=STR,Description="Repeat longer than reads can tell; <STRn> has n copies of the motif">
##INFO=<ID=END,Number=1,Type=Integer,Description="Last base of the repeat in the reference">
##INFO=<ID=REPID,Number=1,Type=String,Description="Name of the locus in the catalogue">
##INFO=<ID=RU,Number=1,Type=String,Description="Repeat unit of the reference">
##INFO=<ID=REF,Number=1,Type=Integer,Description="Copies in the reference">
##INFO=<ID=GENE,Number=1,Type=String,Description="Gene of the locus">
##INFO=<ID=InheritanceMode,Number=.,Type=String,Description="Inheritance of the locus by the catalogue: AD, AR, XD, XR">
##INFO=<ID=STR_STATUS,Number=1,Type=String,Description="Index sample: normal, undetermined, intermediate, premutation, expanded (pathogenic not excluded) or full_mutation">
##INFO=<ID=STR_NORMAL_MAX,Number=1,Type=Integer,Description="Most copies of a harmless allele">
##INFO=<ID=STR_PATHOLOGIC_MIN,Number=1,Type=Integer,Description="Fewest copies of a pathogenic allele, lowest of the sources; where another motif is pathogenic, the catalogue's own">
##INFO=<ID=STR_LIMITS,Number=.,Type=String,Description="Fewest copies of a pathogenic allele by source, where they differ">
##INFO=<ID=PATHOGENIC_RU,Number=.,Type=String,Description="Repeat units of pathogenic alleles, where other than RU">
##INFO=<ID=STR_AS_LONG,Number=1,Type=Integer,Description="Alleles of normals that are or may be as long as the longest of the index, the case left out">
##INFO=<ID=STR_NORMALS,Number=1,Type=Integer,Description="Alleles of normals at the locus">
##INFO=<ID=STR_AF,Number=1,Type=Float,Description="STR_AS_LONG by STR_NORMALS; 0 where fewer than 3 alleles are as long, absent where the motif decides">
##INFO=<ID=NOTE,Number=1,Type=String,Description="What does not fit the copies of the locus">
##INFO=<ID=IN_TRANS,Number=.,Type=String,Description="Deletion of the index sample that holds the repeat of the other chromosome">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Alleles">
##FORMAT=<ID=REPCN,Number=1,Type=String,Description="Copies of each allele, of a length that reads cannot tell '.'">
##FORMAT=<ID=REPCI,Number=1,Type=String,Description="Least and most copies of each allele, '.' without an upper end">
##FORMAT=<ID=STATUS,Number=1,Type=String,Description="Status of each allele">
##FORMAT=<ID=ADSP,Number=1,Type=Integer,Description="Reads that span the repeat">
##FORMAT=<ID=ADFL,Number=1,Type=Integer,Description="Reads that end in the repeat">
##FORMAT=<ID=ADIR,Number=1,Type=Integer,Description="Reads within the repeat, their mates next to it">
##FORMAT=<ID=MOTIFS,Number=1,Type=String,Description="Reads of each allele that a motif fits best, motif*reads">
"""  # noqa: E501
LINES = tuple(HEADER.splitlines())
