"""Loci of joined alleles: which fragments carry all parts of a haplotype, some of them, or none."""

from collections import Counter
from collections.abc import Iterable, Sequence

from gms.genome.alleles import Allele, changed, copy_span
from gms.variants.evidence.indel_loci import IndelLocus
from gms.variants.evidence.loci import Locus, SnvLocus
from gms.variants.evidence.reads import UNFIT, Observation
from gms.variants.evidence.stutter import Stutter
from gms.variants.small.haplotypes import TOGETHER, Haplotype

MAX_IN_A_READ = 50  # bases between the first part and the last one of a haplotype that most reads show whole
MIN_FRAGMENTS = 2  # that make a combination of parts a haplotype of its own, not an error


class FragmentLocus(SnvLocus):
    """Changes read together, from the fragments of their own loci. Haplotypes: none of the changes, all, and each other
    combination that several fragments show.

    A fragment must show every change, unless they are `far` apart: then it must show the leading one, and what it does
    not show of the others is taken to be like that.
    """

    def __init__(self, haplotype: Haplotype, loci: Sequence[Locus], far: bool = False):
        self.alleles = [haplotype.allele]
        self.start, self.end = loci[0].start, max(locus.end for locus in loci)
        parts = list(zip(loci, haplotype.parts, strict=True))
        first = leading(parts) if far else 0
        shown = {}
        for name in loci[first].fragments:
            seen = [informative(locus, name) for locus in loci]
            if seen[first] and (far or all(seen)):
                states = [state(o or seen[first], *parts[number if o else first]) for number, o in enumerate(seen)]
                shown[name] = (tuple(states), list(filter(None, seen)))
        numbers = Counter(carried for carried, _ in shown.values() if None not in carried)
        none, whole = (False,) * len(loci), (True,) * len(loci)
        others = sorted(c for c, number in numbers.items() if number >= MIN_FRAGMENTS and c not in (none, whole))
        combinations = [none, whole, *others]
        self.carried = [(), (0,), *([()] * len(others))]
        self.error = max(locus.error for locus in loci)
        self.fragments = {name: joined(carried, seen, combinations) for name, (carried, seen) in shown.items()}


def informative(locus: Locus, name: str) -> Observation | None:
    """What a fragment shows of a locus; None where it cannot tell."""
    seen = locus.fragments.get(name)
    return seen if seen and (locus.counts_other or seen.best is not None) else None


def state(seen: Observation, locus: Locus, part: Allele) -> bool | None:
    """Whether a fragment carries a change; None where it has another allele in its place."""
    if seen.best is None:
        return None
    carried = locus.carried[seen.best]
    return True if locus.alleles.index(part) in carried else None if carried else False


def leading(parts: Sequence[tuple[Locus, Allele]]) -> int:
    """Number of the change that stands for the haplotype: hardly ever seen without the others, and the most often."""
    names = {name for locus, _ in parts for name in locus.fragments}
    table = [[state(o, *p) if (o := informative(p[0], name)) else None for p in parts] for name in names]
    ranks = []
    for number in range(len(parts)):
        carriers = [states for states in table if states[number]]
        alone = sum(False in states for states in carriers)
        ranks.append((alone > (1 - TOGETHER) * len(carriers), -len(carriers)))
    return ranks.index(min(ranks))


def joined(carried: tuple[bool | None, ...], seen: Sequence[Observation], combinations: Sequence) -> Observation:
    """Distances to the combinations, in changes; the least of the qualities and end distances of what is shown."""
    distances = tuple(sum(a != b for a, b in zip(carried, other, strict=True)) for other in combinations)
    if None in carried:
        distances = (UNFIT,) * len(combinations)
    qualities = [min(o[field] for o in seen) for field in (1, 2)]
    return Observation(distances, *qualities, seen[0].strands, min(o.end_distance for o in seen))


class JoinedIndelLocus(IndelLocus):
    """A haplotype with an indel. Fragments are compared with the reference, the whole, each part alone and `rivals`,
    other joined alleles of the place, which may differ from it in a base that few of the molecules have."""

    def __init__(self, haplotype: Haplotype, rivals: Sequence[Haplotype], sequence: str, offset: int, stutter: Stutter):
        spans = [copy_span(part, sequence, offset) for whole in (haplotype, *rivals) for part in whole.parts]
        start, end = min(low for low, _ in spans), max(high for _, high in spans)
        alleles = [haplotype.allele, *haplotype.parts, *(rival.allele for rival in rivals)]
        super().__init__(alleles, start, end, sequence, offset, stutter, paired=False)


def joined_loci(
    haplotypes: Sequence[Haplotype], loci: Iterable[Locus], sequence: str, offset: int, stutter: Stutter
) -> list[Locus]:
    """The locus of each haplotype in one sample, whose own loci are filled. JoinedIndelLocus is still to be filled."""
    own = {allele: locus for locus in loci for allele in locus.alleles}
    made: list[Locus] = []
    for haplotype in haplotypes:
        if (are_snvs := all(part.is_snv for part in haplotype.parts)) or reach(haplotype) > MAX_IN_A_READ:
            parts = [own[part] for part in haplotype.parts]
            made.append(FragmentLocus(haplotype, parts, far=not are_snvs))
        else:
            made.append(JoinedIndelLocus(haplotype, rivals_of(haplotype, haplotypes), sequence, offset, stutter))
    return made


def reach(haplotype: Haplotype) -> int:
    """Bases between the first part and the last one."""
    ends = [changed(part) for part in haplotype.parts]
    return max(start for start, _ in ends) - min(end for _, end in ends)


def rivals_of(haplotype: Haplotype, haplotypes: Iterable[Haplotype]) -> list[Haplotype]:
    """Others that overlap it and that most reads show whole."""
    low, high = haplotype.allele.pos, haplotype.allele.pos + len(haplotype.allele.ref)
    return [
        other
        for other in haplotypes
        if other != haplotype
        and other.allele.pos < high
        and low < other.allele.pos + len(other.allele.ref)
        and reach(other) <= MAX_IN_A_READ
    ]
