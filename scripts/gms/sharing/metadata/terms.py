"""Ontology terms of the metadata, each from the list that its standard recommends, and the ontologies they are of.

Sex: Beacon v2 default model, individuals.sex (NCIT general qualifier). Samples: Beacon v2 biosampleStatus and
sampleOriginType; Phenopackets v2 Biosample.material_sample and sample_type (EFO, OBI). Zygosity: Beacon v2 zygosity
(GENO:0000391 and below). Origin of an allele: Beacon v2 alleleOrigin (SO:0001762 and below). Library: Beacon v2 runs.
"""

import functools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from gms.base.json_tables import read_table
from gms.base.project import PROJECT

SEQUENCE_ONTOLOGY = PROJECT / "resources" / "sequence_ontology.tsv"
# Labels of the Mondo Disease Ontology, the only texts said of a disease. Compare with a release before extending them.
DISEASE_LABELS = PROJECT / "resources" / "disease_labels.tsv"
ONTOLOGIES = PROJECT / "resources" / "ontologies.tsv"
NOT_RECORDED = "not recorded"
_CURIE = re.compile(r"[A-Za-z]\w*:[^/\s]+")


class Term(NamedTuple):
    """An ontology term: CURIE and label."""

    id: str
    label: str


class Resource(NamedTuple):
    """An ontology as Phenopackets' metaData.resources names it; `iri` and the local part of a CURIE make its IRI."""

    prefix: str
    id: str
    name: str
    url: str
    version: str
    iri: str


SEX = {
    "female": Term("NCIT:C16576", "female"),
    "male": Term("NCIT:C20197", "male"),
    "unknown": Term("NCIT:C17998", "unknown"),
}
UNKNOWN = Term("NCIT:C17998", "Unknown")

REFERENCE_SAMPLE = Term("EFO:0009654", "reference sample")
ABNORMAL_SAMPLE = Term("EFO:0009655", "abnormal sample")
NEOPLASTIC_SAMPLE = Term("EFO:0009656", "neoplastic sample")
SPECIMEN = Term("OBI:0001479", "specimen from organism")
GENOMIC_DNA = Term("EFO:0008479", "genomic DNA")
GENOMIC_SOURCE = Term("GENEPIO:0001966", "genomic source")
GENOTYPING = Term("OBI:0000070", "genotyping assay")
HUMAN = Term("NCBITaxon:9606", "Homo sapiens")

ZYGOSITY = {
    "heterozygous": Term("GENO:0000135", "heterozygous"),
    "homozygous": Term("GENO:0000136", "homozygous"),
    "hemizygous": Term("GENO:0000134", "hemizygous"),
    "homoplasmic": Term("GENO:0000602", "homoplasmic"),
    "heteroplasmic": Term("GENO:0000603", "heteroplasmic"),
}
SOMATIC = Term("SO:0001777", "somatic variant")
GERMLINE = Term("SO:0001778", "germline variant")


def status(role: str, affected: bool) -> Term:
    """Whether a sample is a neoplasm, of an affected person, or one to compare with."""
    if role == "tumor":
        return NEOPLASTIC_SAMPLE
    return ABNORMAL_SAMPLE if affected else REFERENCE_SAMPLE


@functools.cache
def _disease_labels() -> dict[str, str]:
    return {row["id"]: row["label"] for row in read_table(DISEASE_LABELS)}


def disease(identifier: str) -> Term:
    """The term of a disease with the ontology's own label, or its id where the list has none.

    What a person wrote as a label never leaves: no pattern distinguishes a name from a disease.
    """
    return Term(identifier, _disease_labels().get(identifier, identifier))


@functools.cache
def sequence_ontology() -> dict[str, str]:
    """Sequence Ontology ids by the consequence words of snpEff and VEP."""
    return {row["term"]: row["id"] for row in read_table(SEQUENCE_ONTOLOGY)}


def consequences(words: str) -> list[Term]:
    """Terms of consequences joined by '&'; a word without a term is left out."""
    known = sequence_ontology()
    return [Term(known[word], word) for word in words.split("&") if word in known]


@functools.cache
def resources() -> dict[str, Resource]:
    """Ontologies by the prefix of their CURIEs.

    The version is the release that the examples of Phenopackets v2 and GENO's users cite for the terms above; of
    terms that the centre's own tables use, nobody says from which release they were taken.
    """
    rows = [Resource(**row) for row in read_table(ONTOLOGIES)]
    return {row.prefix: row if row.version else row._replace(version=NOT_RECORDED) for row in rows}


def curies(content: Any) -> Iterator[str]:
    """Every CURIE that is the 'id' of an object within JSON content."""
    if isinstance(content, dict):
        identifier = content.get("id")
        if isinstance(identifier, str) and _CURIE.fullmatch(identifier):
            yield identifier
        content = list(content.values())
    if isinstance(content, list):
        for item in content:
            yield from curies(item)
