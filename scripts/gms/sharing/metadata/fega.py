"""Sample and dataset tables for Federated EGA Sweden.

Fields and their order: fega.nbis.se, sample metadata; those with a star there are Alias, Subject ID, Biological Sex
(formerly Gender) and Phenotype. This metadata is public at EGA, so it holds pseudonyms and a disease but no age, date,
place or file. What is not known is written in the INSDC words for missing values.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from gms.sharing.decision.model import ORGANISATIONS
from gms.sharing.metadata.model import MetadataUnusable, PackageFacts, Person, people

SAMPLE_FIELDS = (
    "Alias",
    "Title",
    "Description",
    "Biological Sex",
    "Subject ID",
    "Phenotype",
    "BioSampleID",
    "Case Control",
    "Organism Part",
    "Cell Line",
)
SAMPLE_REQUIRED = ("Alias", "Biological Sex", "Subject ID", "Phenotype")
DATASET_FIELDS = ("Alias", "Title", "Description", "Dataset Type", "Policy", "Data Use", "Samples")
DATASET_REQUIRED = ("Alias", "Title", "Description", "Dataset Type", "Policy")
NOT_PROVIDED = "not provided"  # INSDC missing value reporting terms


def write_fega(plain: Path, facts: PackageFacts) -> None:
    """Write metadata/fega/sample.csv and dataset.csv. Raises MetadataUnusable where a starred field would be empty."""
    folder = plain / "metadata" / "fega"
    folder.mkdir(parents=True, exist_ok=True)
    shared = people(facts)
    samples = [_sample(person, facts) for person in shared]
    _write(folder / "sample.csv", SAMPLE_FIELDS, SAMPLE_REQUIRED, samples)
    _write(folder / "dataset.csv", DATASET_FIELDS, DATASET_REQUIRED, [_dataset(shared, facts)])


def _sample(person: Person, facts: PackageFacts) -> dict[str, str]:
    return {
        "Alias": person.sample,
        "Title": f"{person.member.role} sample",
        "Description": facts.assay["title"],
        "Biological Sex": person.member.sex or "unknown",
        "Subject ID": person.subject,
        "Phenotype": _phenotype(person),
        "Case Control": _case_control(person),
    }


def _phenotype(person: Person) -> str:
    if person.disease is None:
        return NOT_PROVIDED
    known = person.disease.label != person.disease.id
    return f"{person.disease.label} ({person.disease.id})" if known else person.disease.id


def _case_control(person: Person) -> str:
    if person.member.role in ("tumor", "proband") or person.affected:
        return "case"
    return "control" if person.member.role in ("normal", "control") or person.member.affected == "no" else "NA"


def _dataset(shared: Sequence[Person], facts: PackageFacts) -> dict[str, str]:
    study = facts.sharing.study
    return {
        "Alias": facts.case,
        "Title": study.title,
        "Description": f"{study.purpose} Ethics approval {study.ethics_approval}.",
        "Dataset Type": "; ".join(_types(facts)),
        "Policy": f"{study.id}, {ORGANISATIONS[study.disclosing_party]}",
        "Data Use": "; ".join(facts.sharing.data_use),
        "Samples": "; ".join(person.sample for person in shared),
    }


def _types(facts: PackageFacts) -> Iterable[str]:
    """EGA's dataset types: of the reads by assay, of the variants one for all."""
    if "reads" in facts.decision.categories:
        yield "Amplicon sequencing" if facts.assay["targets"] else "Whole genome sequencing"
    if facts.decision.categories & {"germline_variants", "somatic_variants"}:
        yield "Genomic variant calling"
    if facts.decision.categories == {"quality_metrics"}:
        yield "Study summary information"


def _write(path: Path, fields: Sequence[str], required: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    if empty := sorted({field for row in rows for field in required if not row.get(field)}):
        raise MetadataUnusable(f"{path.name} for FEGA lacks {', '.join(empty)}; complete the study in the sharing file")
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
