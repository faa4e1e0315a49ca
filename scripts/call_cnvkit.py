"""Copy number of the index sample of a case against normals of its assay, and what could be seen."""

from pathlib import Path

from gms.base.json_tables import read_json, write_json
from gms.base.rule_log import rule_job
from gms.genome.intervals import read_contigs
from gms.genome.vcf import header_lines, write_vcf
from gms.variants.copy_number.header import HEADER
from gms.variants.panel_copies.sample import Asked, call_copies, sex_of

with rule_job(snakemake):
    inputs = snakemake.input
    name, registered, purity = snakemake.params.sample
    sex = sex_of(registered, [read_json(path) for path in inputs.quality])
    asked = Asked(name, sex, purity, snakemake.params.method)
    records, facts = call_copies(
        list(map(Path, inputs.crams)), Path(inputs.fasta), Path(inputs.reference), asked, snakemake.threads
    )
    header = header_lines(read_contigs(f"{inputs.fasta}.fai"), HEADER, [name])
    write_vcf([*header, *records], Path(snakemake.output.vcf))
    write_json(snakemake.output.facts, {"case": snakemake.wildcards.case, **facts})
