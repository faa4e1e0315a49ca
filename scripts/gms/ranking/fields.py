"""Where the terms of a rank model find their values in our records, and what each of them needs.

Models are written for the fields of other pipelines. Those that mean the same as one of ours are read from it; a term
whose annotation is missing is left out of its category and named, because "not reported" is not "not looked up".
"""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from gms.ranking.model import Term

PHENOTYPE = "PHENOTYPE_TERMS"  # number of the case's HPO terms that a gene of the record is known for
REPEATS_OF_NORMALS = "repeat_normals"
# Stands for a value that is not known of this record. It counts as not reported, as policies take it (missing: pass):
# a variant must not sink because its frequency is uncertain. Only its words differ.
UNKNOWN = "not known"
# Fields of other pipelines (production models of Clinical-Genomics/reference-files) -> ours.
SAME = {
    "GNOMADAF": "POP_AF",
    "GNOMADAF_popmax": "POP_AF",
    "GNOMADAF_grpmax": "POP_AF",
    "gnomad_svAF": "SV_AF",
    "GeneticModels": "MODES",
    "most_severe_consequence": "CONSEQUENCE",
    "CSQ:Consequence": "CONSEQUENCE",
    "CSQ:CLINVAR_CLNSIG": "CLNSIG",
    "CSQ:CLINVAR_CLNREVSTAT": "CLNREVSTAT",
    "CSQ:CLIN_SIG": "CLNSIG",
}
# Our fields that are defined whether or not the part was given that they come from.
PARTS = {
    "POP_AF": "population",
    "POP_AN": "population",
    "CLNSIG": "clinvar",
    "CLNREVSTAT": "clinvar",
    "CLNDN": "clinvar",
    "GENE": "genes",
    "CONSEQUENCE": "genes",
    "IMPACT": "genes",
    "MODES": "family",
    "INHERITANCE": "family",
    "LABELS": "family",
    "SV_AF": "structural_population",
    "STR_AF": REPEATS_OF_NORMALS,
    "MASK": "mask",
    "HOTSPOT": "hotspots",
    "WHITELIST": "whitelist",
    PHENOTYPE: "phenotypes",
}
# genmod's names of our modes. It has none for Y, mitochondrion and pseudo-autosomal regions, where it says AD.
_MODELS = {
    "de_novo": "AD_dn",
    "autosomal_dominant": "AD",
    "recessive_homozygous": "AR_hom",
    "one_parent": "AR_hom_dn",
    "compound": "AR_comp",
    "x_linked_recessive": "XR",
    "x_linked_dominant": "XD",
    "pseudo_autosomal": "AD",
    "y_linked": "AD",
    "mitochondrial": "AD",
}
_SHOWN = 7  # significant digits of a number that VCF readers keep as 32 bits


class Record(NamedTuple):
    """What a model may ask of a variant: INFO, the filters that it did not pass, QUAL, and how many of the case's HPO
    terms its genes are known for (None where it is not asked)."""

    info: Mapping[str, str]
    flags: Collection[str] = ()
    quality: float | None = None
    phenotypes: int | None = None


class LeftOut(NamedTuple):
    """A term that gives no points: `key` is the field that it asks for, `part` what would have to be given, None where
    this workflow does not annotate it."""

    term: str
    category: str
    key: str
    part: str | None


def left_out(terms: Collection[Term], fields: Collection[str], parts: Collection[str]) -> Iterator[LeftOut]:
    """Terms whose annotation is missing; `fields`: INFO fields that the header defines, `parts`: those that it names
    as given."""
    for term in terms:
        ours = SAME.get(term.key, term.key)
        part = PARTS.get(ours)
        is_there = part in parts if part else term.field != "INFO" or ours in fields
        if not is_there:
            yield LeftOut(term.name, term.category, term.key, part)


def raw_value(term: Term, record: Record) -> str | None:
    """The field of a term as it is written, None where it is not reported, UNKNOWN where it is not known."""
    if term.field == "FILTER":
        return ";".join(record.flags) or "PASS"
    if term.field == "QUAL":
        return None if record.quality is None else f"{record.quality:.{_SHOWN}g}"
    ours = SAME.get(term.key, term.key)
    if ours == PHENOTYPE:
        return str(record.phenotypes or 0)
    if ours in ("POP_AF", "POP_AN") and record.info.get("POP_STATE"):
        return UNKNOWN
    if term.key == "GeneticModels":
        return genetic_models(record.info.get("MODES", ""))
    raw = record.info.get(ours)
    return _rounded(raw, term) if raw and term.kind == "float" else raw


def genetic_models(modes: str) -> str | None:
    """Modes in genmod's names; None where no mode is left."""
    return "|".join(dict.fromkeys(_MODELS[mode] for mode in modes.split(",") if mode in _MODELS)) or None


def _rounded(raw: str, term: Term) -> str:
    """Numbers as they were written: of 32 bits, 0.02 has become 0.0199999996."""
    return term.separators[:1].join(f"{number:.{_SHOWN}g}" for number in term.numbers(raw)) or raw
