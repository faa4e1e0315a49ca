"""What is known about each variant of a class besides the small ones, in plain INFO fields."""

import os
from collections import Counter
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory

from gms.annotation.annotate import FAMILY, annotate, load_knowledge
from gms.annotation.class_fields import (
    CHANGES_GENES,
    FREQUENCIES,
    with_class_fields,
    with_normals,
    with_repeat_fields,
    with_structural_fields,
)
from gms.annotation.commands import (
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
from gms.families.mitochondrial_events import with_mitochondrial_events
from gms.fusions.expected import read_expected
from gms.fusions.names import with_fusions
from gms.genome.vcf import check_records, open_vcf, write_vcf
from gms.variants.mitochondrial.facts import known_alleles, mitochondrial_contig

with rule_job(snakemake):
    shared = ("vcf", "fasta", "transcripts", "population", "clinvar")
    files = {name: str(path) for name, path in snakemake.input.items() if path and name in shared}
    members = members_of(snakemake.params.members, snakemake.input.quality)
    parts = present_parts(files, members)
    own = {part: path for part, path in snakemake.params.parts[snakemake.wildcards.variants].items() if path}
    with TemporaryDirectory(dir=snakemake.resources.tmpdir) as work, open(snakemake.log[0], "a") as log:
        knowledge = load_knowledge(files, members, parts)
        with open_vcf(Path(files["vcf"])) as records:
            (Path(work) / "near.bed").write_text("".join(near_alleles(records, next(iter(knowledge.bases.lengths)))))
        command = ["bash", "-c", f"set -euo pipefail; {knowledge_commands(files, defined_fields(files))}"]
        with Popen(command, stdout=PIPE, stderr=log, text=True, env={**os.environ, "work": work}) as stream:
            lines = annotate(counting(stream.stdout, Counter()), knowledge)
            if snakemake.wildcards.variants in CHANGES_GENES:
                lines = with_structural_fields(lines, knowledge, own.get(FREQUENCIES))
                if snakemake.input.normals:
                    lines = with_normals(lines, str(snakemake.input.normals))
                if snakemake.wildcards.variants == "structural":
                    lines = with_fusions(lines, knowledge.transcripts, read_expected(), FAMILY not in parts)
            else:
                contig = mitochondrial_contig(knowledge.bases.lengths)
                mitochondrion = (
                    knowledge.bases.bases(contig, True, 0, knowledge.bases.lengths[contig]) if contig else ""
                )
                lines = with_class_fields(lines, known_alleles(own, mitochondrion), own)
                if snakemake.wildcards.variants == "repeats" and FAMILY in parts:
                    lines = with_repeat_fields(lines, members, knowledge.transcripts is not None)
                elif FAMILY in parts:
                    lines = with_mitochondrial_events(lines, members, knowledge.facts.accessions)
            write_vcf(lines, Path(snakemake.output.vcf))
        if stream.returncode:
            raise GmsError(f"annotation ended with exit code {stream.returncode}; its tools' messages are above")
        for step in Path(work).glob("*.bcf"):
            require_whole(step)
    check_records(Path(snakemake.input.vcf), Path(snakemake.output.vcf))
