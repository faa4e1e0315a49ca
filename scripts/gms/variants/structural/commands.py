"""Callers of structural variants: their command lines, and what they print. Without enough pairs they cannot tell an
unusual one, so nothing is called there: records of such samples are empty, and the report says why."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from gms.variants.structural.fragments import has_pairs

# The end of TIDDIT 3.5.2 where it finds no cluster of signals: a percentile over none of them (tiddit_variant.pyx).
NO_CLUSTER = "IndexError: cannot do a non-empty take from an empty axes."


def delly_lines(fasta: str, crams: Sequence[str], work: Path, log: IO[str], threads: int) -> Iterator[str]:
    """What delly finds in all samples with enough pairs together; it reads so many of them side by side. It takes no
    path with a blank, so it runs in the temporary folder, where `here` is the folder of results."""
    paired = [cram for cram in crams if has_pairs(Path(cram), Path(fasta))]
    if not paired:
        return
    output, here = work / "delly.bcf", Path("here")
    (work / here).symlink_to(Path.cwd())
    command = ["delly", "call", "-g", str(here / fasta), "-o", output.name, *(str(here / cram) for cram in paired)]
    variables = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    subprocess.run(command, stdout=log, stderr=log, env=variables, check=True, cwd=work)
    if output.exists():
        view = ["bcftools", "view", "--no-version", "--no-header", str(output)]
        yield from subprocess.run(view, capture_output=True, text=True, check=True).stdout.splitlines(True)


def tiddit_lines(fasta: str, crams: Sequence[str], work: Path, log: IO[str]) -> Iterator[str]:
    """What TIDDIT finds in each sample with enough pairs; its assembler needs other programs, and finds insertions."""
    for number, cram in enumerate(crams):
        if not has_pairs(Path(cram), Path(fasta)):
            continue
        prefix = work / f"tiddit{number}"
        command = ["tiddit", "--sv", "--skip_assembly", "--threads", "1", "--bam", cram, "--ref", fasta]
        done = subprocess.run([*command, "-o", str(prefix)], stdout=log, stderr=subprocess.PIPE, text=True)
        log.write(done.stderr)
        if done.returncode and NO_CLUSTER in done.stderr:
            log.write(
                f"No two unusual fragments of {cram} lie together: TIDDIT ends with this error, nothing is called.\n"
            )
            continue
        done.check_returncode()
        with open(f"{prefix}.vcf") as lines:
            yield from lines
