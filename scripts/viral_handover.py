"""The folder that is handed over of a plate."""

import datetime
from pathlib import Path

from gms.base.json_tables import read_json, write_json
from gms.base.problems import Findings
from gms.base.rule_log import rule_job
from gms.inputs.sample_sheet import local_names
from gms.viral.handover.folder import Files, hand_over
from gms.viral.handover.laboratory import read_laboratory

with rule_job(snakemake, is_final=True):
    inputs, params = snakemake.input, snakemake.params
    internal = local_names(Path(params.sheet))
    findings = Findings()
    laboratory = read_laboratory(Path(inputs.laboratory), params.handover, params.known, internal, findings)
    findings.raise_if_any()
    names = [Path(path).stem for path in inputs.consensus]
    reads = [Path(path) for path in inputs.reads]
    files = Files(
        consensus=dict(zip(names, map(Path, inputs.consensus), strict=True)),
        reads=dict(zip(names, zip(reads[::2], reads[1::2], strict=True), strict=True)) if reads else {},
        private=[Path.cwd(), Path(params.sheet).parent],
    )
    out = Path(snakemake.output[0])
    plate = read_json(inputs.plate)
    record = hand_over(out.with_suffix(""), plate, laboratory, params.handover, files, internal, datetime.date.today())
    write_json(out, record)
