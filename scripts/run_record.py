"""run.json: versions and digests of everything the results of this run rest on."""

from gms.base.json_tables import write_json
from gms.base.rule_log import logged
from gms.report.run_record import run_record

with logged(snakemake.log[0]):
    write_json(snakemake.output[0], run_record(snakemake.params.run, snakemake.input.fai))
