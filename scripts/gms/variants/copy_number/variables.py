"""What a policy may ask of a copy-number change."""

from gms.genome.record_variables import Variable, column, flag, info_field, sample_field


def _of_sample(prefix: str, role: str) -> list[Variable]:
    return [
        sample_field(f"{prefix}copies", role, "CN", "number", "copies", "int(text)"),
        sample_field(f"{prefix}gq", role, "GQ", "number", "quality of the number of copies, phred", "int(text)"),
        sample_field(f"{prefix}change_quality", role, "CQ", "number", "quality of a change, phred", "int(text)"),
        sample_field(f"{prefix}depth", role, "DP", "number", "reads counted", "int(text)"),
        sample_field(f"{prefix}genotype", role, "GT", "text", "genotype as in the VCF, 0/1", "text"),
    ]


_TYPE = '{"<DEL>": "deletion"}.get(alt, "duplication")'
_OTHER_COPIES = """\
at = info.find(";COPIES_OTHER=")
at = info.find("=", at if at >= 0 else info.find(";COPIES="))
text = info[at + 1 : info.find(";", at)] if ";COPIES=" in info else "."
v_other_copies = float(text) if text != "." else None"""
_FIRST, _SECOND = 'text[: text.find(",")]', 'text[text.find(",") + 1 :]'

VARIABLES = (
    column("type", "text", "kind of event", _TYPE, values=("deletion", "duplication")),
    Variable(
        "qual",
        "number",
        "phred quality of a change in some sample (QUAL)",
        'v_qual = float(qual) if qual != "." else None',
    ),
    info_field("length", "number", "SVLEN", "bases lost or gained", convert="abs(int(text))"),
    info_field("bins", "number", "BINS", "bins counted"),
    info_field("unique_share", "number", "UNIQUE", "fraction of the event whose reads fit nowhere else"),
    info_field("mean_copies", "number", "COPIES", "mean copies by depth"),
    Variable("other_copies", "number", "the same in another genome that explains all nearly as well", _OTHER_COPIES),
    info_field("copies_low", "number", "COPIES_CI", "lower end of their 95 % interval", convert=f"float({_FIRST})"),
    info_field("copies_high", "number", "COPIES_CI", "upper end of their 95 % interval", convert=f"float({_SECOND})"),
    info_field("log2", "number", "LOG2", "logarithm of depth over that of normals"),
    info_field("purity", "number", "PURITY", "fraction of tumour cells that copies are corrected by"),
    flag("purity_measured", "PURITY_CI=", "that fraction is measured by alleles and depth, not of the sheet"),
    info_field("measured_genes", "list", "MEASURED", "targeted genes that agree", convert='text.split(",")'),
    flag("gene_only", "GENE_ONLY;", "seen in the bins of one gene, not by segmentation"),
    flag("unconfirmed", "UNCONFIRMED;", "the bins of none of its genes agree"),
    flag("in_normal", "IN_NORMAL;", "the normal shows it as well: inherited"),
    flag("less_in_normal", "LESS_IN_NORMAL;", "the normal shows it as well, at a lower level"),
    info_field("normals_share", "number", "IN_NORMALS", "share of the normals of the reference that show it as well"),
    flag("may_be_inherited", "MAY_BE_INHERITED;", "no normal, and it fits one copy less or more in all cells"),
    info_field("usual_copies", "number", "USUAL", "copies in a person of that sex"),
    info_field("same_event", "text", "SAME_EVENT", "structural variant of the same event"),
    info_field("joined_ends", "number", "JOINED_ENDS", "ends at a junction of a structural variant"),
    info_field("baf_sites", "number", "BAF_SITES", "heterozygous SNVs within the event"),
    info_field("baf", "number", "BAF", "mean fraction of their commoner allele"),
    info_field("baf_odds", "number", "BAF_ODDS", "common logarithm of the odds of the copies over two, by those SNVs"),
    info_field("sv_af", "number", "SV_AF", "frequency of a like event", "structural_population"),
    info_field("normals_count", "number", "NORMALS_COUNT", "normals with a like event", "structural_normals"),
    info_field("normals_total", "number", "NORMALS_TOTAL", "normals that were looked at", "structural_normals"),
    flag("has_junction", "SAME_EVENT=", "a structural variant of the same event was seen"),
    flag("whole_chromosome", "WHOLE;", "all of the chromosome"),
    *_of_sample("", "index"),
    *_of_sample("mother_", "mother"),
    *_of_sample("father_", "father"),
)
