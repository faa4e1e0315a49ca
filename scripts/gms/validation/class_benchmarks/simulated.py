"""Simulated reads of made-up molecules, aligned as the workflow aligns: 2 x 150 bases, fragments of 420 +- 90."""

import random
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

ERRORS = ["-e", "0.001-0.005", "-E", "0.002-0.008"]  # of the first and the last base, read 1 and 2
# Pairs of 150 bases, fragments of 420 +- 90, no mutations, no random reads, five bases N at most, files for bwa only.
READS = [
    "-1",
    "150",
    "-2",
    "150",
    "-d",
    "420",
    "-s",
    "90",
    "-r",
    "0",
    "-R",
    "0",
    "-X",
    "0",
    "-y",
    "0",
    "-n",
    "5",
    "-c",
    "0",
    "-o",
    "1",
]
TRANSITION = {"A": "G", "G": "A", "C": "T", "T": "C"}


class Molecule(NamedTuple):
    """A linear sequence and the depth at which it is read."""

    sequence: str
    depth: float


def random_bases(generator: random.Random, length: int) -> str:
    return "".join(generator.choices("ACGT", k=length))


def write_reference(path: Path, contigs: Mapping[str, str]) -> Path:
    """FASTA with the indices of samtools and bwa."""
    path.write_text("".join(f">{name}\n{sequence}\n" for name, sequence in contigs.items()))
    for command in (["samtools", "faidx", path], ["bwa", "index", path]):
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return path


def simulate(folder: Path, sample: str, molecules: Iterable[Molecule], seed: int) -> tuple[Path, Path]:
    """FASTQ files of the reads of all molecules, by dwgsim without mutations of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    mates = folder / f"{sample}_R1.fastq.gz", folder / f"{sample}_R2.fastq.gz"
    for mate in mates:
        mate.write_bytes(b"")
    for number, molecule in enumerate(molecules):
        prefix = _dwgsim(folder, f"{sample}{number}", molecule, seed * 1_000 + number)
        for which, mate in enumerate(mates, start=1):
            with open(mate, "ab") as out:
                out.write(Path(f"{prefix}.bwa.read{which}.fastq.gz").read_bytes())
    return mates


def _dwgsim(folder: Path, name: str, molecule: Molecule, seed: int) -> Path:
    """Simulate one molecule; the beginning of the names of the files with its reads."""
    fasta, prefix = folder / "molecule.fa", folder / "molecule"
    fasta.write_text(f">{name}\n{molecule.sequence}\n")
    command = ["dwgsim", *READS, *ERRORS, "-P", name, "-z", str(seed), "-C", str(molecule.depth), fasta, prefix]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return prefix


def align(folder: Path, sample: str, reference: Path, mates: tuple[Path, Path]) -> Path:
    """Sorted, indexed BAM file with duplicates marked."""
    bam = folder / f"{sample}.bam"
    steps = [
        f"bwa mem -K 10000000 -R '@RG\\tID:{sample}\\tSM:{sample}' '{reference}' '{mates[0]}' '{mates[1]}'",
        "samtools fixmate -u -m - -",
        f"samtools sort -u -T '{folder}/sort' -",
        f"samtools markdup - '{bam}'",
    ]
    subprocess.run(["bash", "-c", "set -euo pipefail; " + " | ".join(steps)], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["samtools", "index", bam], check=True)
    return bam
