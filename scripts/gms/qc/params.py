"""Plain facts of samples, cases and assays that the QC, report and export rules hand to their scripts."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gms.inputs.row_files import starts_from_vcf
from gms.inputs.run_model import Assay, Case, Sample


def sample_params(sample: Sample) -> dict[str, Any]:
    """What the QC record of a sample says about it, and what decides which of its gates apply."""
    names = {"sample": sample.name, "case": sample.case, "role": sample.role, "assay": sample.assay}
    return names | {"sex": sample.sex, "lanes": 1 if sample.umi else len(sample.lanes), "umi": sample.umi}


def measure_params(assay: Assay) -> dict[str, Any]:
    """How the reads of a sample of the assay are measured."""
    return {"targeted": assay.targets is not None, "rna": "rna" in assay.callers, "amplicon": assay.amplicon}


def gate_params(assay: Assay) -> list[dict[str, Any]]:
    """The assay's gates, in its order."""
    return [asdict(gate) for gate in assay.gates]


def pair_of(case: Case) -> list[str]:
    """Tumour and normal of a case from reads that has one of each; else nothing."""
    tumors, normals = ([s.name for s in case.samples if s.role == role] for role in ("tumor", "normal"))
    return [*tumors, *normals] if len(tumors) == len(normals) == 1 and not starts_from_vcf(case) else []


def pair_vcf(case: Case) -> list[str]:
    """The annotated VCF of a case that is a pair of tumour and normal."""
    return [f"annotated/{case.name}.vcf.gz"] if pair_of(case) else []


def expected_of(case: Case, assays: Mapping[str, Assay]) -> Path | None:
    """The variants that the case is known to have: a control of an assay with a list of them; else None."""
    return assays[case.assay].expected if case.index.role == "control" else None


def case_roles(case: Case) -> dict[str, str]:
    """Sample -> role, index first."""
    return {sample.name: sample.role for sample in case.samples}
