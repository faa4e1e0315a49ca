"""The QC record of a sample and of a case: metrics, gates, verdict."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gms.inputs.metrics import MOLECULE_METRICS, OF_DNA, SAMPLE_METRICS
from gms.qc import coverage, gates, relations
from gms.qc.callability import Gene
from gms.qc.contamination import contamination
from gms.qc.fingerprint import Fingerprint
from gms.qc.measure import fraction

# As GMS560 looks at.
HOUSEKEEPING = ("GAPDH", "GUSB", "OAZ1", "POLR2A")


def coverage_of(prefix: str, bases: Path | str, fasta: Path | str, targeted: bool) -> dict[str, Any]:
    """Coverage metrics from mosdepth's files at `prefix`: over the targets, else over the genome."""
    summary = coverage.read_summary(f"{prefix}.mosdepth.summary.txt")
    if targeted:
        curve = coverage.read_distribution(f"{prefix}.mosdepth.region.dist.txt").get("total", {})
        measured = coverage.coverage_metrics(curve, coverage.mean_depth(summary, "total_region"))
        return measured | coverage.dropout_metrics(f"{prefix}.regions.bed.gz", fasta)
    known = coverage.read_bases(bases)
    curve = coverage.genome_curve(coverage.read_distribution(f"{prefix}.mosdepth.global.dist.txt"), known)
    return coverage.coverage_metrics(curve, coverage.genome_mean(summary, known))


def sex_of(prefix: str, bases: Path | str, stated: str, targeted: bool) -> dict[str, Any]:
    """Sex inferred from coverage, and whether the sheet agrees; copies of X and Y, which targets do not tell."""
    known = coverage.read_bases(bases)
    measured = coverage.region_contigs(f"{prefix}.regions.bed.gz") if targeted else known
    summary = coverage.read_summary(f"{prefix}.mosdepth.summary.txt")
    inferred = coverage.infer_sex(*coverage.sex_depths(summary, measured, targeted))
    copies = (None, None) if targeted else coverage.sex_copies(summary, known)
    metrics = {"sex_inferred": inferred, "sex_matches": coverage.sex_matches(inferred, stated)}
    return metrics | {
        "copies_x": copies[0],
        "copies_y": copies[1],
        "sex_chromosomes": coverage.sex_chromosomes(*copies),
    }


def identity_of(fingerprint: Fingerprint) -> dict[str, Any]:
    """Contamination and lane concordance."""
    return {
        "contamination": contamination(fingerprint),
        "lane_concordance": relations.lane_concordance(fingerprint),
    }


def are_duplicates_marked(how: Mapping[str, Any], counts: Mapping[str, Any]) -> bool:
    """Whether the alignment marks duplicates: neither of amplicons (`how`: measure_params), whose fragments have the
    same ends, nor of molecules by UMIs (`counts`: alignment/{sample}.reads.json)."""
    return not (how["amplicon"] or "molecules" in counts)


def molecules_of(counts: Mapping[str, Any] | None) -> dict[str, Any]:
    """Metrics of molecules from what alignment/{sample}.reads.json has under `molecules`; none where it has nothing."""
    if not counts:
        return {}
    families, pairs = counts["families"], counts["pairs"]
    used = pairs - sum(counts["pairs_left_out"].values())
    return {
        "molecules": families,
        "pairs_per_molecule": round(used / families, 3) if families else None,
        "duplex_fraction": fraction(counts["duplex_families"], families),
        "consensus_fraction": fraction(counts["consensus_pairs"], families),
        "pairs_in_molecules": fraction(used, pairs),
    }


def of_rna(metrics: Mapping[str, Any], genes: Iterable[Gene]) -> dict[str, Any]:
    """Metrics of RNA: without those that ask for even amounts of both alleles and of all chromosomes, with the mean
    depth of the least covered gene of HOUSEKEEPING, None where none of them is a target."""
    depths = [gene.mean_depth for gene in genes if gene.gene in HOUSEKEEPING]
    return {**metrics, **dict.fromkeys(OF_DNA), "housekeeping_depth": min(depths, default=None)}


def facts_of(counts: Mapping[str, Any]) -> dict[str, Any]:
    """What the record says besides metrics: of UMIs what became of pairs, and sizes of families (`molecules`); whether
    a file of reads names another sample in its header (`named_otherwise`)."""
    return {key: counts[key] for key in ("molecules", "named_otherwise") if key in counts}


def sample_record(sample: Mapping[str, str], metrics: Mapping[str, Any], limits: Iterable[Mapping[str, Any]]) -> dict:
    """qc/{sample}.qc.json: `sample` is `sample_params`; metrics in one fixed order."""
    ordered = {name: metrics.get(name) for name in SAMPLE_METRICS}
    applicable = {name: value for name, value in ordered.items() if applies(name, metrics, sample)}
    verdicts = gates.evaluate(applicable, limits, sample["role"])
    identity = {key: sample[key] for key in ("sample", "case", "role", "assay")}
    return identity | {
        "metrics": ordered,
        "gates": verdicts,
        "verdict": gates.worst(gate["verdict"] for gate in verdicts),
    }


def unmeasured_record(sample: Mapping[str, str], limits: Iterable[Mapping[str, Any]]) -> dict:
    """qc/{sample}.qc.json of a sample without reads: no metric was measured, and nothing passes for want of a gate."""
    record = sample_record(sample, {}, limits)
    return record | {"verdict": gates.worst([record["verdict"], "not_assessed"]), "start": "vcf"}


def applies(metric: str, metrics: Mapping[str, Any], sample: Mapping[str, Any]) -> bool:
    """Whether there is something to compare: UMIs; more lanes than one, in the sheet or a BAM file, which a consensus
    joins; a sex in the sheet, unless none was measured."""
    if metric in MOLECULE_METRICS:
        return bool(sample.get("umi"))
    if metric in OF_DNA and "housekeeping_depth" in metrics:
        return False
    if metric == "lane_concordance":
        return sample["lanes"] > 1 or metrics.get(metric) is not None
    if metric == "sex_matches":
        return sample["sex"] != "unknown" or metrics.get("sex_inferred") in (None, "unknown")
    return True


def case_record(case: str, assay: str, metrics: Mapping, limits: Iterable[Mapping], samples: Iterable[Mapping]) -> dict:
    """qc/{case}.case.json: measures of the case, their gates, and the worst verdict of these and of the samples."""
    samples = list(samples)
    verdicts = gates.evaluate(metrics, limits, None, {sample["sample"]: sample["role"] for sample in samples})
    worst = gates.worst([gate["verdict"] for gate in verdicts] + [sample["verdict"] for sample in samples])
    return {"case": case, "assay": assay, "metrics": dict(metrics), "gates": verdicts, "verdict": worst}
