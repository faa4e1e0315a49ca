"""What is known about each allele of a case, in plain INFO fields."""

import subprocess
from pathlib import Path

from gms.annotate import Member, annotate, load_knowledge
from gms.annotation_stream import present_parts
from gms.bgzip import write_vcf
from gms.errors import GmsError
from gms.job import logged

with logged(snakemake.log[0]):  # noqa: F821
    given = dict(snakemake.input.items())  # noqa: F821
    members = [Member(*facts) for facts in snakemake.params.members]  # noqa: F821
    first = {name: str(files[0]) if isinstance(files, list) else files for name, files in given.items() if files}
    parts = present_parts(first, members)
    knowledge = load_knowledge(first.get("genes"), first.get("hotspots"), first.get("targets"), members, parts)
    command = ["bash", "-c", f"set -o pipefail; {snakemake.params.commands}"]  # noqa: F821
    with (
        open(snakemake.log[0], "a") as log,  # noqa: F821
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as stream,
    ):
        write_vcf(annotate(stream.stdout, knowledge), Path(snakemake.output.vcf))  # noqa: F821
    if stream.returncode:
        raise GmsError(f"annotation ended with exit code {stream.returncode}; its tools' messages are above")
