"""What a policy may ask of a small variant beyond position, annotation and family: alleles, evidence, callers."""

from gms.genome.record_variables import Variable, column, flag, info_field, sample_field


def _counts(prefix: str, role: str) -> list[Variable]:
    number = "number"
    alt, ref = 'int(text[text.find(",") + 1 :])', 'int(text[: text.find(",")])'
    return [
        sample_field(
            f"{prefix}vaf", role, "AF", number, "fraction of informative reads with the allele", "float(text)"
        ),
        sample_field(f"{prefix}depth", role, "DP", number, "informative depth, reads", "int(text)"),
        sample_field(f"{prefix}alt_reads", role, "AD", number, "reads with the allele", alt),
        sample_field(f"{prefix}ref_reads", role, "AD", number, "reads with the reference", ref),
        sample_field(f"{prefix}alt_forward", role, "ADF", number, "reads of the forward strand with the allele", alt),
        sample_field(f"{prefix}alt_reverse", role, "ADR", number, "reads of the reverse strand with the allele", alt),
        sample_field(f"{prefix}gq", role, "GQ", number, "genotype quality, phred", "int(text)"),
        sample_field(f"{prefix}genotype", role, "GT", "text", "genotype as in the VCF, 0/1", "text"),
    ]


_QUAL = 'v_qual = float(qual) if qual != "." else None'
_TYPE = '"snv" if len(ref) == len(alt) == 1 else "mnv" if len(ref) == len(alt) else '
_TYPE += '"insertion" if len(alt) > len(ref) else "deletion"'
_DELINS = "len(ref) != len(alt) and (min(len(ref), len(alt)) > 1 or ref[0] != alt[0])"  # genome.alleles.is_delins

VARIABLES = (
    column("type", "text", "kind of allele", _TYPE, values=("snv", "insertion", "deletion", "mnv")),
    column("length", "number", "bases inserted, deleted or replaced", "abs(len(alt) - len(ref)) or len(ref)"),
    column("delins", "yes/no", "replaces bases by another number of them (HGVS delins)", _DELINS),
    Variable("qual", "number", "phred support of the reads, whichever caller proposed it (QUAL)", _QUAL),
    info_field("callers", "list", "CALLERS", "callers that found the allele", convert='text.split(",")'),
    info_field("n_callers", "number", "CALLERS", "number of callers", convert='text.count(",") + 1'),
    info_field("not_found_by", "list", "NOT_FOUND_BY", "callers of the assay that lack it", convert='text.split(",")'),
    info_field("mq", "number", "MQ_ALT", "mean mapping quality of the allele's reads", "reads"),
    info_field("bq", "number", "BQ_ALT", "mean base quality of the allele's reads", "reads"),
    info_field(
        "end_distance", "number", "END_ALT", "mean distance of the allele to the nearer end of a read, bases", "reads"
    ),
    info_field("strand_bias", "number", "SBP", "Fisher strand bias, -log10 p", "reads"),
    info_field(
        "depth_ratio", "number", "DEPTH_RATIO", "genomes: depth over the sample's median, where it is high", "reads"
    ),
    info_field("repeat", "number", "RPT", "reference bases over which the inserted or deleted unit repeats"),
    flag("part_of_haplotype", "PART_OF=", "its molecules carry a joined allele, which has its own record"),
    info_field("clinvar_parts", "text", "CLNSIG_PARTS", "ClinVar significance of parts of a joined allele", "clinvar"),
    *_counts("", "index"),
    *_counts("normal_", "normal"),
    *_counts("mother_", "mother"),
    *_counts("father_", "father"),
    info_field("tlod", "number", "TLOD", "log10 likelihood ratio of the allele in the tumour", "reads"),
    info_field("nlod", "number", "NLOD", "log10 likelihood ratio of no allele in the normal", "normal"),
)
