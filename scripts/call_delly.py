"""Structural variants by delly, of all samples of a case together: its junctions as the callers' VCF of the class."""

from pathlib import Path
from tempfile import TemporaryDirectory

from gms.base.rule_log import rule_job
from gms.genome.intervals import read_contigs
from gms.genome.vcf import write_vcf
from gms.variants.structural.calls import contract_lines
from gms.variants.structural.commands import delly_lines

with (
    rule_job(snakemake),
    TemporaryDirectory(dir=snakemake.resources.tmpdir) as work,
    open(snakemake.log[0], "a") as log,
):
    fasta, crams = str(snakemake.input.fasta), [str(path) for path in snakemake.input.crams]
    lines = delly_lines(fasta, crams, Path(work), log, snakemake.threads)
    contigs = read_contigs(Path(f"{fasta}.fai"))
    write_vcf(contract_lines("delly", lines, contigs), Path(snakemake.output.vcf))
