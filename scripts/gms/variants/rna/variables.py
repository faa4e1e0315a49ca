"""What a policy may ask of a fusion or a splice event in RNA."""

from gms.genome.record_variables import column, flag, info_field, sample_field

_ALT = 'int(text[text.find(",") + 1 :])'

VARIABLES = (
    column(
        "type", "text", "kind of event", '"splicing" if alt == "<DEL>" else "fusion"', values=("fusion", "splicing")
    ),
    info_field("fusion_genes", "list", "FUSION", "genes that are joined, 5' then 3'", convert='text.split("::")'),
    info_field(
        "frame", "text", "FUSION_FRAME", "reading frame of a fusion", values=("kept", "lost", "promoter", "unknown")
    ),
    info_field("expected_fragments", "number", "FUSION_EXPECTED", "fragments that an expected fusion needs"),
    flag("expected", "FUSION_EXPECTED=", "joins genes of the list of expected fusions"),
    flag("expected_pair", "FUSION_LISTED;", "both genes are named by a row of the list of expected fusions"),
    flag("copy", "COPY;", "a fusion with more fragments joins nearly the same bases of another gene to the same end"),
    flag("outside", "OUTSIDE;", "neither gene of a fusion has a target"),
    info_field("splice_sites", "number", "SPLICE_SITES", "ends of a fusion at the border of an exon"),
    info_field("distance", "number", "DISTANCE", "bases between neighbours that are read through"),
    info_field("partner_genes", "number", "PARTNER_GENES", "genes that either gene is joined to"),
    info_field("coding_genes", "number", "CODING", "genes of a fusion with a protein"),
    info_field(
        "similarity",
        "number",
        "SIMILARITY",
        "share of like bases of what is joined and the best place for it in the other gene",
    ),
    info_field("complexity", "number", "COMPLEXITY", "share of different pieces of 3 bases at the simpler end"),
    info_field("overhang", "number", "OVERHANG", "most aligned bases on the shorter side"),
    info_field("unique_share", "number", "UNIQUE", "share of the reads across it that fit nowhere else"),
    info_field("splice_event", "text", "SPLICE_EVENT", "name of a listed splice event"),
    info_field("splice_share", "number", "SPLICE_SHARE", "share of the fragments without the exons"),
    flag("second_mate", "SECOND;", "the second of two breakends, which repeats the first"),
    sample_field("split_reads", "index", "SR", "number", "fragments with a read across the junction", "int(text)"),
    sample_field("pairs", "index", "PE", "number", "other fragments around the junction", "int(text)"),
    sample_field("alt_reads", "index", "AD", "number", "fragments with the event", _ALT),
    sample_field("vaf", "index", "AF", "number", "fraction of fragments with the event", "float(text)"),
)
