"""What is known about each allele of a case, in plain INFO fields."""

from collections import Counter
from pathlib import Path

from gms.annotation.annotate import annotate, load_knowledge
from gms.annotation.commands import TAKEN, counting, looked_up, members_of, present_parts
from gms.base.rule_log import rule_job
from gms.filtering.other_class import large_deletions, large_files
from gms.genome.known_parts import with_known_parts
from gms.genome.vcf import check_records, write_vcf
from gms.normals.members import read_members, without_own

with rule_job(snakemake):
    inputs, known = snakemake.input, Counter()
    others = ("large", "large_policies", "quality")
    files = {name: str(path) for name, path in inputs.items() if path and name not in others}
    members = members_of(snakemake.params.members, inputs.quality)
    deletions = large_deletions(large_files(inputs, snakemake.params), snakemake.params.roles)
    knowledge = load_knowledge(files, members, present_parts(files, members))._replace(deletions=deletions)
    with looked_up(files, snakemake.resources.tmpdir, Path(snakemake.log[0])) as records:
        lines = annotate(counting(records, known), knowledge)
        if "normals" in files and (normals := read_members(Path(files["normals"]))).get("by_genotype"):
            lines = without_own(lines, normals["members"])
        write_vcf(with_known_parts(lines), Path(snakemake.output.vcf))
    print("\n".join(f"{part}: {known[part]} of {known['']} alleles" for part in TAKEN if part in files))
    check_records(Path(inputs.vcf), Path(snakemake.output.vcf))
