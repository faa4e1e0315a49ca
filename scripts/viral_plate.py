"""The samples of a plate together: mixtures, sources, typing, verdicts."""

from pathlib import Path

from gms.base.json_tables import read_json, write_json
from gms.base.rule_log import rule_job
from gms.viral.typing.knowledge import read_knowledge
from gms.viral.typing.lineages import nextclade_versions
from gms.viral.typing.plate import plate_record

with rule_job(snakemake):
    inputs, params = snakemake.input, snakemake.params
    records = [read_json(path) for path in inputs.samples]
    human = {Path(path).name.removesuffix(".human.json"): read_json(path)["human_fraction"] for path in inputs.human}
    known = read_knowledge(
        Path(inputs.genome).parent, *(inputs.get(key) or None for key in ("marks", "pangolin", "nextclade"))
    )
    if version := inputs.get("nextclade_version"):
        known = known._replace(nextclade_versions=nextclade_versions(Path(version), Path(params.dataset)))
    write_json(snakemake.output[0], plate_record(params.plate, records, human, params.gates, known))
