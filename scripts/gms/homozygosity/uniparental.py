"""Uniparental disomy: stretches of a chromosome where both copies of a child came from one parent."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from gms.homozygosity.runs import ONE_COPY, median_depth
from gms.homozygosity.sites import UNCERTAIN, Sites

# What a site of a trio shows, by the genotypes of child, mother and father.
NOTHING, BIPARENTAL, FROM_MOTHER, FROM_FATHER, NOT_MOTHER, NOT_FATHER = range(6)
STATES = ("biparental", "mother", "father")
# Probability of each observation (columns as above, from BIPARENTAL) in each state; one that a state excludes needs an
# error. At the quality that sites ask for one genotype in 100 is wrong, but of three persons, and also at the many
# sites that show nothing otherwise: then one in eight observations in a heterodisomy is an error, elsewhere fewer
# (`./gms benchmark uniparental`).
_ERROR = 0.05
_ALLOWED = ((1, 0, 0, 1, 1), (0, 1, 0, 0, 1), (0, 0, 1, 1, 0))
_EMISSION = np.log([[1 - 2 * _ERROR if allowed else _ERROR for allowed in row] for row in _ALLOWED])
_SWITCH = 1e-4  # between two informative sites
# Fewer informative sites, or a shorter stretch, may be a deletion that one parent carries, or a run of errors.
MIN_INFORMATIVE, MIN_LENGTH = 20, 2_000_000
# Of a child's genotypes where the parent is heterozygous: both of the parent's chromosomes are there, or one twice.
HETERODISOMY, ISODISOMY = 0.9, 0.1
MIN_HETEROZYGOUS = 10  # such sites, without which the kind is not known; one genotype in 100 is wrong
# A segment that takes this share of the sites' span is the whole chromosome.
WHOLE = 0.9


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch from one parent, 1-based and closed. `kind`: isodisomy, heterodisomy, mixed or unknown; `informative`
    sites show it and `contrary` ones do not; `depth` as in `Run`; `whole`: of the chromosome."""

    contig: str
    start: int
    end: int
    parent: str
    kind: str
    informative: int
    contrary: int
    depth: float
    whole: bool

    @property
    def length(self) -> int:
        """Bases."""
        return self.end - self.start + 1


def observations(child: np.ndarray, mother: np.ndarray, father: np.ndarray) -> np.ndarray:
    """What each site shows, from copies of the alternative allele (0, 1, 2 or UNCERTAIN)."""
    shown = np.full(len(child), NOTHING)
    certain = (child != UNCERTAIN) & (mother != UNCERTAIN) & (father != UNCERTAIN)
    opposite = certain & (np.abs(mother - father) == 2)
    shown[opposite & (child == 1)] = BIPARENTAL
    for parent, other, is_from, is_not in (
        (mother, father, FROM_MOTHER, NOT_MOTHER),
        (father, mother, FROM_FATHER, NOT_FATHER),
    ):
        homozygous = certain & (child != 1) & (np.abs(child - other) == 2)
        shown[homozygous & (parent != 2 - child)] = is_from
        shown[certain & (child == 1) & (parent != 1) & (other == 1)] = is_not
    return shown


def uniparental_segments(sites: Mapping[str, Sites]) -> Iterator[Segment]:
    """Segments of a trio's child; the columns of `sites` are child, mother, father."""
    usual = median_depth(sites)
    for contig, found in sites.items():
        shown = observations(*found.genotypes.T)
        informative = np.flatnonzero(shown != NOTHING)
        states = most_likely(_EMISSION[:, shown[informative] - 1])
        for first, last in stretches(states):
            if states[first]:
                yield from _segments(contig, found, shown, informative[first : last + 1], STATES[states[first]], usual)


def most_likely(emission: np.ndarray) -> list[int]:
    """The state of each informative site (the row of `emission`): the Viterbi path. `emission`: logarithm of the
    probability of what each site (column) shows in each state (row)."""
    change, stay, of_state = math.log(_SWITCH), math.log(1 - (len(emission) - 1) * _SWITCH), range(len(emission))
    scores, back = [0.0] * len(emission), []
    for column in emission.T.tolist():
        best = [
            max(of_state, key=lambda old, new=new: scores[old] + (stay if old == new else change)) for new in of_state
        ]
        scores = [scores[b] + (stay if b == new else change) + column[new] for new, b in enumerate(best)]
        back.append(best)
    states = [max(of_state, key=scores.__getitem__)] if back else []
    for best in reversed(back[1:]):
        states.append(best[states[-1]])
    return states[::-1]


def stretches(states: list[int]) -> Iterator[tuple[int, int]]:
    """First and last index of each stretch of one state."""
    edges = [0, *(i for i in range(1, len(states)) if states[i] != states[i - 1]), len(states)]
    yield from ((first, end - 1) for first, end in zip(edges, edges[1:], strict=False) if end > first)


def _segments(contig, sites: Sites, shown, inside, parent: str, usual: float) -> Iterator[Segment]:
    """The stretch over the sites `inside` as a segment, if it is long enough and not one copy only."""
    column = STATES.index(parent)
    proof = inside[shown[inside] == (FROM_MOTHER if parent == "mother" else FROM_FATHER)]
    if two_copies := long_enough(sites, proof, usual):
        part, depth, whole = two_copies
        excluded = [code + 1 for code, allowed in enumerate(_ALLOWED[column]) if not allowed]
        contrary = int(np.isin(shown[proof[0] : proof[-1] + 1], excluded).sum())
        ends = int(part.positions[0]), int(part.positions[-1])
        yield Segment(contig, *ends, parent, _kind(part, column), len(proof), contrary, depth, whole)


def long_enough(sites: Sites, proof: np.ndarray, usual: float) -> tuple[Sites, float, bool] | None:
    """The sites between the first and the last of `proof` (indexes), their depth over the usual one, and whether they
    are the whole chromosome; None if they are too few, too near each other or of one copy only."""
    if len(proof) < MIN_INFORMATIVE:
        return None
    part = sites.chosen(slice(proof[0], proof[-1] + 1))
    length = int(part.positions[-1]) - int(part.positions[0]) + 1
    depth = round(float(np.median(part.depths)) / usual, 2)
    if length < MIN_LENGTH or depth < ONE_COPY:
        return None
    return part, depth, bool(length >= WHOLE * (sites.positions[-1] - sites.positions[0] + 1))


def _kind(part: Sites, column: int) -> str:
    """Whether the child has both of the parent's chromosomes there, or one of them twice."""
    child, parent = part.genotypes[:, 0], part.genotypes[:, column]
    at = child[(parent == 1) & (child != UNCERTAIN)]
    return "unknown" if len(at) < MIN_HETEROZYGOUS else kind_of(float((at == 1).mean()))


def kind_of(share: float) -> str:
    """The kind of a stretch of which `share` (0-1) shows two different chromosomes."""
    return "heterodisomy" if share >= HETERODISOMY else "isodisomy" if share <= ISODISOMY else "mixed"
