"""Small alleles of a panel. Of gene panels the background: alleles that several normals show in few of their reads.

These are errors of the library, the sequencer or the alignment, which come back at the same place. Inherited alleles
are in a quarter of the reads or more of their carriers, and do not count. Normals whose calls have the allele carry it,
too: callers find what the aligner did not write so, as long insertions. Of genomes they are what counts: alleles
that several founders of families have by their genotypes, common ones or errors that look like them.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import pysam

from gms.genome.intervals import merge, read_contigs, read_targets
from gms.genome.vcf import UnreadableVcf, header_lines, sample_values, samples_of
from gms.normals.allele_counts import BASES, LEAST_DEPTH, LEAST_READS, Indel, Layout, calls_of, carries, count_alleles
from gms.normals.members import BY_GENOTYPE, KEY, Normal
from gms.normals.work import in_parallel

FEWEST_CARRIERS = 2
_BLOCK = 20_000  # positions
_PART = 20_000_000  # bases: of 1,000 founders some 600,000 alleles at a time
Region = tuple[str, int, int]  # contig, start, end
Work = Callable[[Callable, Iterable[Sequence[Any]]], list[Any]]
DEFINITIONS = """\
##INFO=<ID=PON_COUNT,Number=A,Type=Integer,Description="Normals that carry the allele in 3 reads and 0.2 % or more, below 25 %">
##INFO=<ID=PON_TOTAL,Number=1,Type=Integer,Description="Normals with 100 reads or more at the position">
##INFO=<ID=PON_AF,Number=A,Type=Float,Description="Median fraction of the allele in the normals that carry it">
##INFO=<ID=PON_SD,Number=A,Type=Float,Description="Standard deviation of that fraction, at least that of chance">
##INFO=<ID=PON_CALLERS,Number=.,Type=String,Description="Callers that found the allele in such normals, caller:normals">
"""  # noqa: E501

GENOME_DEFINITIONS = f"""\
##INFO=<ID=PON_COUNT,Number=A,Type=Integer,Description="Unaffected founders that have the allele {BY_GENOTYPE}">
##INFO=<ID=PON_TOTAL,Number=1,Type=Integer,Description="Unaffected founders, whether or not reads cover the position">
##INFO=<ID=PON_AF,Number=A,Type=Float,Description="Median fraction of the allele in the founders that have it">
##INFO=<ID=PON_SD,Number=A,Type=Float,Description="Standard deviation of that fraction">
"""


class Allele(NamedTuple):
    """An allele of the background; `position` is 0-based. `callers`: each with the normals in which it found the
    allele."""

    contig: str
    position: int
    ref: str
    alt: str
    count: int
    total: int
    fraction: float
    sd: float
    callers: tuple[tuple[str, int], ...] = ()


def count_normal(cram: Path, fasta: Path, layout: Layout, out: Path) -> Counter[Indel]:
    """Write the counts of bases of a normal, by position and base, to `out` (.npy), and return its indels."""
    counts = count_alleles(cram, fasta, layout)
    np.save(out, np.minimum(counts.bases, np.iinfo(np.uint16).max).astype(np.uint16))
    return Counter({indel: reads for indel, reads in counts.indels.items() if reads >= LEAST_READS})


def background(normals: Sequence[Normal], fasta: Path, targets: Path, work: Work = in_parallel) -> list[Allele]:
    """Alleles in the order of the genome, from the aligned reads of normals. `work` runs the jobs of the normals."""
    layout = Layout({contig: merge(parts) for contig, parts in read_targets(targets).items()})
    with TemporaryDirectory() as folder:
        files = [Path(folder, f"{number}.npy") for number in range(len(normals))]
        jobs = [(normal.path("cram"), fasta, layout, file) for normal, file in zip(normals, files, strict=True)]
        indels = work(count_normal, jobs)
        counts = [np.load(file, mmap_mode="r") for file in files]
        with pysam.FastaFile(str(fasta)) as reference:
            found = [*_substitutions(counts, layout, reference), *_indels(indels, counts, layout)]
        found = list(_with_calls(found, normals, counts, layout))
    order = {contig: number for number, contig in enumerate(read_contigs(Path(f"{fasta}.fai")))}
    return sorted(found, key=lambda one: (order[one.contig], one.position, one.ref, one.alt))


def _substitutions(counts: Sequence[np.ndarray], layout: Layout, reference: pysam.FastaFile) -> Iterator[Allele]:
    places = list(layout.places())
    for start in range(0, layout.size, _BLOCK):
        block = np.stack([one[start : start + _BLOCK] for one in counts]).astype(np.int32)
        depth = block.sum(axis=2)
        carriers = carries(block, depth[:, :, None])
        for at, base in np.argwhere(carriers.sum(axis=0) >= FEWEST_CARRIERS):
            contig, position = places[start + at]
            ref = reference.fetch(contig, position, position + 1).upper()
            if BASES[base] != ref:
                of_allele = (block[:, at, base], depth[:, at], carriers[:, at, base])
                yield _allele((contig, position, ref, BASES[base]), *of_allele)


def _indels(shown: Sequence[Mapping[Indel, int]], counts: Sequence[np.ndarray], layout: Layout) -> Iterator[Allele]:
    """Of an indel the depth is that of the base before it."""
    seen = Counter(indel for one in shown for indel in one)
    for indel, normals in seen.items():
        if normals >= FEWEST_CARRIERS:
            reads = np.array([one.get(indel, 0) for one in shown])
            at = layout.number(*indel[:2])
            depth = np.array([int(one[at].sum()) for one in counts])
            carriers = carries(reads, depth)
            if carriers.sum() >= FEWEST_CARRIERS:
                yield _allele(indel, reads, depth, carriers)


def _with_calls(
    found: Iterable[Allele], normals: Sequence[Normal], counts: Sequence[np.ndarray], layout: Layout
) -> Iterator[Allele]:
    """The alleles with their callers; those that more normals have in their calls than as aligned, from the calls."""
    alleles = {one[:4]: one for one in found}
    for indel, called in calls_of(normals).items():
        if len(called) >= FEWEST_CARRIERS and layout.holds(*indel[:2]):
            at, own = layout.number(*indel[:2]), alleles.get(indel)
            if own is None or len(called) > own.count:
                depth = np.array([one.depth for one in called])
                total = max(len(called), sum(int(one[at].sum()) >= LEAST_DEPTH for one in counts))
                own = _summary(indel, np.array([one.fraction for one in called]), depth, total)
            callers = Counter(caller for one in called for caller in one.callers)
            alleles[indel] = own._replace(callers=tuple(sorted(callers.items())))
    return iter(alleles.values())


def _allele(allele: Indel, reads: np.ndarray, depth: np.ndarray, carriers: np.ndarray) -> Allele:
    of_carriers = depth[carriers]
    return _summary(allele, reads[carriers] / of_carriers, of_carriers, int((depth >= LEAST_DEPTH).sum()))


def _summary(allele: Indel, shares: np.ndarray, depth: np.ndarray, total: int) -> Allele:
    """The allele of normals that carry it in `shares` of their reads, 0-1, at `depth`; `total` were looked at."""
    middle = float(np.median(shares))
    chance = (middle * (1 - middle) / float(np.median(depth))) ** 0.5
    return Allele(*allele, len(shares), total, middle, max(chance, float(shares.std(ddof=1))))


def founder_lines(normals: Sequence[Normal], contigs: Mapping[str, int], work: Work = in_parallel) -> Iterator[str]:
    """Records of the alleles of the merged calls that two founders or more have, in the order of `contigs`.
    `work` runs the jobs of parts of it, each of which reads one file at a time: thousands cannot be open at once."""
    cases: dict[Path, set[str]] = {}
    for normal in normals:
        cases.setdefault(normal.path("merged"), set()).add(normal.name)
    with TemporaryDirectory() as folder:
        parts = [(Path(folder, f"{n}.vcf"), places) for n, places in enumerate(_parts(contigs))]
        work(write_founder_alleles, [(out, places, cases, len(normals)) for out, places in parts])
        for out, _ in parts:
            with open(out, encoding="utf-8") as lines:
                yield from lines


def _parts(contigs: Mapping[str, int]) -> Iterator[list[Region]]:
    """Regions of _PART bases or a little more, one or several contigs or a part of one, in the order of the genome."""
    part, size = [], 0
    for contig, length in contigs.items():
        for start in range(0, length, _PART):
            end = min(start + _PART, length)
            part, size = [*part, (contig, start, end)], size + end - start
            if size >= _PART:
                yield part
                part, size = [], 0
    if part:
        yield part


def write_founder_alleles(
    out: Path, regions: Sequence[Region], cases: Mapping[Path, Collection[str]], persons: int
) -> None:
    """Write records of the alleles of regions that two founders or more have. `cases`: of each file of merged calls the
    founders; `persons`: their number."""
    with open(out, "w", encoding="utf-8") as lines:
        lines.writelines(map(_line, founder_alleles(regions, cases, persons)))


def founder_alleles(regions: Sequence[Region], cases: Mapping[Path, Collection[str]], persons: int) -> Iterator[Allele]:
    """The same as alleles."""
    order = {contig: number for number, (contig, *_) in enumerate(regions)}
    shares: dict[tuple[int, int, str, str, str], list[list[float]]] = {}
    for path, names in cases.items():
        for contig, position, ref, alt, found in _had(path, names, regions):
            shares.setdefault((order[contig], position, contig, ref, alt), []).append(found)
    for (_, position, contig, ref, alt), of_cases in sorted(shares.items()):
        found = [share for one in sorted(of_cases) for share in one]
        if len(found) >= FEWEST_CARRIERS:
            yield Allele(contig, position - 1, ref, alt, len(found), persons, median(found), _deviation(found))


def _had(
    path: Path, names: Collection[str], regions: Sequence[Region]
) -> Iterator[tuple[str, int, str, str, list[float]]]:
    """Alleles of a case in regions: contig, POS, REF, ALT and the fractions of reads in the members that have it.
    Raises UnreadableVcf."""
    try:
        with pysam.TabixFile(str(path)) as file:
            columns = [9 + at for at, name in enumerate(samples_of(list(file.header))) if name in names]
            known = set(file.contigs)
            for contig, start, end in (one for one in regions if one[0] in known):
                for fields in (line.split("\t") for line in file.fetch(contig, start, end)):
                    having = [text for at in columns if "1" in (text := fields[at]).partition(":")[0]]
                    found = [share for text in having if (share := _fraction(fields[8], text)) is not None]
                    if found and start < int(fields[1]) <= end:  # and does not only reach into the region
                        yield fields[0], int(fields[1]), fields[3], fields[4], found
    except (OSError, ValueError) as error:  # pysam's, of a damaged file or one without its index
        raise UnreadableVcf(path, f"is damaged or has no index: {error}") from None


def _deviation(values: Sequence[float]) -> float:
    """Standard deviation of two values or more: numpy takes ten times as long for few."""
    mean = sum(values) / len(values)
    return (sum((value - mean) ** 2 for value in values) / (len(values) - 1)) ** 0.5


def _fraction(keys: str, column: str) -> float | None:
    """FORMAT/AF of a sample, None where it is not known."""
    text = sample_values(keys, column).get("AF", ".")
    return None if text == "." else float(text)


def background_lines(alleles: Iterable[Allele], contigs: Mapping[str, int], facts: Mapping[str, Any]) -> Iterator[str]:
    """Lines of the VCF; `facts` are in its header."""
    yield from header_of_panel(contigs, facts, DEFINITIONS)
    yield from map(_line, alleles)


def header_of_panel(contigs: Mapping[str, int], facts: Mapping[str, Any], definitions: str) -> Iterator[str]:
    """Header lines of a VCF of a panel."""
    yield from header_lines(contigs, f"##{KEY}={json.dumps(facts, sort_keys=True)}\n{definitions}", [])


def _line(one: Allele) -> str:
    info = f"PON_COUNT={one.count};PON_TOTAL={one.total};PON_AF={one.fraction:.4g};PON_SD={one.sd:.3g}"
    if one.callers:
        info += f";PON_CALLERS={','.join(f'{caller}:{normals}' for caller, normals in one.callers)}"
    return "\t".join([one.contig, str(one.position + 1), ".", one.ref, one.alt, ".", ".", info]) + "\n"
