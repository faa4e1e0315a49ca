"""What is known about each allele of a case, in plain INFO fields."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from gms.annotate import Member, annotate, load_knowledge
from gms.annotation_stream import present_parts
from gms.bgzip import write_vcf
from gms.errors import GmsError
from gms.job import logged

with logged(snakemake.log[0]):  # noqa: F821
    files = {name: path for name, path in snakemake.input.items() if path}  # noqa: F821
    members = [Member(*facts) for facts in snakemake.params.members]  # noqa: F821
    parts = present_parts(files, members)
    knowledge = load_knowledge(files.get("genes"), files.get("hotspots"), files.get("targets"), members, parts)
    command = ["bash", "-c", f"set -euo pipefail; {snakemake.params.commands}"]  # noqa: F821
    with (
        TemporaryDirectory(dir=snakemake.resources.tmpdir) as work,  # noqa: F821
        open(snakemake.log[0], "a") as log,  # noqa: F821
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, "work": work}) as stream,
    ):
        write_vcf(annotate(stream.stdout, knowledge), Path(snakemake.output.vcf))  # noqa: F821
    if stream.returncode:
        raise GmsError(f"annotation ended with exit code {stream.returncode}; its tools' messages are above")
