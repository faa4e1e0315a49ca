"""Verdicts and metrics of all samples and cases, as tables for MultiQC and as lists."""

from pathlib import Path

from gms.base.json_tables import read_json, write_json, write_table
from gms.base.rule_log import rule_job
from gms.report.overview import cases_table, gates_list, gates_table, metrics_table, samples_list, viral_table

with rule_job(snakemake):
    output = snakemake.output
    samples = [read_json(path) for path in snakemake.input.samples]
    cases = [read_json(path) for path in snakemake.input.cases]
    viral = [sample for path in snakemake.input.plates for sample in read_json(path)["samples"]]
    write_json(output.cases, cases_table(cases, samples))
    write_json(output.gates, gates_table([*samples, *viral]))
    write_json(output.metrics, metrics_table(samples))
    write_json(output.viral, viral_table(viral))
    write_table(output.sample_list, *samples_list([*samples, *viral]))
    write_table(output.gate_list, *gates_list(cases, [*samples, *viral]))
    # MultiQC stops at a table without rows.
    shown = {output.cases: cases, output.gates: [*samples, *viral], output.metrics: samples, output.viral: viral}
    files = [*(path for path, rows in shown.items() if rows), *snakemake.params.others]
    Path(output.files).write_text("".join(f"{file}\n" for file in files))
