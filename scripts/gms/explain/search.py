"""Records of a case that an HGVS name or an rs number means."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pysam

from gms.explain.asked import Change, normalised
from gms.genome.gene_effects import effects_of


def with_change(records: Iterable[str], asked: Change) -> list[str]:
    """Records with the change on the shown transcript of a gene; of the gene or transcript named, where one was."""
    numbers = re.findall("[0-9]+", asked.change)
    near = (line for line in records if all(number in line for number in numbers))
    return [line for line in near if any(_is_change(asked, *names) for names in _names(line))]


def _names(line: str) -> Iterator[tuple[set[str], list[str]]]:
    """For each gene that a record touches: the gene and its transcript, and the changes on it."""
    for effect in effects_of(line.split("\t", 8)[7]):
        subjects = {effect[key] for key in ("GENE", "TRANSCRIPT", "REFSEQ") if key in effect}
        yield subjects, [effect[key] for key in ("HGVSC", "HGVSP") if key in effect]


def _is_change(asked: Change, subjects: set[str], changes: list[str]) -> bool:
    wanted = asked.subject.partition(".")[0].upper()
    if wanted and wanted not in {subject.partition(".")[0].upper() for subject in subjects}:
        return False
    return any(normalised(change) == asked.change for change in changes)


def places_of_rs(name: str, files: Iterable[Path]) -> list[tuple[str, int, str, str]]:
    """CHROM, POS, REF, ALT of an rs number, from the first file (VCF with it as ID or in INFO/RS) that knows it."""
    tag = f"RS={name.removeprefix('rs')}"
    for path in files:
        found = []
        with pysam.BGZFile(str(path)) as lines:
            for raw in lines:
                if tag.encode() not in raw and name.encode() not in raw or raw.startswith(b"#"):
                    continue
                fields = raw.decode().split("\t")
                if name in fields[2].split(";") or tag in fields[7].split(";"):
                    found += [(fields[0], int(fields[1]), fields[3], alt) for alt in fields[4].split(",")]
        if found:
            return found
    return []
