"""What is known about each allele of a case, in plain INFO fields."""

import os
from collections import Counter
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory

from gms.annotation.annotate import annotate, load_knowledge
from gms.annotation.commands import (
    TAKEN,
    counting,
    defined_fields,
    knowledge_commands,
    members_of,
    near_alleles,
    present_parts,
)
from gms.base.errors import GmsError
from gms.base.rule_log import rule_job
from gms.base.whole_files import require_whole
from gms.filtering.other_class import large_deletions, large_files
from gms.genome.known_parts import with_known_parts
from gms.genome.vcf import check_records, open_vcf, write_vcf
from gms.normals.members import read_members, without_own

with rule_job(snakemake):
    files = {name: str(path) for name, path in snakemake.input.items() if path}
    for name in ("large", "large_policies", "quality"):
        files.pop(name, None)
    large = large_files(snakemake.input, snakemake.params)
    members = members_of(snakemake.params.members, snakemake.input.quality)
    parts = present_parts(files, members)
    with (
        TemporaryDirectory(dir=snakemake.resources.tmpdir) as work,
        open(snakemake.log[0], "a") as log,
    ):
        knowledge = load_knowledge(files, members, parts)
        knowledge = knowledge._replace(deletions=large_deletions(large, snakemake.params.roles))
        with open_vcf(Path(files["vcf"])) as records:
            (Path(work) / "near.bed").write_text("".join(near_alleles(records, next(iter(knowledge.bases.lengths)))))
        command = ["bash", "-c", f"set -euo pipefail; {knowledge_commands(files, defined_fields(files))}"]
        with Popen(command, stdout=PIPE, stderr=log, text=True, env={**os.environ, "work": work}) as stream:
            known = Counter()
            lines = annotate(counting(stream.stdout, known), knowledge)
            if "normals" in files and (normals := read_members(Path(files["normals"]))).get("by_genotype"):
                lines = without_own(lines, normals["members"])
            write_vcf(with_known_parts(lines), Path(snakemake.output.vcf))
        if stream.returncode:
            raise GmsError(f"annotation ended with exit code {stream.returncode}; its tools' messages are above")
        for step in Path(work).glob("*.bcf"):
            require_whole(step)
    print("\n".join(f"{part}: {known[part]} of {known['']} alleles" for part in TAKEN if part in files))
    check_records(Path(snakemake.input.vcf), Path(snakemake.output.vcf))
