"""run.json: versions and digests of everything the results of this run rest on."""

from gms.files import write_json
from gms.job import logged
from gms.provenance import run_record

with logged(snakemake.log[0]):
    write_json(snakemake.output[0], run_record(snakemake.params.run, snakemake.input.fai))
