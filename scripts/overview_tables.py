"""Verdicts and metrics of all samples and cases, as tables for MultiQC and as lists."""

from pathlib import Path

from gms.base.json_tables import read_json, write_json
from gms.base.rule_log import rule_job
from gms.report.overview import cases_table, gates_list, gates_table, metrics_table, samples_list

with rule_job(snakemake):
    samples = [read_json(path) for path in snakemake.input.samples]
    cases = [read_json(path) for path in snakemake.input.cases]
    write_json(snakemake.output.cases, cases_table(cases, samples))
    write_json(snakemake.output.gates, gates_table(samples))
    write_json(snakemake.output.metrics, metrics_table(samples))
    samples_list(samples).to_csv(snakemake.output.sample_list, sep="\t", index=False)
    gates_list(cases, samples).to_csv(snakemake.output.gate_list, sep="\t", index=False)
    files = [snakemake.output.cases, snakemake.output.gates, snakemake.output.metrics, *snakemake.params.others]
    Path(snakemake.output.files).write_text("".join(f"{file}\n" for file in files))
