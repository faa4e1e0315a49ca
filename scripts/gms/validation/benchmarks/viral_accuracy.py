"""What the chain of viruses finds in simulated reads of SARS-CoV-2 with the primers of ARTIC V3."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import yaml

from gms.alignment.align_reads import LaneReads, Stream
from gms.base.project import PROJECT
from gms.genome.alleles import Allele, left_align
from gms.validation.demo_genome.bgzf import gzip_bytes
from gms.validation.demo_virus.amplicon_reads import Edit, Library, Tile, amplicon_reads, edited, fastq
from gms.viral.chain.align import align_virus
from gms.viral.chain.primer_scheme import amplicons, read_primers
from gms.viral.chain.reference import read_genome, write_reference
from gms.viral.checks.sample import ViralSample, examine

FILES = PROJECT / "resources" / "viruses" / "sarscov2"
RULES = yaml.safe_load((PROJECT / "config" / "assays" / "sarscov2.yaml").read_text())["rules"]
GENOME = read_genome(FILES / "genome.fa")[1]
PRIMERS = read_primers(FILES / "artic_v3.bed")
# Each molecule begins with one primer: alternatives of it are left out.
TILES = [
    Tile(tile.name, tile.start, tile.inner_start, tile.inner_end, tile.end)
    for tile in amplicons(primer for primer in PRIMERS if "_alt" not in primer.name)
]
_NO_PRIMER = "NC_045512.2\t0\t1\tnone_LEFT\t1\t+\n"  # where no read begins
_SPAN = 32  # bases around primers where no indel is planted: no read shows one that reaches into a primer


def measure(work: Path, genomes: int) -> list[tuple]:
    """(what, expected, found, wrong, result) of each experiment."""
    work.mkdir()
    for name, bed in (("artic_v3", (FILES / "artic_v3.bed").read_text()), ("none", _NO_PRIMER)):
        folder = work / name
        folder.mkdir()
        (work / f"{name}.bed").write_text(bed)
        write_reference(FILES / "genome.fa", None, {"artic_v3": work / f"{name}.bed"}, [], folder)
    edits = substitutions()
    rows = [_primer_sites(work, edits), _untrimmed(work, edits)]
    rows += [_edited(work, seed) for seed in range(1, genomes + 1)]
    return [*rows, _mixture(work)]


def substitutions() -> list[Edit]:
    """A substitution in the middle of each primer that a neighbour's insert covers, and 60 elsewhere."""
    hidden = [(p.start + p.end) // 2 for p in PRIMERS if "_alt" not in p.name and _covered(p.start, p.end)]
    apart = [tile.inner_start + 150 for tile in amplicons(PRIMERS)][:60]
    places = [at for at in sorted({*hidden, *apart}) if at in hidden or not _in_primer(at)]
    return [Edit(at, GENOME[at], "ACGT".replace(GENOME[at], "")[at % 3]) for at in places]


def _covered(start: int, end: int) -> bool:
    return any(tile.insert_start <= start and end <= tile.insert_end for tile in TILES)


def _in_primer(at: int, around: int = 0) -> bool:
    return any(p.start - around <= at < p.end + around for p in PRIMERS)


def _sample(
    work: Path, name: str, pairs: Iterable[tuple[str, str]], reference: str = "artic_v3"
) -> tuple[dict[str, Any], str]:
    """Record and consensus of reads."""
    fastqs = [work / f"{name}_{mate}.fastq.gz" for mate in (1, 2)]
    for path, text in zip(fastqs, fastq(pairs, name), strict=True):
        path.write_bytes(gzip_bytes(text.encode()))
    folder, bam, clipped = work / reference, work / f"{name}.bam", work / f"{name}.clipped.txt"
    lanes = [LaneReads("L001", *map(str, fastqs))]
    stream = Stream(name, lanes, str(folder / "genome.fa"), "bwa", True, 1, str(work))
    align_virus(stream, folder / "artic_v3.bed", clipped, bam, work / f"{name}.log")
    facts = {"sample": name, "scheme": "artic_v3", "role": "isolate"}
    sample = ViralSample(facts, RULES, ["artic_v3"], bam, clipped, work / "artic_v3")
    record = examine(sample, work / f"{name}.vcf.gz", work / f"{name}.fasta")
    return record, "".join((work / f"{name}.fasta").read_text().split("\n")[1:])


def _reads(edits: Sequence[Edit], seed: int, pairs: int = 150) -> Iterator[tuple[str, str]]:
    return amplicon_reads(GENOME, edits, TILES, Library(pairs=pairs), Random(seed))


def _passed(record: dict[str, Any]) -> set[str]:
    return {variant["variant"] for variant in record["variants"] if variant["filter"] == "PASS"}


def _names(edits: Iterable[Edit]) -> set[str]:
    """The variants of edits as a record names them, normalised."""
    names = set()
    for start, ref, alt in edits:
        anchor = "" if ref and alt else GENOME[start - 1]
        allele = left_align(Allele(start - len(anchor), anchor + ref, anchor + alt), GENOME)
        names.add(f"{allele.pos + 1}:{allele.ref}:{allele.alt}")
    return names


def _primer_sites(work: Path, edits: list[Edit]) -> tuple:
    record, sequence = _sample(work, "primers", _reads(edits, 1))
    found, truth = _passed(record), _names(edits)
    wrong = _wrong_bases(sequence, edited(GENOME, edits))
    hidden = sum(_in_primer(edit.start) for edit in edits)
    what = f"substitutions, {hidden} of them under primers"
    return what, len(truth), len(found & truth), len(found - truth) + wrong, _result(found == truth and not wrong)


def _untrimmed(work: Path, edits: list[Edit]) -> tuple:
    """The same reads without clipping: a test that clipping matters."""
    record, _ = _sample(work, "untrimmed", _reads(edits, 1), "none")
    truth = _names(edit for edit in edits if _in_primer(edit.start))
    found = _passed(record) & truth
    return "the same, primers not clipped, under primers only", 0, len(found), "", _result(not found)


def _edited(work: Path, seed: int) -> tuple:
    edits = list(_random_edits(Random(f"edited {seed}")))
    record, sequence = _sample(work, f"edited{seed}", _reads(edits, seed))
    truth = edited(GENOME, edits)
    inner = sequence.strip("N")
    wrong = 0 if inner in truth else sum(piece not in truth for piece in inner.split("N") if piece)
    found = len(_passed(record) & _names(edits))
    return f"edited genome {seed}: substitutions, indels of 1-30 b", len(edits), found, wrong, _result(not wrong)


def _random_edits(random: Random) -> Iterator[Edit]:
    at = 400
    while at < 29_300:
        kind, length = int(3 * random.random()), 1 + int(30 * random.random())
        if kind == 0:
            yield Edit(at, GENOME[at], "ACGT".replace(GENOME[at], "")[int(3 * random.random())])
        elif not _in_primer(at, _SPAN):
            inserted = "".join("ACGT"[int(4 * random.random())] for _ in range(length))
            yield Edit(at, "", inserted) if kind == 1 else Edit(at, GENOME[at : at + length], "")
        at += 60 + int(240 * random.random())


def _wrong_bases(sequence: str, truth: str) -> int:
    return sum(one not in ("N", other) for one, other in zip(sequence, truth, strict=True))


def _mixture(work: Path) -> tuple:
    """90 % of one lineage and 10 % of another, which differ at 60 sites."""
    other = [edit for edit in substitutions() if not _in_primer(edit.start)]
    pairs = [*_reads([], 1, 270), *_reads(other, 2, 30)]
    record, _ = _sample(work, "mixture", pairs)
    found = record["metrics"]["intermediate_sites"]
    clean, _ = _sample(work, "clean", _reads(other, 3))
    is_right = record["second_bases_excess"] is True and clean["second_bases_excess"] is False
    return "90/10 mixture of two genomes: sites with a second base", len(other), found, "", _result(is_right)


def _result(is_right: bool) -> str:
    return "ok" if is_right else "MISS"
