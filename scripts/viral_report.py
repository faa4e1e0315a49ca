"""The pages of a plate and of its samples."""

import datetime
from pathlib import Path

from gms.base.json_tables import read_json
from gms.base.project import PROJECT, workflow_version
from gms.base.rule_log import rule_job
from gms.viral.chain.reference import read_genome
from gms.viral.report.pages import write_pages

with rule_job(snakemake):
    inputs = snakemake.input
    made = {"made": datetime.date.today().isoformat(), "version": workflow_version(PROJECT)}
    earlier = [read_json(path) for path in inputs.earlier]
    length = len(read_genome(Path(inputs.genome))[1])
    write_pages(Path(snakemake.output[0]).parent, read_json(inputs.plate), length, earlier, made)
