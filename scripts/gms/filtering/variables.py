"""What a policy may ask of a VCF record: each variable's name, kind, source field and the reference part it needs.

The reading of a variable is a piece of Python source, put into the function that gms.filtering.compile generates, so
that a record costs only the fields its policy uses. In that source the record's columns are the locals chrom, pos,
ref, alt, qual (texts) and info (";KEY=value;...;"), and v_<name> receives the value, None where it is missing:
absent, "." or dropped from the end of a sample's column.
"""

from typing import NamedTuple

# The reference parts an annotated VCF may name in its ##gms_parts line.
HEADER_PARTS = ("genes", "population", "clinvar", "mask", "hotspots", "normals", "whitelist", "targets", "parents")


class Variable(NamedTuple):
    """One name a policy may use. `role` is the sample whose FORMAT column is read ('index' or a role); else None."""

    name: str
    kind: str
    words: str
    code: str
    parts: tuple[str, ...] = ()
    role: str | None = None
    format_keys: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    nullable: bool = True


def _column(name: str, kind: str, words: str, code: str, **more) -> Variable:
    return Variable(name, kind, words, f"v_{name} = {code}", nullable=False, **more)


def _info(name: str, kind: str, key: str, words: str, part: str = "", convert: str = "", **more) -> Variable:
    convert = convert or {"number": "float(text)", "text": "text"}[kind]
    start = len(key) + 2
    code = (
        f'at = info.find(";{key}=")\n'
        f'text = info[at + {start} : info.find(";", at + {start})] if at >= 0 else "."\n'
        f'v_{name} = {convert} if text != "." else None'
    )
    return Variable(name, kind, f"{words} (INFO/{key})", code, (part,) if part else (), **more)


def _flag(name: str, key: str, words: str, part: str) -> Variable:
    code = f'v_{name} = ";{key}" in info'
    return Variable(name, "yes/no", f"{words} (INFO/{key[:-1]})", code, (part,), nullable=False)


def _format(name: str, role: str, key: str, kind: str, words: str, convert: str) -> Variable:
    known = 'text[:1] not in ("", ".")' if "find" in convert or kind == "text" else 'text not in ("", ".")'
    code = f'text = {role}[at_{key}] if at_{key} < len({role}) else "."\nv_{name} = {convert} if {known} else None'
    parts = () if role == "index" else (role,)
    return Variable(name, kind, f"{words} (FORMAT/{key} of the {role})", code, parts, role, (key,))


def _counts(prefix: str, role: str) -> list[Variable]:
    number = "number"
    alt, ref = 'int(text[text.find(",") + 1 :])', 'int(text[: text.find(",")])'
    return [
        _format(f"{prefix}vaf", role, "AF", number, "fraction of informative reads with the allele", "float(text)"),
        _format(f"{prefix}depth", role, "DP", number, "informative depth, reads", "int(text)"),
        _format(f"{prefix}alt_reads", role, "AD", number, "reads with the allele", alt),
        _format(f"{prefix}ref_reads", role, "AD", number, "reads with the reference", ref),
        _format(f"{prefix}alt_forward", role, "ADF", number, "forward reads with the allele", alt),
        _format(f"{prefix}alt_reverse", role, "ADR", number, "reverse reads with the allele", alt),
        _format(f"{prefix}gq", role, "GQ", number, "genotype quality, phred", "int(text)"),
        _format(f"{prefix}genotype", role, "GT", "text", "genotype as in the VCF, 0/1", "text"),
    ]


_QUAL = 'v_qual = float(qual) if qual != "." else None'
_TYPE = '"snv" if len(ref) == len(alt) == 1 else "mnv" if len(ref) == len(alt) else '
_TYPE += '"insertion" if len(alt) > len(ref) else "deletion"'
_MODELS = ("de_novo", "recessive", "one_parent", "x_linked", "dominant", "compound_candidate_maternal")
_MODELS += ("compound_candidate_paternal", "none", "inconsistent", "unknown")

_ALL = [
    _column("chrom", "text", "chromosome", "chrom"),
    _column("pos", "number", "position, 1-based", "int(pos)"),
    _column("ref", "text", "reference allele", "ref"),
    _column("alt", "text", "alternative allele", "alt"),
    _column("type", "text", "kind of allele", _TYPE, values=("snv", "insertion", "deletion", "mnv")),
    _column("length", "number", "bases inserted, deleted or replaced", "abs(len(alt) - len(ref)) or len(ref)"),
    Variable("qual", "number", "phred support of the reads, whichever caller proposed it (QUAL)", _QUAL),
    _info("callers", "list", "CALLERS", "callers that found the allele", convert='text.split(",")'),
    _info("n_callers", "number", "CALLERS", "number of callers", convert='text.count(",") + 1'),
    _info("mq", "number", "MQ_ALT", "mean mapping quality of the allele's reads"),
    _info("bq", "number", "BQ_ALT", "mean base quality of the allele's reads"),
    _info("end_distance", "number", "END_ALT", "mean distance of the allele to the nearest read end, bases"),
    _info("strand_bias", "number", "SBP", "Fisher strand bias, -log10 p"),
    _info("repeat", "number", "RPT", "reference bases over which the inserted or deleted unit repeats"),
    *_counts("", "index"),
    *_counts("normal_", "normal"),
    *_counts("mother_", "mother"),
    *_counts("father_", "father"),
    _info("tlod", "number", "TLOD", "log10 likelihood ratio of the allele in the tumour"),
    _info("nlod", "number", "NLOD", "log10 likelihood ratio of no allele in the normal", "normal"),
    _info("population_af", "number", "POP_AF", "allele frequency in the population", "population"),
    _info("clinvar", "text", "CLNSIG", "ClinVar significance", "clinvar"),
    _info("clinvar_review", "text", "CLNREVSTAT", "ClinVar review status", "clinvar"),
    _info("clinvar_oncogenicity", "text", "ONC", "ClinVar oncogenicity", "clinvar"),
    _info("clinvar_somatic", "text", "SCI", "ClinVar somatic clinical impact, tier I to IV", "clinvar"),
    _flag("hotspot", "HOTSPOT=", "very allele of a known hotspot", "hotspots"),
    _info("hotspot_name", "text", "HOTSPOT", "name of the hotspot allele", "hotspots"),
    _flag("hotspot_position", "HOTSPOT_POSITION=", "changes a position of the hotspot list", "hotspots"),
    _info("hotspot_position_name", "text", "HOTSPOT_POSITION", "name of the hotspot position", "hotspots"),
    _flag("mask", "MASK;", "difficult region", "mask"),
    _info("pon_count", "number", "PON_COUNT", "normals of the panel that carry the allele", "normals"),
    _info("pon_af", "number", "PON_AF", "median fraction in the carriers of the panel of normals", "normals"),
    _info("pon_sd", "number", "PON_SD", "standard deviation of that fraction", "normals"),
    _flag("whitelist", "WHITELIST;", "on the policy's list of variants to keep", "whitelist"),
    _flag("target", "TARGET;", "inside the assay's targets", "targets"),
    _info("gene", "text", "GENE", "gene of the chosen transcript", "genes"),
    _info("consequence", "text", "CONSEQUENCE", "Sequence Ontology terms joined by &", "genes"),
    _info("impact", "text", "IMPACT", "severity class", "genes", values=("HIGH", "MODERATE", "LOW", "MODIFIER")),
    _info("hgvsc", "text", "HGVSC", "coding change", "genes"),
    _info("hgvsp", "text", "HGVSP", "protein change", "genes"),
    _flag(
        "functional_rna", "FUNCTIONAL_RNA=", "changes the RNA of a gene without protein that causes disease", "genes"
    ),
    _flag("frequency_exempt", "FREQUENCY_EXEMPT;", "listed as common although it causes disease", "genes"),
    _info("inheritance", "text", "INHERITANCE", "model that fits the family", "parents", values=_MODELS),
]


def _gene_set(name: str, words: str, genes: str, part: str) -> Variable:
    # `genes` is a set given to the generated function.
    code = f'at = info.find(";GENE=")\nv_{name} = at >= 0 and info[at + 6 : info.find(";", at + 6)] in {genes}'
    return Variable(name, "yes/no", words, code, ("genes", part), nullable=False)


_ALL += [
    _gene_set("compound", "its gene has a compound candidate and a partner for it", "compound_genes", "parents"),
    _gene_set("in_gene_list", "gene is on the assay's gene list", "listed_genes", "gene_list"),
]

VARIABLES: dict[str, Variable] = {variable.name: variable for variable in _ALL}
