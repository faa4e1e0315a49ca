"""Loci of joined alleles: which fragments carry all parts of a haplotype, some of them, or none."""

from collections import Counter
from collections.abc import Iterable, Sequence

from gms.genome.alleles import Allele, span
from gms.variants.evidence.indel_loci import IndelLocus
from gms.variants.evidence.loci import Locus, SnvLocus
from gms.variants.evidence.reads import UNFIT, Observation
from gms.variants.evidence.stutter import Stutter
from gms.variants.small.haplotypes import Haplotype

MIN_FRAGMENTS = 2  # that make a combination of parts a haplotype of its own, not an error


class JoinedSnvLocus(SnvLocus):
    """SNVs read together, from the fragments of their own loci. Haplotypes: none of the SNVs, all, and each other
    combination that several fragments show. A fragment must show every SNV's base."""

    def __init__(self, haplotype: Haplotype, loci: Sequence[SnvLocus]):
        self.alleles = [haplotype.allele]
        self.start, self.end = loci[0].start, loci[-1].end
        shown = {}
        for name in loci[0].fragments:
            seen = [locus.fragments.get(name) for locus in loci]
            if all(seen):
                carried = [state(o, locus, part) for o, locus, part in zip(seen, loci, haplotype.parts, strict=True)]
                shown[name] = (tuple(carried), seen)
        numbers = Counter(carried for carried, _ in shown.values() if None not in carried)
        none, whole = (False,) * len(loci), (True,) * len(loci)
        others = sorted(c for c, number in numbers.items() if number >= MIN_FRAGMENTS and c not in (none, whole))
        combinations = [none, whole, *others]
        self.carried = [(), (0,), *([()] * len(others))]
        self.fragments = {name: joined(carried, seen, combinations) for name, (carried, seen) in shown.items()}


def state(seen: Observation, locus: SnvLocus, part: Allele) -> bool | None:
    """Whether a fragment carries an SNV; None for a base that is neither the reference nor the SNV."""
    if seen.best is None or seen.best not in (0, locus.alleles.index(part) + 1):
        return None
    return seen.best > 0


def joined(carried: tuple[bool | None, ...], seen: Sequence[Observation], combinations: Sequence) -> Observation:
    """Distances to the combinations, in SNVs; the least of the qualities and end distances of the bases."""
    distances = tuple(sum(a != b for a, b in zip(carried, other, strict=True)) for other in combinations)
    if None in carried:
        distances = (UNFIT,) * len(combinations)
    qualities = [min(o[field] for o in seen) for field in (1, 2)]
    return Observation(distances, *qualities, seen[0].reverse, min(o.end_distance for o in seen))


class JoinedIndelLocus(IndelLocus):
    """A haplotype with an indel. Fragments are compared with the reference, the whole and each part alone."""

    def __init__(self, haplotype: Haplotype, sequence: str, offset: int, stutter: Stutter):
        spans = [span(part, sequence, offset) for part in haplotype.parts]
        start, end = min(low for low, _ in spans), max(high for _, high in spans)
        super().__init__([haplotype.allele, *haplotype.parts], start, end, sequence, offset, stutter, paired=False)


def joined_loci(
    haplotypes: Iterable[Haplotype], loci: Iterable[Locus], sequence: str, offset: int, stutter: Stutter
) -> list[Locus]:
    """The locus of each haplotype in one sample, whose own loci are filled. JoinedIndelLocus is still to be filled."""
    snvs = {allele: locus for locus in loci if isinstance(locus, SnvLocus) for allele in locus.alleles}
    made: list[Locus] = []
    for haplotype in haplotypes:
        if all(part in snvs for part in haplotype.parts):
            made.append(JoinedSnvLocus(haplotype, [snvs[part] for part in haplotype.parts]))
        else:
            made.append(JoinedIndelLocus(haplotype, sequence, offset, stutter))
    return made
