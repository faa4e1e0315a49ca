"""What a policy may ask of a structural variant: its type, length, evidence and genotypes."""

from gms.genome.record_variables import Variable, column, flag, info_field, sample_field


def _counts(prefix: str, role: str) -> list[Variable]:
    number = "number"
    alt, ref = 'int(text[text.find(",") + 1 :])', 'int(text[: text.find(",")])'
    return [
        sample_field(f"{prefix}vaf", role, "AF", number, "fraction of fragments with the junction", "float(text)"),
        sample_field(f"{prefix}depth", role, "DP", number, "informative fragments", "int(text)"),
        sample_field(f"{prefix}alt_reads", role, "AD", number, "fragments with the junction", alt),
        sample_field(f"{prefix}ref_reads", role, "AD", number, "fragments with the reference", ref),
        sample_field(f"{prefix}split_reads", role, "SR", number, "fragments with a read across it", "int(text)"),
        sample_field(f"{prefix}gq", role, "GQ", number, "genotype quality, phred", "int(text)"),
        sample_field(f"{prefix}genotype", role, "GT", "text", "genotype as in the VCF, 0/1", "text"),
    ]


_TYPES = ("deletion", "duplication", "inversion", "insertion", "breakend")
_TYPE = """\
"insertion" if alt[:4] == "<INS" else {"<DEL>": "deletion", "<DUP>": "duplication", "<INV>": "inversion"}.get(alt, \
"breakend")"""
_SPLIT = 'text.split(",")'

VARIABLES = (
    column("type", "text", "kind of event", _TYPE, values=_TYPES),
    Variable("qual", "number", "phred support of the reads (QUAL)", 'v_qual = float(qual) if qual != "." else None'),
    info_field("length", "number", "SVLEN", "bases between the ends, or inserted", convert="abs(int(text))"),
    info_field("callers", "list", "CALLERS", "callers that found the event", convert=_SPLIT),
    info_field("n_callers", "number", "CALLERS", "number of callers", convert='text.count(",") + 1'),
    info_field(
        "junctions",
        "number",
        "JUNCTIONS",
        "junctions that were seen, two of an inversion or a reciprocal translocation",
    ),
    info_field(
        "mapq",
        "number",
        "MAPQ",
        "mapping quality of reads that show it, median (INFO/MAPQ says of which end)",
    ),
    info_field("ambiguous_share", "number", "MAPQ0", "fraction of reads that fit elsewhere as well, at the worse end"),
    info_field("pairs_p", "number", "PAIRS_P", "probability of as few pairs around it as were seen"),
    info_field("element", "text", "MEINFO", "family of an inserted mobile element", convert='text.partition(",")[0]'),
    info_field("novel_mates", "number", "NOVEL_MATES", "fragments at an insertion with a mate elsewhere, all samples"),
    info_field(
        "side_ratio",
        "number",
        "SIDES",
        "reads clipped at one end of an insertion over those at the other, 0 to 1",
        convert='(lambda counts: min(counts) / max(1, *counts))([int(one) for one in text.split(",")])',
    ),
    info_field("unlike_share", "number", "UNLIKE", "fraction of reads clipped at an insertion whose bases are others"),
    info_field("depth_ratio", "number", "DEPTH_RATIO", "depth inside over depth of the flanks"),
    info_field("sv_af", "number", "SV_AF", "frequency of a like event", "structural_population"),
    info_field("normals_count", "number", "NORMALS_COUNT", "normals with a like event", "structural_normals"),
    info_field("normals_total", "number", "NORMALS_TOTAL", "normals that were looked at", "structural_normals"),
    info_field("similarity", "number", "SIMILARITY", "share of like bases around both ends"),
    info_field("complexity", "number", "COMPLEXITY", "share of different pieces of 3 bases at the simpler end"),
    info_field("fusions", "list", "FUSION", "genes that are joined, as BCR::ABL1", "genes", _SPLIT),
    info_field(
        "frames", "list", "FUSION_FRAME", "frame of each: kept, lost, promoter, beside, unknown", "genes", _SPLIT
    ),
    info_field("expected_fragments", "number", "FUSION_EXPECTED", "fragments that an expected fusion needs", "genes"),
    flag("expected", "FUSION_EXPECTED=", "joins genes of the list of expected fusions", "genes"),
    flag("imprecise", "IMPRECISE;", "no read shows the bases of the junction"),
    flag("not_spelled", "LEFT_SVINSSEQ=", "reads do not show all bases of an insertion"),
    flag("shadow", "SHADOW;", "an end is that of an insertion whose copy is elsewhere"),
    flag("second_mate", "SECOND;", "the second of two breakends, which repeats the first"),
    *_counts("", "index"),
    *_counts("mother_", "mother"),
    *_counts("father_", "father"),
    *_counts("normal_", "normal"),
)
