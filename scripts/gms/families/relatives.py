"""What the genotype of a relative says: certain with an allele, certain without it, probably with it, or nothing.

A missing or weak genotype rules nothing out; but where a parent probably has an allele, the child's is not new. Depth
and genotype quality from which a genotype counts: poirot (AutoMap depth 10, upd GQ 20). Two or more reads with the
allele in a parent without it predict true mosaicism of that parent (Gambin 2020, doi:10.1038/s41436-020-0897-z). A
heterozygous genotype with less than a quarter of the reads may be a mosaic one as well: a germline heterozygote of 30
reads is below it once in 380 (binomial).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from gms.genome.ploidy import is_by_depth, is_haploid, usual_sex
from gms.genome.vcf import sample_values

MIN_DEPTH = 10
MIN_QUALITY = 20
MOSAIC_READS = 2
GERMLINE_FRACTION = 0.25
# Copies beyond the 95 % interval of their mean from which they are a mosaic's: depth is off by some per cent anywhere.
BETWEEN_COPIES = 0.15


class Shares(NamedTuple):
    """Shares of the reads with an allele: the least of a `germline` heterozygote, the one from which a carrier is
    `certain` whatever the genotype quality, and of a mitochondrion the one below which they may be `errors`."""

    germline: float
    certain: float
    errors: float = 0  # split reads do not show the same two ends twice by error


# One wrong base in 3,000 (a third of quality 30) gives two of 1,000 reads with a probability of 0.045, four of 2,000
# with 0.005 and ten of 5,000 with 0.00001 (Poisson).
USUAL = Shares(GERMLINE_FRACTION, math.inf, 0.002)
DELETED = USUAL._replace(errors=0)
# A tandem duplication leaves both ends of the reference, so that one junction stands against two (0.31 of fragments,
# gms.variants.structural.genotypes): heterozygotes of 20-40 are as seldom below this as other events (0.45) below 0.25.
# Its genotype quality is mostly that of one copy against two: of 30 fragments 94 % of heterozygotes have the share that
# makes a carrier certain, and as many of those with it in half of their cells (33 %) as have a quarter of the reads of
# other events (38 %; binomial).
DUPLICATED = Shares(0.13, 0.2)
MIN_MITOCHONDRIAL_DEPTH = 160  # reads: of an allele of 3 % fewer than 2 are seen with a probability of 0.045
TWO_GAINED = "1/."  # two copies more, both on one chromosome or one on each
PARENTS = ("mother", "father")
FULL_SIBLINGS = ("sibling", "twin")  # of the same two parents

UNINFORMATIVE, WITHOUT, MOSAIC, ONE_COPY, TWO_COPIES = "uninformative", "without", "mosaic", "one_copy", "two_copies"
PROBABLE = "probable"  # with it by its reads or the genotype, at a depth or quality that makes nothing certain
WITH = (ONE_COPY, TWO_COPIES)


class Member(NamedTuple):
    """A sample column of the case; `sex` is female, male or unknown, or sex chromosomes as depth shows them (XX, XY, X,
    XXY ...); `affected` yes, no or unknown."""

    role: str
    sex: str
    affected: str


class Relative(NamedTuple):
    """A relative of the person investigated, and what the genotype at one allele says (see the states above)."""

    role: str
    sex: str
    affected: str
    state: str

    @property
    def is_certain_carrier(self) -> bool:
        return self.state in WITH


def sex_of(member: Member) -> str:
    """Sex chromosomes where they were measured, else the sex of the sheet; a mother's and a father's are known."""
    if is_by_depth(member.sex):
        return member.sex
    return {"mother": "female", "father": "male"}.get(member.role, member.sex)


def as_usual(members: Sequence[Member]) -> list[Member]:
    """The members with the sex chromosomes of women and men, from whose copies a chromosome is lost or gained as a
    whole."""
    return [member._replace(sex=usual_sex(sex_of(member))) for member in members]


def is_whole(info: str) -> bool:
    """Whether the event of a record is all of a chromosome."""
    return "WHOLE" in info.split(";")


def state(keys: str, column: str, shares: Shares = USUAL) -> str:
    """State of a sample's column with the FORMAT `keys`; `shares` as of `shares_of`."""
    genotype, depth, quality, alt = numbers(keys, column)
    copies, reads = genotype.count("1"), alt or 0
    if is_between_copies(keys, column):
        return MOSAIC
    if depth < MIN_DEPTH or not genotype:
        return unclear(genotype, depth, alt, shares)
    if copies and quality < MIN_QUALITY and reads >= shares.certain * depth:
        return ONE_COPY
    if quality >= MIN_QUALITY and genotype == TWO_GAINED:
        return ONE_COPY
    one_of_two, few = copies == 1 and len(genotype) > 1, alt is not None and alt < shares.germline * depth
    if (one_of_two or not copies) and few and reads >= MOSAIC_READS:
        return MOSAIC  # whatever the quality: between no and one copy, neither genotype fits
    if quality < MIN_QUALITY or "." in genotype:
        return unclear(genotype, depth, alt, shares)
    if not copies:
        return MOSAIC if reads >= MOSAIC_READS else WITHOUT
    if one_of_two:
        return MOSAIC if few else ONE_COPY
    return ONE_COPY if len(genotype) == 1 else TWO_COPIES


def unclear(genotype: str, depth: int, alt: int | None, shares: Shares) -> str:
    """State of a genotype that is not certain: PROBABLE where it was called with the allele and more than one read, if
    reads are known, has it; or where as many reads have it as of a heterozygote, unless few reads were called without
    it."""
    if "1" in genotype:
        return PROBABLE if alt is None or alt >= MOSAIC_READS else UNINFORMATIVE
    is_without = genotype.startswith("0") and depth < MIN_DEPTH
    many = alt is not None and alt >= max(MOSAIC_READS, shares.germline * depth)
    return PROBABLE if many and not is_without else UNINFORMATIVE


def child_copies(keys: str, column: str) -> tuple[int, ...]:
    """Copies that the person investigated may have: the called ones if certain, else these first, then the others of
    one and two; none: (). Few reads may all be of one chromosome, but not where they show both alleles: of those the
    quality alone decides."""
    genotype, depth, quality, _ = numbers(keys, column)
    if "1" not in genotype:
        return ()
    if genotype == TWO_GAINED:
        return (1, 2)
    has_both = "0" in genotype
    called = (1, 2) if has_both or len(genotype) == 1 else (2, 1)
    is_certain = len(genotype) == 1 or quality >= MIN_QUALITY and (has_both or depth >= MIN_DEPTH)
    return called[:1] if is_certain else called


def numbers(keys: str, column: str) -> tuple[str, int, int, int | None]:
    """GT, DP, GQ and the allele's reads (of AD). A missing DP or GQ is 0, missing reads are None. Of copies by depth
    (CN) GQ alone says how certain they are: a place that is lost has no reads."""
    values = sample_values(keys, column)
    alt = values.get("AD", "").rpartition(",")[2]
    quality = values.get("GQ", "")
    depth = whole(values.get("DP", "")) if "CN" not in values else MIN_DEPTH
    return values.get("GT", ""), depth, whole(quality), int(alt) if alt.isdigit() else None


def is_between_copies(keys: str, column: str) -> bool:
    """Whether copies by depth are no whole number: CN is far from the interval of their mean (CICN)."""
    if "CICN" not in keys:  # of most records
        return False
    values = sample_values(keys, column)
    low, _, high = values.get("CICN", "").partition(",")
    if not high:
        return False
    copies = int(values["CN"])
    return not float(low) - BETWEEN_COPIES <= copies <= float(high) + BETWEEN_COPIES


def whole(text: str) -> int:
    return int(text) if text.isdigit() else 0


def mitochondrial_state(keys: str, column: str, shares: Shares = USUAL) -> str:
    """State by the reads of a mitochondrion, of which records have no genotype quality: a carrier in any share of the
    molecules (few: MOSAIC), or WITHOUT where so many reads lack the allele that less than 3 % have it (95 %)."""
    genotype, depth, _, alt = numbers(keys, column)
    if alt is None:
        return state(keys, column)
    carries = has_mitochondrial_allele("1" in genotype, alt, depth, shares)
    if depth >= MIN_DEPTH and carries:
        return ONE_COPY if alt >= GERMLINE_FRACTION * depth else MOSAIC
    return WITHOUT if depth >= MIN_MITOCHONDRIAL_DEPTH and carries is False else UNINFORMATIVE


def has_mitochondrial_allele(is_called: bool, alt: int, depth: int, shares: Shares) -> bool | None:
    """Whether reads with an allele are more than errors among all of the depth; None where they are so few that they
    may be errors, but were called by their base qualities."""
    if alt < MOSAIC_READS:
        return False
    return True if alt >= shares.errors * depth else None if is_called else False


def shares_of(alt: str) -> Shares:
    """The shares that count at a record, by its ALT."""
    return {"<DUP>": DUPLICATED, "<DEL>": DELETED}.get(alt, USUAL)


def relatives(
    members: Sequence[Member], kind: str, keys: str, columns: Sequence[str], shares: Shares = USUAL
) -> tuple[Relative, ...]:
    """The members after the first, which is the person investigated, with their states at one record; `kind` of place
    as in gms.genome.ploidy, `shares` as of `shares_of`. Two alleles of an only X or Y are no certain genotype: of a
    mosaic, a second X that was not measured, or reads of another place. Of mitochondria, reads tell; those of a father
    say nothing, as they are not passed on: what he has of an allele he has by chance."""
    found = []
    for member, column in zip(members[1:], columns[1:], strict=True):
        sex, is_mitochondrial = sex_of(member), kind == "mitochondrion"
        known = mitochondrial_state(keys, column, shares) if is_mitochondrial else state(keys, column, shares)
        two_of_one = known == ONE_COPY and is_haploid(kind, sex) and "/" in column.partition(":")[0]
        says_nothing = two_of_one or is_mitochondrial and member.role == "father"
        found.append(Relative(member.role, sex, member.affected, UNINFORMATIVE if says_nothing else known))
    return tuple(found)
