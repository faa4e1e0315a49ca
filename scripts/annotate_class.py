"""What is known about each variant of a class besides the small ones, in plain INFO fields."""

from pathlib import Path

from gms.annotation.annotate import FAMILY, annotate, load_knowledge
from gms.annotation.commands import looked_up, members_of, present_parts, with_own_fields
from gms.base.rule_log import rule_job
from gms.fusions.expected import read_expected
from gms.fusions.names import with_fusions
from gms.genome.vcf import check_records, write_vcf

with rule_job(snakemake):
    inputs, params, variants = snakemake.input, snakemake.params, snakemake.wildcards.variants
    shared = ("vcf", "fasta", "transcripts", "population", "clinvar")
    files = {name: str(path) for name, path in inputs.items() if path and name in shared}
    members = members_of(params.members, inputs.quality)
    knowledge = load_knowledge(files, members, present_parts(files, members))
    normals = str(inputs.normals) if inputs.normals else None
    with looked_up(files, snakemake.resources.tmpdir, Path(snakemake.log[0])) as records:
        lines = with_own_fields(annotate(records, knowledge), variants, knowledge, params.parts[variants], normals)
        if variants == "structural":
            lines = with_fusions(lines, knowledge.transcripts, read_expected(), FAMILY not in knowledge.parts)
        write_vcf(lines, Path(snakemake.output.vcf))
    check_records(Path(inputs.vcf), Path(snakemake.output.vcf))
