"""What a policy may ask of a record: position, annotation and family here; the rest is of its class of variants.

The class's own variables are in the room of the class, gms/variants/<class>/variables.py.
"""

from functools import cache

from gms.genome.record_variables import Variable, column, flag, info_field
from gms.variants.classes import door

# The reference parts an annotated VCF may name in its ##gms_parts line.
HEADER_PARTS = ("genes", "population", "clinvar", "mask", "hotspots", "normals", "whitelist", "targets", "family")
HEADER_PARTS += ("mitomap", "mitotip", "structural_population", "structural_normals")
_MODES = ("de_novo", "recessive_homozygous", "one_parent", "x_linked_recessive", "x_linked_dominant", "y_linked")
_MODES += ("mitochondrial", "autosomal_dominant", "compound", "pseudo_autosomal", "none")
_LABELS = ("mother_not_informative", "father_not_informative", "possible_parental_mosaicism", "unaffected_carrier")
_LABELS += ("shared_with_affected", "one_copy", "mendelian_inconsistency", "opposite_deletion")
_LABELS += ("reduced_penetrance", "two_alleles_of_one_copy", "sex_not_stated", "y_of_a_woman")
_LABELS += ("no_y", "two_x_of_a_male", "probable_in_mother", "probable_in_father")
_MOST = 'max(int(part.rpartition(":")[2]) for part in text.split(","))'  # caller:number,...
_DECODED = 'text.replace("%3D", "=")'  # of silent changes
_FIRST = 'int(text.split("/")[0].split("-")[0])'
_CONSENT = "v_germline_consent = consented"  # given to the generated function
_SPLIT = 'text.split(",")'
_PAIR = "may be half of a compound pair, its partner in trans or of unknown phase (INFO/PARTNERS, PARTNERS_UNPHASED)"
_TRANS = "half of a compound pair, its partner in trans (INFO/PARTNERS)"

# Variables that depend on the family: what an allele would be without them decides whether it may be a partner.
FAMILY_VARIABLES = frozenset(("modes", "inheritance", "labels", "compound", "in_trans"))


def _list(name: str, key: str, words: str, part: str, **more) -> Variable:
    """A list that is empty, not missing, where the field is absent."""
    start = len(key) + 2
    code = f'at = info.find(";{key}=")\n'
    code += f'v_{name} = info[at + {start} : info.find(";", at + {start})].split(",") if at >= 0 else []'
    return Variable(name, "list", f"{words} (INFO/{key})", code, (part,), nullable=False, **more)


def _gene_set(name: str, words: str, genes: str, part: str) -> Variable:
    # `genes` is a set given to the generated function.
    code = f'at = info.find(";GENE=")\nv_{name} = at >= 0 and info[at + 6 : info.find(";", at + 6)] in {genes}'
    return Variable(name, "yes/no", words, code, ("genes", part), nullable=False)


_SHARED = (
    column("chrom", "text", "chromosome", "chrom"),
    column("pos", "number", "position, 1-based", "int(pos)"),
    column("ref", "text", "reference allele", "ref"),
    column("alt", "text", "alternative allele", "alt"),
    info_field("population_af", "number", "POP_AF", "allele frequency in the population", "population"),
    info_field("clinvar", "text", "CLNSIG", "ClinVar significance", "clinvar"),
    info_field("clinvar_review", "text", "CLNREVSTAT", "ClinVar review status", "clinvar"),
    info_field("clinvar_oncogenicity", "text", "ONC", "ClinVar oncogenicity", "clinvar"),
    info_field("clinvar_somatic", "text", "SCI", "ClinVar somatic clinical impact, tier I to IV", "clinvar"),
    flag("hotspot", "HOTSPOT=", "exactly the allele of a known hotspot", "hotspots"),
    info_field("hotspot_name", "text", "HOTSPOT", "name of the hotspot allele", "hotspots"),
    flag("hotspot_position", "HOTSPOT_POSITION=", "changes a position of the hotspot list", "hotspots"),
    info_field("hotspot_position_name", "text", "HOTSPOT_POSITION", "name of the hotspot position", "hotspots"),
    flag("mask", "MASK;", "difficult region", "mask"),
    info_field("pon_count", "number", "PON_COUNT", "normals of the panel that carry the allele", "normals"),
    info_field("pon_total", "number", "PON_TOTAL", "normals in the panel", "normals"),
    info_field("pon_af", "number", "PON_AF", "median fraction in the carriers of the panel of normals", "normals"),
    info_field("pon_sd", "number", "PON_SD", "standard deviation of that fraction", "normals"),
    info_field(
        "pon_calls", "number", "PON_CALLERS", "normals in which one caller found the allele, at most", "normals", _MOST
    ),
    flag("whitelist", "WHITELIST;", "on the policy's list of variants to keep", "whitelist"),
    flag("target", "TARGET;", "inside the assay's targets", "targets"),
    info_field("gene", "text", "GENE", "gene of the chosen transcript", "genes"),
    info_field("consequence", "text", "CONSEQUENCE", "Sequence Ontology terms joined by &", "genes"),
    info_field("impact", "text", "IMPACT", "severity class", "genes", values=("HIGH", "MODERATE", "LOW", "MODIFIER")),
    info_field("exon", "number", "EXON", "number of the exon with the first changed base", "genes", _FIRST),
    info_field("intron", "number", "INTRON", "number of the intron with the first changed base", "genes", _FIRST),
    info_field("hgvsc", "text", "HGVSC", "coding change", "genes", _DECODED),
    info_field("hgvsp", "text", "HGVSP", "protein change", "genes", _DECODED),
    flag("functional_rna", "FUNCTIONAL_RNA=", "changes the RNA of a gene without protein that causes disease", "genes"),
    flag("frequency_exempt", "FREQUENCY_EXEMPT;", "listed as common although it causes disease", "genes"),
    info_field("modes", "list", "MODES", "possible modes of inheritance", "family", _SPLIT, values=_MODES),
    info_field("inheritance", "text", "INHERITANCE", "mode that is shown first", "family", values=_MODES),
    _list("labels", "LABELS", "what limits the modes", "family", values=_LABELS),
    Variable("compound", "yes/no", _PAIR, 'v_compound = ";PARTNERS" in info', ("genes", "family"), nullable=False),
    Variable("in_trans", "yes/no", _TRANS, 'v_in_trans = ";PARTNERS=" in info', ("genes", "family"), nullable=False),
    Variable(
        "germline_consent", "yes/no", "the patient agreed to be told of inherited variants", _CONSENT, nullable=False
    ),
    _gene_set("in_gene_list", "gene is on the assay's gene list", "listed_genes", "gene_list"),
)


@cache
def variables_of(variants: str) -> dict[str, Variable]:
    """Variables of a class of variants by name, its own first. Raises UnknownClass."""
    return {variable.name: variable for variable in (*door(variants, "variables").VARIABLES, *_SHARED)}
