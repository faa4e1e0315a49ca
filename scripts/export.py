"""The decision whether a case may leave the centre, and its package for one target."""

from pathlib import Path

from gms.exports import export
from gms.job import logged
from gms.qc.files import read_json
from gms.sharing import load_sharing

with logged(snakemake.log[0]):
    inputs, case = snakemake.input, snakemake.params.case
    sources = [inputs.vcf, inputs.index, inputs.relations, *inputs.qc, *inputs.genes]
    sharing = snakemake.params.sharing
    export(
        target=snakemake.wildcards.target,
        case=case,
        files={Path(source).name: Path(source) for source in sources},
        results={
            "verdict": read_json(inputs.relations)["verdict"],
            "sharing": load_sharing(Path(sharing)) if sharing else None,
            "run": read_json(inputs.run),
        },
        decision=Path(snakemake.output[0]),
    )
