"""MultiQC tables of the verdicts and measures of all samples and cases."""

from pathlib import Path

from gms.base.json_tables import read_json, write_json
from gms.base.rule_log import rule_job
from gms.report.overview import cases_table, gates_table, metrics_table

with rule_job(snakemake):
    samples = [read_json(path) for path in snakemake.input.samples]
    cases = [read_json(path) for path in snakemake.input.cases]
    write_json(snakemake.output.cases, cases_table(cases, samples))
    write_json(snakemake.output.gates, gates_table(samples))
    write_json(snakemake.output.metrics, metrics_table(samples))
    files = [*snakemake.output[1:], *snakemake.params.others]
    Path(snakemake.output.files).write_text("".join(f"{file}\n" for file in files))
