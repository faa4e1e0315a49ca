"""mosdepth and samtools on the reads of one sample: the tables from which its QC record is made, and MultiQC's page;
and the metrics of `samtools stats`."""

import gzip
import os
import shlex
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, NamedTuple

from gms.base.errors import GmsError

NOT_PRIMARY = "0x904"  # samtools' flags of unmapped, secondary and supplementary reads
PRECISION = {"MOSDEPTH_PRECISION": "6"}  # decimals; its default of two is too coarse for fractions of a genome


class Reads(NamedTuple):
    """A sample's alignment; `bed` has the targets of a `targeted` one, else exons.

    `floor` reads make a base reportable, `depth` reads make it callable.
    """

    cram: str
    fasta: str
    bed: str
    targeted: bool
    floor: int
    depth: int


class TablesIncomplete(GmsError):
    """A tool that ended well without having measured everything."""

    def __init__(self, text: str):
        super().__init__(f"{text}. A tool ended early without an error. Run again; its messages are above")


def measure(reads: Reads, coverage: Path, stats: Path, threads: int, log: Path) -> int | None:
    """Write mosdepth's tables, whose names begin with `coverage`, and that of `samtools stats`, side by side.

    Returns the number of primary reads that overlap a target, None without targets. Raises GmsError if a tool fails;
    what it said is in the log.
    """
    count = stats.with_suffix(".on_target")
    commands = [(depth_command(reads, coverage), os.devnull), (stats_command(reads), stats)]
    commands += [(target_command(reads), count)] if reads.targeted else []
    for path in (coverage, stats):
        path.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "a") as messages, ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda entry: run(*entry, messages), commands))
    return number_in(count) if reads.targeted else None


def require_all_regions(bed: str, coverage: Path) -> None:
    """Raise TablesIncomplete unless mosdepth's tables have a line for each region that it was given, and a total."""
    with open(bed) as lines:
        given = sum(1 for _ in lines)
    for table, head in (("regions", 0), ("thresholds", 1)):
        with gzip.open(f"{coverage}.{table}.bed.gz") as lines:
            found = sum(1 for _ in lines) - head
        if found != given:
            raise TablesIncomplete(f"mosdepth was given {given} regions and wrote {found} to {coverage}.{table}.bed.gz")
    if "\ntotal\t" not in Path(f"{coverage}.mosdepth.summary.txt").read_text():
        raise TablesIncomplete(f"{coverage}.mosdepth.summary.txt has no total")


def require_all_reads(found: int, expected: int) -> None:
    """Raise TablesIncomplete where `samtools stats` has not seen the reads that were aligned."""
    if found != expected:
        raise TablesIncomplete(f"samtools stats counted {found} reads, but {expected} were aligned")


def number_in(path: Path) -> int:
    """The number that a tool printed. Raises TablesIncomplete without one."""
    text = path.read_text().strip()
    if not text.isdecimal():
        raise TablesIncomplete("samtools view counted no reads on target")
    return int(text)


def run(command: list[str], output: Path | str, messages: IO[str]) -> None:
    """Run a tool. Raises GmsError if it fails.

    cat writes the file, because samtools 1.16 exits with 0 where its standard output cannot be written.
    """
    shell = f"set -o pipefail; {shlex.join(command)} | cat > {shlex.quote(str(output))}"
    code = subprocess.run(["bash", "-c", shell], stderr=messages, env=os.environ | PRECISION).returncode
    if code:
        raise GmsError(f"{' '.join(command[:2])} ended with exit code {code}; its messages are above")


def depth_command(reads: Reads, coverage: Path) -> list[str]:
    # Panel fragments are short: their mates overlap, and fast mode would count those bases twice.
    command = ["mosdepth", "--no-per-base", *([] if reads.targeted else ["--fast-mode"]), "--mapq", "20"]
    command += ["--fasta", reads.fasta, "--by", reads.bed, "--thresholds", f"{reads.floor},{reads.depth}"]
    return [*command, str(coverage), reads.cram]


def stats_command(reads: Reads) -> list[str]:
    return ["samtools", "stats", "--reference", reads.fasta, reads.cram]


def target_command(reads: Reads) -> list[str]:
    command = ["samtools", "view", "--count", "--reference", reads.fasta, "--use-index", "--targets-file", reads.bed]
    return [*command, "--exclude-flags", NOT_PRIMARY, reads.cram]


def alignment_metrics(
    lines: Iterable[str], on_target: int | None, marked: bool = True
) -> dict[str, float | int | None]:
    """Metrics of one sample from the lines of `samtools stats`; fractions 0-1, insert size in bases.

    Duplicates are counted over mapped reads (as Picard does), None unless they are `marked`; proper pairs over paired
    reads, and `on_target` (primary mapped reads that overlap a target, or None without targets) over mapped reads.
    """
    numbers, inserts = {}, []
    for line in lines:
        fields = line.rstrip("\n").split("\t")
        if fields[0] == "SN":
            numbers[fields[1].rstrip(":")] = float(fields[2])
        elif fields[0] == "IS":
            inserts.append((int(fields[1]), int(fields[2])))
    mapped = numbers["reads mapped"]
    return {
        "reads": int(numbers["raw total sequences"]),
        "mapped_fraction": fraction(mapped, numbers["raw total sequences"]),
        "duplicate_fraction": fraction(numbers["reads duplicated"], mapped) if marked else None,
        "insert_size_median": weighted_median(inserts),
        "proper_pair_fraction": fraction(numbers["reads properly paired"], numbers["reads paired"]),
        "on_target_fraction": None if on_target is None else fraction(on_target, mapped),
    }


def fraction(part: float, whole: float) -> float | None:
    """part / whole to five decimals; None of nothing."""
    return round(part / whole, 5) if whole else None


def weighted_median(counts: Iterable[tuple[int, int]]) -> int | None:
    """Smallest value at which half of the counts is reached, of (value, count) in rising order; None of nothing."""
    counts = list(counts)
    half, seen = sum(count for _, count in counts) / 2, 0
    for value, count in counts:
        seen += count
        if count and seen >= half:
            return value
    return None
