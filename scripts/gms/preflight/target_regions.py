"""BED files of targets: every region lies on the reference."""

import gzip
from collections.abc import Iterable
from pathlib import Path

from gms.base.problems import Findings
from gms.genome.fastq import GZIP

_SHOWN = 5  # problems of one file that are spelled out


def check_bed(path: Path, contigs: dict[str, int], findings: Findings) -> None:
    """Note lines that are no region (0-based half-open) of the contigs (name: length); none given, none compared."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    with gzip.open(path, "rt", newline="\n") if packed else path.open(newline="\n") as file:
        try:
            problems, regions = _problems(file, contigs)
        except (UnicodeDecodeError, OSError, EOFError):
            problems, regions = [(None, "is not text; a BED file has columns separated by tabs")], 1
    for line, text in problems[:_SHOWN]:
        findings.add(path, line, text)
    if len(problems) > _SHOWN:
        findings.add(path, problems[-1][0], f"this is the last of {len(problems) - _SHOWN} further lines with problems")
    if not regions and not problems:
        findings.add(path, None, "holds no regions")


def _problems(lines: Iterable[str], contigs: dict[str, int]) -> tuple[list[tuple[int | None, str]], int]:
    """(line, text) of every line that is not a region of the reference; and the number of regions."""
    problems, regions = [], 0
    for number, line in enumerate(lines, 1):
        if line.endswith("\r\n"):
            return [(number, "ends as on Windows (CR LF), which the tools misread; convert it with dos2unix")], 1
        if not line.strip() or line.startswith(("#", "track", "browser")):
            continue
        regions += 1
        text = _region_problem(line.rstrip("\n").split("\t"), contigs)
        if text:
            problems.append((number, text))
    return problems, regions


def _region_problem(fields: list[str], contigs: dict[str, int]) -> str | None:
    if len(fields) < 3:
        return "needs three columns separated by tabs: contig, start, end"
    contig, start, end = fields[:3]
    if not (start.isdecimal() and end.isdecimal()):
        return f"start '{start}' and end '{end}' must be whole numbers from 0"
    if int(start) >= int(end):
        return f"start {start} is not before end {end}; BED counts from 0 and leaves the end out"
    if contigs and contig not in contigs:
        return f"contig '{contig}' is not in the reference{_other_name(contig, contigs)}"
    if contigs and int(end) > contigs[contig]:
        return f"end {end} lies outside contig '{contig}', which has {contigs[contig]} bases"
    return None


def _other_name(contig: str, contigs: dict[str, int]) -> str:
    other = contig.removeprefix("chr") if contig.startswith("chr") else f"chr{contig}"
    if other in contigs:
        return f", which calls it '{other}'; use the BED made for this genome"
    return f" (its first is '{next(iter(contigs))}'); use the BED made for this genome"
