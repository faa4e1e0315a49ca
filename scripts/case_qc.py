"""Relations between the samples of a case, the variants of a control, their gates, and the verdict of the case."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from gms.base.json_tables import read_json, write_json
from gms.base.problems import Findings
from gms.base.rule_log import rule_job
from gms.filtering.control_variants import control_metrics, control_variants, read_expected
from gms.genome.intervals import read_targets
from gms.genome.vcf import open_vcf
from gms.preflight.reference_bases import ReferenceBases
from gms.qc.fingerprint import read_fingerprint
from gms.qc.pairs import pair_metrics, read_alleles
from gms.qc.records import case_record
from gms.qc.relations import case_metrics


def read_lines(vcf: str) -> Iterator[str]:
    """Lines of a VCF."""
    with open_vcf(Path(vcf)) as lines:
        yield from lines


with rule_job(snakemake):
    roles = snakemake.params.roles
    fingerprints = [read_fingerprint(path) for path in snakemake.input.fingerprints]
    metrics = case_metrics(roles, dict(zip(roles, fingerprints, strict=True)))
    for vcf in snakemake.input.pair:
        with open_vcf(Path(vcf)) as lines:
            metrics |= pair_metrics(read_alleles(lines, *snakemake.params.pair))
    control = {}
    if snakemake.input.control:
        findings = Findings()
        bases = ReferenceBases(Path(snakemake.input.fasta))
        listed = read_expected(Path(snakemake.input.expected), bases, findings)
        findings.raise_if_any()
        targets = read_targets(snakemake.input.targets) if snakemake.input.targets else None
        with open_vcf(Path(snakemake.input.control)) as lines:
            large = chain.from_iterable(map(read_lines, snakemake.input.events))
            control = {"control": control_variants(lines, next(iter(roles)), listed, targets, large)}
        metrics |= control_metrics(control["control"])
    samples = [read_json(path) for path in snakemake.input.samples]
    record = case_record(snakemake.wildcards.case, snakemake.params.assay, metrics, snakemake.params.gates, samples)
    write_json(snakemake.output[0], record | control)
