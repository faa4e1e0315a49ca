"""Residual disease of a patient over all time points, as data and as a page."""

from pathlib import Path

from gms.base.rule_log import rule_job
from gms.trials.residual_disease.follow import follow
from gms.trials.residual_disease.monitoring import read_monitoring
from gms.trials.residual_disease.write import write_followed

with rule_job(snakemake):
    inputs, params, wanted = snakemake.input, snakemake.params, snakemake.wildcards.patient
    monitoring = read_monitoring(Path(inputs.monitoring), params.settings, params.plasma)
    patient = next(one for one in monitoring.patients if one.id == wanted)
    write_followed(follow(patient, monitoring, Path(inputs.fasta)), Path(snakemake.output.data))
