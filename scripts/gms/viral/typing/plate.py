"""qc/plates/{plate}.json: the samples of a plate looked at together, typed, and the verdicts."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from gms.inputs.metrics import VIRAL_METRICS
from gms.qc import gates
from gms.viral.checks.sources import shared_second_bases, sources_of
from gms.viral.typing.lineages import clade, lineage
from gms.viral.typing.marks import Definition, projected, typed


class Knowledge(NamedTuple):
    """What samples are typed with; absent tables are None. `genes`: parts of each gene, 0-based half-open."""

    genome: str
    genes: Mapping[str, Sequence[tuple[int, int]]]
    marks: Sequence[Definition] | None = None
    pangolin: Mapping[str, Mapping[str, str]] | None = None
    nextclade: Mapping[str, Mapping[str, str]] | None = None
    nextclade_versions: Mapping[str, str] = MappingProxyType({})


def plate_record(
    plate: Mapping[str, Any],
    records: Sequence[Mapping[str, Any]],
    human: Mapping[str, float],
    limits: Sequence[Mapping[str, Any]],
    known: Knowledge,
) -> dict[str, Any]:
    """The record of a plate; `plate` names it and its assay, `human` has the fraction of human reads by sample."""
    isolates = [record for record in records if record["role"] == "isolate"]
    shared = shared_second_bases(records)
    samples = []
    for record in records:
        others = [one for one in isolates if one["sample"] != record["sample"]]
        samples.append(_typed(record, sources_of(record, others), shared[record["sample"]], known))
    controls = [_judged(one, limits, human, None) for one in samples if one["role"] == "control"]
    empty = all(one["verdict"] != "fail" for one in controls) if controls else None
    judged = {one["sample"]: one for one in controls}
    judged |= {one["sample"]: _judged(one, limits, human, empty) for one in samples if one["role"] == "isolate"}
    return {
        **plate,
        "verdict": gates.worst(one["verdict"] for one in controls) if controls else "not_assessed",
        "why": _why(controls),
        "samples": [judged[record["sample"]] for record in records],
    }


def _why(controls: Sequence[Mapping[str, Any]]) -> str:
    """The verdict of a plate in words."""
    if not controls:
        return "No negative control: whether the plate is clean is not known."
    failed = [one["sample"] for one in controls if one["verdict"] == "fail"]
    if failed:
        return f"Negative control {', '.join(failed)} holds virus: every sample of the plate is in doubt."
    return (
        "Negative controls are empty."
        if all(c["verdict"] == "pass" for c in controls)
        else ("Negative controls hold some reads of the virus, or could not be assessed.")
    )


def _typed(record: Mapping[str, Any], sources: list, shared: list, known: Knowledge) -> dict[str, Any]:
    """A record with lineage, marks of lineages, sources of second bases, and whether it is a mixture."""
    name = record["sample"]
    found = {
        "lineage": lineage(name, known.pangolin),
        "clade": clade(name, known.nextclade, known.nextclade_versions),
    }
    main, second = (
        typed(projected(record, known.genome, minor), known.marks or (), known.genome, known.genes)
        for minor in (False, True)
    )
    names = {one["lineage"] for one in main}
    other = [one for one in second if one["lineage"] not in names]
    excess = record["second_bases_excess"]
    metrics = {
        "mixed": True if sources or other else excess,
        "swapped_index": bool(sources or shared) if excess is not None or sources or shared else None,
    }
    typing = {"marks": main if known.marks is not None else None, "second_marks": other}
    return {**record, **found, **typing, "sources": sources, "shared": shared, "metrics": record["metrics"] | metrics}


def _judged(
    record: Mapping[str, Any], limits: Sequence[Mapping], human: Mapping[str, float], empty: bool | None
) -> dict[str, Any]:
    """The record with its gates. A plate without controls has no gate on them, nor a run without a human reference one
    on human reads: nothing was asked."""
    metrics = dict(record["metrics"])
    if record["sample"] in human:
        metrics["human_fraction"] = human[record["sample"]]
    if empty is not None:
        metrics["controls_empty"] = empty
    ordered = {name: metrics[name] for name in VIRAL_METRICS if name in metrics}
    verdicts = gates.evaluate(ordered, limits, record["role"])
    return {**record, "metrics": ordered, "gates": verdicts, "verdict": gates.worst(one["verdict"] for one in verdicts)}
