"""run.json: versions and digests of everything the results of this run rest on."""

from gms.base.json_tables import write_json
from gms.base.rule_log import rule_job
from gms.preflight.pseudoautosomal import has_regions_twice
from gms.report.run_record import run_record

with rule_job(snakemake):
    fai = snakemake.input.fai
    write_json(snakemake.output[0], run_record(snakemake.params.run, fai, has_regions_twice(fai)))
