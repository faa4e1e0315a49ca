"""What aligners need: the index of bwa next to a reference, made from this FASTA, with the alternate contigs that it
needs to know; STAR itself and gene models for RNA."""

import re
import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from pathlib import Path

from gms.base import software
from gms.base.problems import shown
from gms.preflight.reference_bases import ReferenceBases

SUFFIXES = (".amb", ".ann", ".bwt", ".pac", ".sa")
_ALTERNATE = re.compile(r"_alt$|^HLA-")
_ACCESSION = re.compile(r"(?:NC_00002[34]|CM00068[56])\.[0-9]+|NC_012920\.1|J01415\.2")
_SECONDS = 60  # by which the clock of a copied index may be behind
_PLACES, _WINDOW = 2_000, 1_000  # how much of a large genome is compared
_CODES = {base: code for code, base in enumerate("ACGT")}


def index_problem(fasta: Path, contigs: Mapping[str, int], bases: ReferenceBases) -> str | None:
    """What is wrong with the index of bwa next to the FASTA; None where it fits or is not whole (it is made then).

    The bases in it are compared: all of a small genome, a thousand at each of 2,000 places of a large one.
    """
    if not all(Path(f"{fasta}{suffix}").is_file() for suffix in SUFFIXES):
        return None
    remedy = f"remove it (rm {shown(fasta)}.{{amb,ann,bwt,pac,sa}}), it is rebuilt"
    try:
        if contigs and dict(_indexed(Path(f"{fasta}.ann"))) != dict(contigs):
            return f"has a bwa index with other contigs; {remedy}"
        if not _is_of_one_run(fasta):
            return f"has a bwa index whose files are not of one run of bwa index; {remedy}"
        if place := _differing(fasta, bases):
            return f"has a bwa index made from another FASTA (other or masked bases at {place}); {remedy}"
    except (ValueError, IndexError, UnicodeDecodeError):
        return f"has a damaged bwa index; {remedy}"
    if Path(f"{fasta}.bwt").stat().st_mtime < fasta.stat().st_mtime - _SECONDS:
        return f"is newer than its bwa index; {remedy}, or touch it if both are of one release"
    return None


def alternates_problem(fasta: Path, contigs: Mapping[str, int]) -> str | None:
    """What is wrong where a reference has alternate contigs that bwa is not told of: reads that fit both places lose
    their mapping quality (https://github.com/lh3/bwa/blob/master/README-alt.md)."""
    alternates = {name for name in contigs if _ALTERNATE.search(name)}
    alt = Path(f"{fasta}.alt")
    listed = {line.split("\t", 1)[0] for line in alt.read_text().splitlines()} if alt.is_file() else set()
    if not (unlisted := sorted(alternates - listed)):
        return None
    where = f"its .alt file lacks {len(unlisted)} of them" if alt.is_file() else "no .alt file next to it"
    text = f"has {len(alternates)} alternate contigs (such as {unlisted[0]}), but {where}, so that reads which fit both"
    return f"{text} places would be lost; copy the .alt file of its release there, or use a FASTA without them"


def _indexed(ann: Path) -> Iterator[tuple[str, int]]:
    """Contigs of an index with their lengths: two lines each after the first (bwa, bntseq.c)."""
    lines = ann.read_text().splitlines()[1:]
    for head, place in zip(lines[::2], lines[1::2], strict=True):
        yield head.split()[1], int(place.split()[1])


def _is_of_one_run(fasta: Path) -> bool:
    """Whether .bwt and .sa begin with the same number, and .pac has as many bases as .ann (bwa, bwt.c and bntseq.c)."""
    heads = []
    for suffix in (".bwt", ".sa"):
        with open(f"{fasta}{suffix}", "rb") as file:
            heads.append(file.read(8))
    packed = Path(f"{fasta}.pac").read_bytes()
    bases = (len(packed) - 2) * 4 + packed[-1]
    return heads[0] == heads[1] and bases == sum(length for _, length in _indexed(Path(f"{fasta}.ann")))


def _differing(fasta: Path, bases: ReferenceBases) -> str | None:
    """The first of the compared places where index and FASTA differ, or None."""
    import numpy  # 0.1 s that a run without an index does not need

    packed = numpy.memmap(f"{fasta}.pac", numpy.uint8, "r")
    codes = numpy.full(256, 4, numpy.uint8)
    codes[[ord(base) for base in _CODES]] = list(_CODES.values())
    unknown, before = _unknown(Path(f"{fasta}.amb")), 0
    for name, length in _indexed(Path(f"{fasta}.ann")):
        for start, end in _compared(length, bases):
            sequence = bases.fetch(name, start, end)
            if sequence is None:
                continue
            there = codes[numpy.frombuffer(sequence.encode(), numpy.uint8)]
            places = numpy.arange(before + start, before + end)
            here = packed[places >> 2] >> ((~places & 3) << 1).astype(numpy.uint8) & 3
            for first, last in _within(unknown, before + start, before + end):
                here[first - before - start : last - before - start] = 4
            if (wrong := numpy.flatnonzero(here != there)).size:
                return f"{name}:{start + int(wrong[0]) + 1}"
        before += length
    return None


def accessions_problem(contigs: Mapping[str, int]) -> str | None:
    """What is wrong where X, Y or the mitochondrion, which have ploidies and a code of their own, have accessions for
    names (RefSeq's and GenBank's: NCBI assembly reports of GRCh37 and GRCh38)."""
    named = [name for name in contigs if _ACCESSION.fullmatch(name)]
    if not named:
        return None
    text = f"names X, Y or the mitochondrion by accession ({', '.join(named)}), by which they are not known"
    return f"{text}; use a FASTA with the names X, Y and MT, with or without chr, or rename its contigs"


def _within(stretches: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of sorted stretches between `start` and `end`."""
    for first, last in stretches[max(0, bisect_left(stretches, (start, 0)) - 1) :]:
        if first >= end:
            return
        if last > start:
            yield max(first, start), min(last, end)


def _compared(length: int, bases: ReferenceBases) -> Iterator[tuple[int, int]]:
    """Intervals of a contig, 0-based half-open."""
    if bases.is_small:
        yield 0, length
        return
    step = max(_WINDOW, bases.size // _PLACES)
    yield from ((start, min(start + _WINDOW, length)) for start in range(0, length, step))


def _unknown(amb: Path) -> list[tuple[int, int]]:
    """Stretches of bases other than A, C, G and T that the index was made with, from the start of all contigs."""
    rows = (line.split() for line in amb.read_text().splitlines()[1:])
    return [(int(start), int(start) + int(length)) for start, length, _ in rows]


def star_problems(has_genes: bool, accepted: Mapping[str, str]) -> Iterator[str]:
    """What keeps an assay of RNA from being run, as ends of sentences: STAR is not there or of another version than one
    of the `accepted` (tool -> version), or there are no gene models."""
    found = software.find(software.star(), Path(sys.prefix), {})
    if found.state == "missing":
        yield "asks for STAR, which is not installed;  ./gms setup --with star  installs it"
    elif found.state == "differs" and software.not_accepted([found], accepted):
        yield f"asks for STAR; {software.OtherToolVersions.sentence(found)}"
    if not has_genes:
        fetch = "./gms references get GRCh38 FOLDER --parts genes  fetches them, reference: genes: names them"
        yield f"needs gene models, by which fusions are named;  {fetch}"
