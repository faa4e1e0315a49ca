"""Events of a case: proposals of all callers as one, counted in every sample."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, starmap
from pathlib import Path
from typing import Any, NamedTuple

import pysam

from gms.genome.intervals import read_contigs
from gms.genome.ploidy import Ploidy, is_haploid
from gms.genome.vcf import header_lines, record_lines
from gms.variants.structural.calls import read_event
from gms.variants.structural.events import FAR_LOST, NEAR, Event, both_junctions, is_near, merged
from gms.variants.structural.evidence import (
    MOST,
    MOST_OF_PANEL,
    Evidence,
    Seen,
    Sequences,
    complexity,
    count,
    depth_ratio,
    similarity,
)
from gms.variants.structural.exact_ends import exact_event
from gms.variants.structural.fragments import Library, read_library
from gms.variants.structural.genotypes import genotype, tumor_genotype
from gms.variants.structural.header import HEADER
from gms.variants.structural.records import Counted, is_twin, records

MIN_FRAGMENTS = 2  # of a sample, for a junction that counts as seen


class Sample(NamedTuple):
    """A sample of a case; `sex`: see gms.qc.coverage.measured_chromosomes."""

    name: str
    sex: str


def call_events(
    fasta: Path, calls: Mapping[str, Path], alignments: Sequence[Path], samples: Sequence[Sample], tumor: bool = False
) -> tuple[list[str], dict[str, Any]]:
    """Lines of the VCF, its header alone where the index cannot be assessed, and the facts for the report; samples
    index first, which is a `tumor` of a gene panel or a person; `calls`: callers' VCFs by caller."""
    contigs = read_contigs(Path(f"{fasta}.fai"))
    header = list(header_lines(contigs, HEADER, [sample.name for sample in samples]))
    opened = [pysam.AlignmentFile(str(path), reference_filename=str(fasta)) for path in alignments]
    libraries = list(map(read_library, opened))
    ploidy = Ploidy(contigs)
    proposed = [one for one in merged(_proposals(calls), list(contigs)) if not is_left_out(one, ploidy)]
    if is_paired := libraries[0].is_paired:
        proposed = with_exact_ends(proposed, fasta, opened, contigs, MOST_OF_PANEL if tumor else MOST)
    kept = [one for one in proposed if one.passed or len(one.callers) > 1]
    facts = {
        "assessed": is_paired,
        "reason": None if is_paired else "no_pairs",
        "callers": sorted(calls),
        "samples": [{"sample": s.name, **library._asdict()} for s, library in zip(samples, libraries, strict=True)],
        "events": dict(Counter(event.kind for event in kept)) if is_paired else {},
    }
    order = {name: number for number, name in enumerate(contigs)}
    lines = _lines(kept, fasta, opened, libraries, samples, ploidy, tumor) if is_paired else ()
    return [*header, *(line for *_, line in sorted(lines, key=lambda one: (order[one[0]], *one[1:])))], facts


def is_left_out(event: Event, ploidy: Ploidy) -> bool:
    """Whether an end is in the mitochondrial genome: class `mitochondrial` finds its deletions, and joined to another
    contig it is a copy in the nucleus (NUMT). Or the ends are those of a PAR on X and on Y, as in every male."""
    one, other = ((end.contig, end.pos) for end in (event.first, event.second))
    return "mitochondrion" in (ploidy.kind(*one), ploidy.kind(*other)) or ploidy.is_border_of_par(one, other)


def _proposals(calls: Mapping[str, Path]) -> Iterator[Event]:
    """Junctions of the callers' VCFs; insertions have none."""
    for caller, path in sorted(calls.items()):
        yield from (read_event(line, caller) for line in record_lines(path) if ";JOIN=" in line)


def with_exact_ends(
    events: Iterable[Event],
    fasta: Path,
    opened: Sequence[pysam.AlignmentFile],
    contigs: Iterable[str],
    most: int = MOST,
) -> list[Event]:
    """The events with the ends that clipped reads show, those that are the same then as one; both junctions of an
    event are found from those."""
    with pysam.FastaFile(str(fasta)) as reference:
        sequences = Sequences(reference)
        single = [replace(event, first=one, second=two, other=None) for event in events for one, two in event.junctions]
        return merged([exact_event(event, opened, sequences, most) for event in single], list(contigs))


def _lines(events, fasta, opened, libraries, samples, ploidy, tumor):  # noqa: PLR0913
    """(contig, position, line) of each record."""
    places, most = list(zip(opened, libraries, strict=True)), MOST_OF_PANEL if tumor else MOST
    with pysam.FastaFile(str(fasta)) as reference:
        sequences = Sequences(reference)
        for near in neighbours(events, NEAR if tumor else FAR_LOST):
            shown = [[seen_in(event, *place, sequences, most) for place in places] for event in near]
            seen = zip(near, shown, strict=True) if tumor else own_junctions(near, shown)
            found = distinct(starmap(seen_junctions, seen))
            found = found if tumor else reunited(found)
            for event, evidence in found:
                ends = event.first, event.second
                counted = [
                    counted_in_tumor(seen, place[1])
                    if tumor
                    else counted_in(event, seen, *place, has_one(event, ploidy, sample.sex))
                    for seen, place, sample in zip(evidence, places, samples, strict=True)
                ]
                bases = [sequences.base_of(event, end) for end in ends]
                more = sequence_fields(event, sequences) if tumor else ()
                yield from records(event, counted, bases, more, has_twin(event, found))


def has_one(event: Event, ploidy: Ploidy, sex: str) -> bool:
    """Whether a person of that sex has one copy of both ends; of an event within a contig, of most of its bases."""
    one, two = event.first, event.second
    if one.contig == two.contig:
        return is_haploid(ploidy.kind(one.contig, one.pos, two.pos), sex)
    return all(is_haploid(ploidy.kind(end.contig, end.pos), sex) for end in (one, two))


def has_twin(event: Event, found: Iterable[tuple[Event, list[Evidence]]]) -> bool:
    """Whether one of the events that some sample shows is its twin."""
    return any(is_twin(event, other) and any(one.alt >= MIN_FRAGMENTS for one in seen) for other, seen in found)


def sequence_fields(event: Event, sequences: Sequences) -> list[str]:
    """INFO of the bases around both ends."""
    return [f"SIMILARITY={similarity(event, sequences):.2f}", f"COMPLEXITY={complexity(event, sequences):.2f}"]


def seen_in(
    event: Event, alignment: pysam.AlignmentFile, library: Library, sequences: Sequences, most: int
) -> Evidence:
    """What a sample shows of a proposal; nothing where its reads are not paired."""
    return count(event, alignment, library, sequences, most) if library.is_paired else Evidence()


class Junction(NamedTuple):
    """Kind and first side of a junction of an event; reads across it, and fragments that show it, of all samples."""

    kind: str
    side: str
    split: int
    names: set[tuple[int, str]]

    def is_explained_by(self, other: "Junction") -> bool:
        is_like = (self.kind, self.side) == (other.kind, other.side)
        return is_like and self.split < other.split and 2 * len(self.names & other.names) > len(self.names)


def own_junctions(events: Sequence[Event], shown: Sequence[list[Evidence]]) -> Iterator[tuple[Event, list[Evidence]]]:
    """Events with their evidence, those of two junctions without that of a junction whose fragments another one
    explains with more reads across it: where an inversion loses fewer bases than a fragment has, fragments also lie
    around what callers propose where the lost bases begin."""
    seen = [list(_junctions(event, found)) for event, found in zip(events, shown, strict=True)]
    every = [one for junctions in seen for one in junctions]
    for event, found, junctions in zip(events, shown, seen, strict=True):
        if not event.other:
            yield event, found
            continue
        own = [not any(one.is_explained_by(other) for other in every) for one in junctions]
        if any(own):
            yield event, [Evidence(map(_of_own, one, own)) for one in found]


def _of_own(seen: Seen, own: bool) -> Seen:
    """What a sample shows of a junction, without fragments where another one explains them."""
    return seen if own else Seen(ends=seen.ends)


def _junctions(event: Event, found: Sequence[Evidence]) -> Iterator[Junction]:
    for number, (first, _) in enumerate(event.junctions):
        seen = [(n, one[number]) for n, one in enumerate(found) if one]
        names = {(n, name) for n, one in seen for name in one.shown}
        yield Junction(event.kind, first.side, sum(len(one.split) for _, one in seen), names)


def seen_junctions(event: Event, found: list[Evidence]) -> tuple[Event, list[Evidence]]:
    """An event of two junctions of which no sample shows one: with the other one alone."""
    counts = [[len(one.shown) for one in evidence] for evidence in found if evidence]
    seen = [number for number, column in enumerate(zip(*counts, strict=True)) if max(column) >= MIN_FRAGMENTS]
    if len(event.junctions) == 1 or len(seen) != 1:
        return event, found
    first, second = event.junctions[seen[0]]
    alone = [Evidence(evidence[seen[0] :][:1]) for evidence in found]
    return replace(event, first=first, second=second, other=None), alone


def reunited(found: Sequence[tuple[Event, list[Evidence]]]) -> list[tuple[Event, list[Evidence]]]:
    """Events, single junctions that are both of one event as that. A caller that leaves open which sides are joined
    proposes two, of which one is seen: the other one of the event is then apart by the bases that were lost."""
    of = {(event.first, event.second): evidence for event, evidence in found if not event.other}
    whole = [(event, evidence) for event, evidence in found if event.other]
    single = both_junctions([event for event, _ in found if not event.other], FAR_LOST)
    shown = [[of[junction] for junction in event.junctions] for event in single]
    together = [[Evidence(chain(*parts)) for parts in zip(*one, strict=True)] for one in shown]
    return whole + list(zip(single, together, strict=True))


def neighbours(events: Iterable[Event], bases: int) -> Iterator[list[Event]]:
    """Sorted events, those that begin within some bases of each other together."""
    group: list[Event] = []
    for event in events:
        if group and not is_near(group[-1].first, event.first, bases):
            yield group
            group = []
        group.append(event)
    if group:
        yield group


def distinct(counted: Iterable[tuple[Event, list[Evidence]]]) -> list[tuple[Event, list[Evidence]]]:
    """Events, those with most reads across them first, without those of the same kind that the same fragments show: a
    caller's less exact proposal of an event."""
    kept: list[tuple[Event, list[Evidence], set[tuple[int, str]]]] = []
    for event, found in sorted(counted, key=lambda one: -sum(evidence.split for evidence in one[1])):
        names = {(n, name) for n, evidence in enumerate(found) for seen in evidence for name in seen.shown}
        if not any(event.kind == other.kind and 2 * len(names & shown) > len(names) for other, _, shown in kept):
            kept.append((event, found, names))
    return [(event, found) for event, found, _ in kept]


def counted_in(
    event: Event, found: Evidence, alignment: pysam.AlignmentFile, library: Library, haploid: bool
) -> Counted:
    """Evidence with depth and genotype."""
    ratio = depth_ratio(event, alignment) if found else None
    return Counted(found, ratio, genotype(event.kind, found.ref, found.alt, ratio, haploid), library)


def counted_in_tumor(found: Evidence, library: Library) -> Counted:
    """The same where reads are of targets. Often only one end is among them: the deeper one tells the fraction, and
    depths inside and outside are not compared."""
    ref = max(found.ref_at_ends, default=0)
    return Counted(found, None, tumor_genotype(ref, found.alt), library, ref)
