"""Reads of BAM, CRAM and unaligned BAM files, taken out by name as pairs of FASTQ files, one pair for each read group.

Every primary record is one read: secondary and supplementary records repeat one and are left out (SAM specification,
section 1.4), duplicates are taken and marked anew. Reads that failed the sequencer's quality control stay marked so:
a tag in the FASTQ comment becomes their flag again (see `align_reads`). Original base qualities (OQ) are taken where
the file has them, and reverse reads are turned back: the reads are those of the sequencer.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from shlex import quote
from typing import IO, NamedTuple

from gms.alignment.read_counts import REPEATED
from gms.base.errors import GmsError

# Tags records with flag 512, which failed the sequencer's quality control, with YF:i:1, our own tag, in FASTQ comments;
# clears the tag, should a file bring its own.
MARK_FAILED = r"""awk -F'\t' -v OFS='\t' '/^@/{print;next}{gsub(/\tYF:i:[0-9]+/,"")}int($2/512)%2{$0=$0"\tYF:i:1"}1'"""
NOWHERE = "/nonexistent/%s"  # where samtools shall look for sequences: not on the network


class ReadsNotTaken(GmsError):
    """A BAM or CRAM file whose reads cannot be taken out, or not all of them."""

    def __init__(self, source: Path, text: str):
        super().__init__(f"the reads of '{source.name}' cannot be used: {text}")


class Contents(NamedTuple):
    """Numbers of primary records of a file: all, those of pairs, and those that failed the sequencer's control."""

    primary: int
    paired: int
    failed: int


class ReadGroup(NamedTuple):
    """A read group of a header: its ID and sample (SM), empty where it has none."""

    id: str
    sample: str


class Part(NamedTuple):
    """Reads of one read group: the name of their lane and their FASTQ files; `marked`: comments mark failed reads."""

    lane: str
    fastq_1: str
    fastq_2: str
    marked: bool


class Taken(NamedTuple):
    """What was taken out of a file: its parts, and how many reads they must have in all."""

    parts: list[Part]
    reads: int


def take_reads(source: Path, lane: str, fasta: str, folder: Path, threads: int, log: IO[str]) -> Taken:
    """The reads of a file as FASTQ files in a new `folder`; `fasta`: the genome that a CRAM was written with.

    Raises ReadsNotTaken.
    """
    folder.mkdir()
    contents = count(source, fasta)
    if contents.paired != contents.primary:
        single = contents.primary - contents.paired
        raise ReadsNotTaken(source, f"{single} of its {contents.primary} reads are not of pairs; pairs are needed")
    if not contents.primary:
        raise ReadsNotTaken(source, "it holds none")
    names = lane_names(lane, read_groups(header(source), source))
    run(f"set -euo pipefail; {extraction(source, fasta, folder, names, contents, threads)}", source, log)
    unpaired = [*folder.glob("*.single.fastq"), *folder.glob("*.other.fastq")]
    if any(path.stat().st_size for path in unpaired):
        raise ReadsNotTaken(source, "some of its reads lack their mate; the file is not whole, or was filtered")
    found = [name for name in names.values() if (folder / f"{name}.1.fastq.gz").stat().st_size > EMPTY]
    files = ([name, *(str(folder / f"{name}.{mate}.fastq.gz") for mate in (1, 2))] for name in found)
    return Taken([Part(*file, contents.failed > 0) for file in files], contents.primary)


EMPTY = 28  # bytes: a BGZF file without content


def header(source: Path) -> str:
    """The header of a file. Raises ReadsNotTaken."""
    return tool(["samtools", "view", "--no-PG", "-H", str(source)], source)


def read_groups(text: str, source: Path) -> list[ReadGroup]:
    """The read groups of a header, in its order. Raises ReadsNotTaken where they are of several samples."""
    groups = []
    for line in text.splitlines():
        if line.startswith("@RG\t"):
            tags = dict(field.split(":", 1) for field in line.split("\t")[1:] if ":" in field)
            groups.append(ReadGroup(tags.get("ID", ""), tags.get("SM", "")))
    if len(samples := {group.sample for group in groups} - {""}) > 1:
        text = f"it holds {len(samples)} samples; take them apart, as with samtools split"  # names may be of persons
        raise ReadsNotTaken(source, text)
    return groups


def names_another(source: Path, sample: str) -> bool:
    """Whether the header of a file gives its reads to another sample. Raises ReadsNotTaken."""
    return bool({group.sample for group in read_groups(header(source), source)} - {"", sample})


def lane_names(lane: str, groups: Iterable[ReadGroup]) -> dict[str, str]:
    """Name of the lane that each read group becomes, by its ID: that of the row where it is the only one, else with its
    number in the header, as L001-2; an ID may be a name of a person. Reads without a read group are under '', L001-0.
    """
    ids = [group.id for group in groups]
    if len(ids) < 2:
        return {"": lane}
    return {name: f"{lane}-{number}" for number, name in enumerate(ids, start=1)} | {"": f"{lane}-0"}


def extraction(source: Path, fasta: str, folder: Path, names: dict[str, str], contents: Contents, threads: int) -> str:
    """The shell command that puts the mates of a file next to each other and writes them as FASTQ."""
    at = quote(str(folder))
    collated = f"samtools collate -O -u -@ {threads} --reference {quote(fasta)} {quote(str(source))} {at}/collate"
    if contents.failed:
        collated += f" | samtools view -h --no-PG - | {MARK_FAILED} | samtools view -u --no-PG -"
    if len(names) == 1:
        return f"{collated} | {fastq('-', folder, *names.values(), threads)}"
    # samtools split numbers the read groups in the order of the header, from 0.
    parts = [*(f"group.{number}" for number in range(len(names) - 1)), "group.none"]
    split = f"samtools split --no-PG -@ {threads} -u {at}/group.none.bam -f {at}/'group.%#.bam' -"
    each = (
        f"{fastq(f'{folder}/{part}.bam', folder, name, threads)}; rm {at}/{part}.bam"
        for part, name in zip(parts, names.values(), strict=True)
    )
    return f"{collated} | {split}; {'; '.join(each)}"


def fastq(bam: str, folder: Path, name: str, threads: int) -> str:
    """The command that writes the primary reads of a collated BAM, each mate to its file."""
    start = quote(f"{folder}/{name}")
    files = f"-1 {start}.1.fastq.gz -2 {start}.2.fastq.gz -s {start}.single.fastq -0 {start}.other.fastq"
    return f"samtools fastq -@ {threads} -n -O -c 1 -T YF -F {REPEATED} {files} {quote(bam)}"


def count(source: Path, fasta: str) -> Contents:
    """Count the primary records of a file. Raises ReadsNotTaken."""
    flags = json.loads(tool(["samtools", "flagstat", "-O", "json", str(source)], source))
    passed, failed = (flags[f"QC-{what} reads"] for what in ("passed", "failed"))
    primary, paired = (passed[key] + failed[key] for key in ("primary", "paired in sequencing"))
    expression = ["-e", 'cigar=~"H"', "-F", REPEATED, "--reference", fasta]
    if int(tool(["samtools", "view", "-c", *expression, str(source)], source)):
        raise ReadsNotTaken(source, "ends of primary reads were cut off (hard clips), so the reads are not whole")
    return Contents(primary, paired, failed["primary"])


def tool(command: list[str], source: Path) -> str:
    """What a tool prints. Raises ReadsNotTaken with its first error."""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment())
    if done.returncode:
        raise ReadsNotTaken(source, failure(source, done.stderr))
    return done.stdout


def run(script: str, source: Path, log: IO[str]) -> None:
    """Run a shell script whose messages go to `log`. Raises ReadsNotTaken."""
    command = ["bash", "-c", script]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", env=environment())
    log.write(done.stderr)
    log.flush()
    if done.returncode:
        raise ReadsNotTaken(source, failure(source, done.stderr))


def failure(source: Path, said: str) -> str:
    """Why samtools failed, by its first error message: the others follow from it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    wrong = [line for line in lines if "[E::" in line or "rror" in line] or lines[-1:] or ["samtools ended early"]
    if source.suffix == ".cram" and re.search(r"reference|md5|\bref\b", " ".join(wrong), re.IGNORECASE):
        needed = "a CRAM needs the genome that it was written with"
        return f"{wrong[0]}; {needed}: write its path as reference.cram in the config"
    return wrong[0]


def environment() -> dict[str, str]:
    """Variables with which samtools fetches no sequence from the network."""
    return os.environ | {"REF_PATH": NOWHERE, "REF_CACHE": NOWHERE}
