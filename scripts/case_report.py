"""The report of a case: one HTML file."""

from pathlib import Path

from gms.base.json_tables import read_json, read_table
from gms.base.rule_log import logged
from gms.filtering.policy import load_policy
from gms.report.content import CaseResults, report_content
from gms.report.render import render
from gms.report.variants import read_filtered

with logged(snakemake.log[0]):
    inputs = snakemake.input
    results = CaseResults(
        case=snakemake.params.case,
        filtered=read_filtered(inputs.vcf),
        policy=load_policy(Path(inputs.policy)),
        samples=[read_json(path) for path in inputs.samples],
        relations=read_json(inputs.relations),
        genes=[read_table(path) for path in inputs.genes],
        run=read_json(inputs.run),
    )
    Path(snakemake.output[0]).write_text(render(report_content(results)))
