"""Repeats of the catalogue in a case, and what the reads show of each of them."""

from pathlib import Path

from gms.base.json_tables import write_json
from gms.base.rule_log import rule_job
from gms.families.info_fields import certain_deletions
from gms.genome.vcf import write_vcf
from gms.normals.members import member
from gms.qc.coverage import measured_by, measured_chromosomes
from gms.variants.repeats.calls import Lost, Sample, Sources, call_repeats
from gms.variants.repeats.normals import read_normals

with rule_job(snakemake):
    inputs = snakemake.input
    names, stated = zip(*snakemake.params.samples, strict=True)
    sexes = measured_by(measured_chromosomes, stated, inputs.quality)
    normals = read_normals(Path(inputs.normals)) if inputs.normals else None
    members = normals.facts["members"] if normals else ()
    deletions = [one for path in inputs.deletions for one in certain_deletions(Path(path))]
    lost = [tuple(Lost(*one) for number, *one in deletions if number == column) for column in range(len(names))]
    samples = [Sample(one, sex, member(one) in members, own) for one, sex, own in zip(names, sexes, lost, strict=True)]
    sources = Sources(Path(inputs.fasta), Path(inputs.catalogue), [Path(path) for path in inputs.crams], normals)
    lines, facts = call_repeats(sources, samples)
    write_vcf(lines, Path(snakemake.output.vcf))
    write_json(snakemake.output.facts, {"case": snakemake.wildcards.case, **facts})
