"""Reads of a viral sample that may leave, and the share of human ones."""

from pathlib import Path

from gms.base.json_tables import write_json
from gms.base.rule_log import rule_job
from gms.viral.handover.human_reads import human_scores, virus_scores, write_kept

with rule_job(snakemake):
    inputs, output, lanes = snakemake.input, snakemake.output, snakemake.params.lanes
    log = Path(snakemake.log[0])
    human = human_scores(snakemake.params.index, lanes, snakemake.threads, snakemake.wildcards.sample, log)
    counts = write_kept(lanes, virus_scores(Path(inputs.bam)), human, (Path(output.one), Path(output.two)))
    write_json(output.qc, counts._asdict() | {"human_fraction": counts.human_fraction})
