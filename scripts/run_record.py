"""run.json: versions and digests of everything the results of this run rest on."""

from gms.base.json_tables import write_json
from gms.base.rule_log import rule_job
from gms.preflight.places_twice import has_false_duplications, has_regions_twice
from gms.report.run_record import run_record

with rule_job(snakemake):
    fai = snakemake.input.fai
    known = {"pseudoautosomal_twice": has_regions_twice, "false_duplications": has_false_duplications}
    twice = [code for code, is_there in known.items() if is_there(fai)]
    write_json(snakemake.output[0], run_record(snakemake.params.run, fai, twice))
