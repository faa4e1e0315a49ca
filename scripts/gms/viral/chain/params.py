"""Plain facts of viral samples and assays that the rules hand to their scripts."""

from typing import Any

from gms.inputs.requests import optional_input
from gms.inputs.run_model import Plate, Sample, ViralAssay


def lane_files(sample: Sample) -> list[str]:
    """The FASTQ files of a sample, those that are there."""
    return [str(path) for lane in sample.lanes for path in (lane.fastq_1, lane.fastq_2) if optional_input(path)]


def sample_params(sample: Sample) -> dict[str, str]:
    """What the record of a sample says about it."""
    return {key: getattr(sample, "name" if key == "sample" else key) for key in _FACTS}


_FACTS = ("sample", "case", "role", "assay", "plate", "well", "scheme")


def reference_params(assay: ViralAssay) -> dict[str, Any]:
    """The files that the reference of a virus is made from."""
    return {
        "genome": str(assay.genome),
        "genes": str(assay.genes) if assay.genes else None,
        "schemes": {name: str(path) for name, path in assay.schemes.items()},
        "aliases": list(assay.aliases),
    }


def plate_params(plate: Plate, assay: ViralAssay) -> dict[str, Any]:
    """What the record of a plate says about it."""
    facts = {"plate": plate.name, "assay": assay.name, "title": assay.title, "version": assay.version}
    return facts | {"virus": assay.virus, "rules": dict(assay.rules), "schemes": list(assay.schemes)}
