"""What a policy may ask of a mitochondrial variant: its fraction with the interval, strands, NUMT, place."""

from gms.genome.record_variables import Variable, column, flag, info_field, sample_field


def _counts(prefix: str, role: str) -> list[Variable]:
    number, last = "number", 'text[text.find(",") + 1 :]'
    return [
        sample_field(f"{prefix}vaf", role, "AF", number, "fraction of molecules with the allele", "float(text)"),
        sample_field(f"{prefix}depth", role, "DP", number, "informative depth, fragments", "int(text)"),
        sample_field(f"{prefix}alt_reads", role, "AD", number, "fragments with the allele", f"int({last})"),
        sample_field(f"{prefix}genotype", role, "GT", "text", "genotype as in the VCF, 0/1", "text"),
    ]


_LAST = 'text[text.find(",") + 1 :]'
_TYPE = '("deletion" if "SVTYPE=DEL" in info else "duplication") if alt[:1] == "<" else "snv" if len(ref) == len(alt) '
_TYPE += 'else "insertion" if len(alt) > len(ref) else "deletion"'

VARIABLES = (
    column("type", "text", "kind of allele", _TYPE, values=("snv", "insertion", "deletion", "duplication")),
    flag("structural", "SVTYPE=", "a large deletion or duplication, from split reads"),
    info_field("sv_length", "number", "SVLEN", "bases of a large deletion or duplication", convert="abs(int(text))"),
    info_field("tlod", "number", "TLOD", "log10 likelihood ratio of the allele over errors"),
    info_field("strand_bias", "number", "SBP", "Fisher strand bias, -log10 p"),
    info_field("bq", "number", "BQ_ALT", "mean base quality of the allele"),
    info_field("numt", "number", "NUMT", "fraction that one nuclear copy of the place would have"),
    flag("difficult", "DIFFICULT;", "in a homopolymer or tandem repeat that is misread"),
    info_field("mitomap_status", "text", "MITOMAP_STATUS", "status in MITOMAP, Cfrm for confirmed", "mitomap"),
    info_field("mitomap_disease", "text", "MITOMAP_DISEASE", "disease in MITOMAP", "mitomap"),
    info_field("mitotip", "number", "MITOTIP_SCORE", "MitoTIP score of a tRNA variant", "mitotip"),
    *_counts("", "index"),
    sample_field(
        "vaf_low", "index", "AFCI", "number", "lower end of the 95 % interval of vaf", 'float(text[: text.find(",")])'
    ),
    sample_field("vaf_high", "index", "AFCI", "number", "upper end of the 95 % interval of vaf", f"float({_LAST})"),
    sample_field("alt_forward", "index", "ADF", "number", "forward fragments with the allele", f"int({_LAST})"),
    sample_field("alt_reverse", "index", "ADR", "number", "reverse fragments with the allele", f"int({_LAST})"),
    *_counts("mother_", "mother"),
    *_counts("father_", "father"),
)
