"""The one rule that variants and consensus follow: depth, fraction and quality. Positions are 0-based."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from gms.genome.alleles import Allele
from gms.viral.chain.alleles import Observed, better

PASS, AMBIGUOUS, MINOR = "PASS", "AMBIGUOUS", "MINOR"
LOW_DEPTH, LOW_QUALITY, OVERLAP, REFERENCE_N = "LOW_DEPTH", "LOW_QUALITY", "OVERLAP", "REFERENCE_N"
CLIPPED = "CLIPPED"
# What the consensus has where it is neither the reference nor an allele: reason -> words.
REASONS = {
    LOW_DEPTH: "fewer reads than the minimum depth",
    LOW_QUALITY: "the allele's quality is below the limit",
    AMBIGUOUS: "an indel in some of the reads",
    OVERLAP: "alleles that exclude each other",
    REFERENCE_N: "the reference is N here",
    CLIPPED: "reads from both sides are clipped here: an insertion that they show the ends of only",
}
_BASES = ("A", "C", "G", "T")
_IUPAC = {frozenset(bases): code for code, bases in {
    "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC", "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG",
    "N": "ACGT",
}.items()}  # fmt: skip


class Called(NamedTuple):
    """An allele with its depth (reads, the fewest over its bases) and what became of it: PASS is in the consensus."""

    observed: Observed
    depth: int
    filter: str

    @property
    def pos(self) -> int:
        return self.observed.allele.pos

    @property
    def end(self) -> int:
        return self.pos + len(self.observed.allele.ref)


class Decision(NamedTuple):
    """The alleles of a sample; `codes`: IUPAC code by position; `masked`: reason for N by position."""

    called: list[Called]
    codes: dict[int, str]
    masked: dict[int, str]


def decide(
    observed: Iterable[Observed],
    depth: Sequence[int],
    genome: str,
    rules: Mapping[str, float],
    unresolved: Iterable[int] = (),
) -> Decision:
    """What becomes of every allele and position. `rules` are those of the assay, `depth` is by position; bases at
    `unresolved` positions are N.

    Of an indel that was counted twice, by bcftools and by its reads, the better count is taken.
    """
    best, sites = _by_kind(observed)
    masked = {place: LOW_DEPTH for place, reads in enumerate(depth) if reads < rules["min_depth"]}
    masked |= {place: REFERENCE_N for place, base in enumerate(genome) if base not in "ACGT"}
    masked |= {place: CLIPPED for place in unresolved if place not in masked}
    called = _decide_indels(best.values(), depth, rules, masked)
    removed = {place for one in called if one.filter == PASS for place in range(one.pos + 1, one.end)}
    codes: dict[int, str] = {}
    for place, alleles in sites.items():
        if place not in removed:
            called += _decide_site(place, alleles, depth[place], genome[place], rules, codes, masked)
    called = [_as_masked(one, masked) for one in called]
    return Decision(sorted(called, key=lambda one: one.observed.allele), codes, masked)


def _by_kind(observed: Iterable[Observed]) -> tuple[dict[Allele, Observed], dict[int, list[Observed]]]:
    """Indels by allele, the better of two counts; substitutions of one base by position."""
    sites: dict[int, list[Observed]] = defaultdict(list)
    best: dict[Allele, Observed] = {}
    for one in observed:
        if one.is_indel:
            best[one.allele] = better(best.get(one.allele, one), one)
        elif one.allele.ref in _BASES:
            sites[one.allele.pos].append(one)
    return best, sites


def _as_masked(one: Called, masked: Mapping[int, str]) -> Called:
    """An allele that would pass where the consensus is N, as next to an indel in doubt, has the filter of that."""
    reasons = [masked[place] for place in range(one.pos, one.end) if place in masked]
    return one._replace(filter=reasons[0]) if one.filter == PASS and reasons else one


def _is_shallow(one: Observed, reads: int, rules: Mapping[str, float]) -> bool:
    """Whether too few reads show anything: `total` counts overlapping mates once, the depth both of them."""
    return reads < rules["min_depth"] or 2 * one.total < rules["min_depth"]


def _decide_indels(
    indels: Iterable[Observed], depth: Sequence[int], rules: Mapping[str, float], masked: dict[int, str]
) -> list[Called]:
    """Indels, the most frequent first: one that overlaps a passed one is set aside; bases in doubt are masked."""
    called, taken = [], set()
    for one in sorted(indels, key=lambda one: (-one.fraction, one.allele)):
        allele = one.allele
        reads = min(depth[allele.pos : allele.pos + max(2, len(allele.ref))])
        state = _state(one, reads, rules)
        if state is None:
            continue
        bases = set(range(allele.pos, allele.pos + len(allele.ref)))
        if state == PASS and bases & taken:
            state = OVERLAP
        if state == PASS:
            taken |= bases
        elif state in (AMBIGUOUS, LOW_QUALITY):
            masked |= {place: state for place in bases - {allele.pos} or bases if place not in masked}
        elif state == LOW_DEPTH:
            masked |= dict.fromkeys(bases - masked.keys(), LOW_DEPTH)
        called.append(Called(one, reads, state))
    return called


def _state(one: Observed, reads: int, rules: Mapping[str, float]) -> str | None:
    """The filter of one allele by its own reads; None of one that is not reported."""
    if one.fraction >= rules["ambiguous_fraction"] and _is_shallow(one, reads, rules):
        return LOW_DEPTH if one.fraction >= rules["consensus_fraction"] else None
    if one.fraction >= rules["consensus_fraction"]:
        return PASS if one.quality >= rules["variant_quality"] else LOW_QUALITY
    if one.fraction >= rules["ambiguous_fraction"]:
        return AMBIGUOUS
    is_minor = one.fraction >= rules["minor_fraction"] and one.count >= rules["minor_reads"]
    return MINOR if is_minor and reads >= rules["min_depth"] else None


def _decide_site(
    place: int,
    alleles: list[Observed],
    reads: int,
    ref: str,
    rules: Mapping[str, float],
    codes: dict[int, str],
    masked: dict[int, str],
) -> list[Called]:
    """Substitutions at one position, of which the consensus takes one base or an IUPAC code."""
    states = {one: _state(one, reads, rules) for one in alleles}
    for reason in (LOW_QUALITY, LOW_DEPTH):
        if reason in states.values():
            masked.setdefault(place, reason)
    fractions = {one.allele.alt: one.fraction for one in alleles}
    fractions[ref] = 1 - sum(fractions.values())
    if max(fractions.values()) >= rules["consensus_fraction"]:  # sure: at exactly the limits
        states = {one: MINOR if state == AMBIGUOUS else state for one, state in states.items()}
    elif _is_shallow(alleles[0], reads, rules):
        masked.setdefault(place, LOW_DEPTH)
    elif place not in masked:
        ranked = sorted(fractions, key=lambda base: -fractions[base])
        bases = [base for base in ranked if fractions[base] >= rules["ambiguous_fraction"]]
        codes[place] = _IUPAC[frozenset(bases if len(bases) > 1 else ranked[:2])]
    return [Called(one, reads, state) for one, state in states.items() if state]


def consensus_bases(decision: Decision) -> list[Called]:
    """The alleles that the consensus has."""
    return [one for one in decision.called if one.filter == PASS]
