"""Plain facts of a case that the report rule hands to its script."""

from typing import Any

from gms.inputs.run_model import Assay, Case


def case_params(case: Case, assay: Assay) -> dict[str, Any]:
    """What the report says was asked: case, assay and samples, index first; nothing but the sheet's own ids."""
    samples = [
        {
            "sample": s.name,
            "role": s.role,
            "sex": s.sex,
            "affected": s.affected,
            "purity": s.purity,
            "accession": s.accession or None,
            "received": s.received or None,
        }
        for s in case.samples
    ]
    return {
        "case": case.name,
        "assay": case.assay,
        "kind": assay.kind,
        "callable_depth": assay.callable_depth,
        "gene_list": case.gene_list.name if case.gene_list else None,
        "samples": samples,
    }
