"""The set of modes by which an allele may act in a family, from the copies that each member has.

Only a certain genotype rules a mode out (gms.families.relatives). The rules are those of genmod 3.12
(github.com/Clinical-Genomics/genmod); where they differ, tests/cases/inheritance/genmod/README.md says why.
Whether an allele that may be half of a compound pair has a partner is decided with the filters (gms.filtering.pairs).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from gms.families.relatives import (
    FULL_SIBLINGS,
    MOSAIC,
    PARENTS,
    PROBABLE,
    TWO_COPIES,
    UNINFORMATIVE,
    WITH,
    WITHOUT,
    Relative,
)
from gms.genome.ploidy import chromosomes_of, is_haploid

# In the order in which one is chosen as the label for a reader.
MODES = (
    "de_novo",
    "recessive_homozygous",
    "one_parent",
    "x_linked_recessive",
    "x_linked_dominant",
    "y_linked",
    "mitochondrial",
    "autosomal_dominant",
    "compound",
    "pseudo_autosomal",
)
# On X without a stated sex two copies are one of a son rather than both of one parent.
OF_UNKNOWN_SEX = (*(mode for mode in MODES if mode != "one_parent"), "one_parent")
BIPARENTAL = ("autosome", "par")
EITHER_SEX = ("female", "male")
_NOT_FOR_SURE = {"de_novo", "compound", "pseudo_autosomal"}  # modes that are no reason to show what has nothing else


@lru_cache(maxsize=10_000)
def possible_modes(
    kind: str, sex: str, copies: tuple[int, ...], relatives: tuple[Relative, ...], reduced: bool
) -> tuple[str, ...]:
    """Modes (of MODES, in the order in which they are shown) that nothing certain rules out; empty if none is left.

    `kind`: see gms.genome.ploidy; `sex` (as of relatives.Member) and possible `copies` are the child's; `reduced`: its
    gene has reduced penetrance, so that a healthy person may have one copy of a dominant allele, and a healthy man one
    on his X.
    """
    is_open = kind == "x" and not chromosomes_of(sex)
    if kind == "x":
        found = {m for s in (EITHER_SEX if is_open else (sex,)) for m in x_modes(s, copies, relatives, reduced)}
    elif kind == "y":
        found = y_modes(relatives) if copies else set()
    elif kind == "mitochondrion":
        # A mother may be healthy because a smaller share of her mitochondria carries it: nothing rules it out.
        found = {"mitochondrial"} if copies else set()
    else:
        found = {mode for number in copies for mode in autosomal_modes(number, relatives, reduced)}
        found |= {"pseudo_autosomal"} if kind == "par" and found else set()
    if found - _NOT_FOR_SURE and has_probable_giver(relatives, givers_of(kind, sex)):
        found = found - {"de_novo"}
    return tuple(mode for mode in (OF_UNKNOWN_SEX if is_open else MODES) if mode in found)


def modes_in_order(
    kind: str, sex: str, copies: tuple[int, ...], relatives: tuple[Relative, ...], reduced: bool
) -> tuple[str, ...]:
    """`possible_modes`, those of the first of `copies` in front: what was called heterozygous is not first shown as
    homozygous, although it may be."""
    every = possible_modes(kind, sex, copies, relatives, reduced)
    if len(copies) < 2:
        return every
    of_each = (mode for number in copies for mode in possible_modes(kind, sex, (number,), relatives, reduced))
    return tuple(dict.fromkeys(mode for mode in of_each if mode in every))


def modes_of_gain(kind: str, sex: str, relatives: tuple[Relative, ...], reduced: bool) -> tuple[str, ...]:
    """Modes of two copies more of what is gained: those of both on one chromosome (a triplication) come first, as one
    on each is rarer and neither reads nor depth tell them apart. Nor do they show that both are of one parent."""
    return tuple(mode for mode in modes_in_order(kind, sex, (1, 2), relatives, reduced) if mode != "one_parent")


def autosomal_modes(copies: int, relatives: Sequence[Relative], reduced: bool) -> set[str]:
    """Modes of one or two `copies` on a chromosome that both parents give."""
    carriers = [relative.state for relative in relatives if relative.affected == "no" and relative.is_certain_carrier]
    shared = not affected_sibling_without(relatives)
    if copies == 1:
        # Two copies in a healthy person are no proof against a pair: a hypomorphic allele may need a severe partner.
        found = {"compound"} if shared else set()
        if not carriers or reduced and TWO_COPIES not in carriers:
            found |= {"autosomal_dominant"} if shared and is_inheritable(relatives) else set()
            found |= {"de_novo"} if may_be_new(relatives, PARENTS) else set()
        return found
    return two_copies(relatives, TWO_COPIES in carriers) if shared else set()


def two_copies(relatives: Sequence[Relative], healthy: bool) -> set[str]:
    """Modes of two copies on an autosome; `healthy`: an unaffected relative has two as well."""
    known = parents(relatives)
    givers = {role for role in PARENTS if role not in known or known[role].state != WITHOUT}
    uncertain = [relative for role, relative in known.items() if not relative.is_certain_carrier and givers - {role}]
    # The other chromosome lost the place, and what is lost is a partner; or both copies are of one parent.
    found = {"compound"} if uncertain else set()
    found |= {"one_parent"} if not healthy and any(one.state != PROBABLE for one in uncertain) else set()
    if not healthy:
        found |= {"recessive_homozygous"} if len(givers) == 2 else set() if givers else {"de_novo"}
    return found


def x_modes(sex: str, copies: Sequence[int], relatives: Sequence[Relative], reduced: bool) -> set[str]:
    """Modes on the X outside of the PAR, by the number of X. A son's X is his mother's, the only X of a girl (45,X) of
    either parent, both X of 47,XXY may be. Who has two X may be healthy with one copy, because one X is silent in each
    cell. A healthy man with it leaves a daughter of a gene of `reduced` penetrance to be ill of one copy (PCDH19,
    EFNB1)."""
    healthy = [relative for relative in relatives if relative.affected == "no"]
    if not copies or any(relative.state == TWO_COPIES for relative in healthy):
        return set()
    has_one = is_haploid("x", sex)
    if any(is_haploid("x", relative.sex) and relative.is_certain_carrier for relative in healthy):
        spared = reduced and not has_one and 1 in copies and not affected_sibling_without(relatives)
        return {"x_linked_dominant"} if spared and is_inheritable(relatives) else set()
    givers = givers_of("x", sex)
    found = {"de_novo"} if may_be_new(relatives, givers) else set()
    if affected_sibling_without(relatives):
        return found
    if has_one:
        return found | ({"x_linked_recessive", "x_linked_dominant"} if is_inheritable(relatives, givers) else set())
    if is_inheritable(relatives):
        found |= {"x_linked_dominant"} | ({"compound"} if 1 in copies else set())
    return found | two_copies_of_x(sex, relatives) if 2 in copies else found


def two_copies_of_x(sex: str, relatives: Sequence[Relative]) -> set[str]:
    """Modes of an allele on both X; two X of one parent are uniparental disomy, but not where there is a Y as well."""
    if "Y" in chromosomes_of(sex):
        return {"x_linked_recessive"} if is_inheritable(relatives) else set()
    words = {"recessive_homozygous": "x_linked_recessive"}
    return {words.get(mode, mode) for mode in two_copies(relatives, healthy=False)}


def y_modes(relatives: Sequence[Relative]) -> set[str]:
    if any(r.affected == "no" and "Y" in chromosomes_of(r.sex) and r.is_certain_carrier for r in relatives):
        return set()
    father = parents(relatives).get("father")
    return {"de_novo"} if father and father.state == WITHOUT else {"y_linked"}


def parents(relatives: Iterable[Relative]) -> dict[str, Relative]:
    """The sequenced parents by role."""
    return {relative.role: relative for relative in relatives if relative.role in PARENTS}


def is_inheritable(relatives: Sequence[Relative], givers: Sequence[str] = PARENTS) -> bool:
    """Whether a parent of `givers` may carry it: one that was not sequenced, or is not certain without it."""
    known = parents(relatives)
    return any(role not in known or known[role].state != WITHOUT for role in givers)


def may_be_new(relatives: Sequence[Relative], givers: Sequence[str]) -> bool:
    """Whether it may be de novo: all of `givers` were sequenced, and none certainly carries it. With one parent an
    allele that this parent lacks may come from the other, so it is not called de novo."""
    known = parents(relatives)
    return all(role in known and not known[role].is_certain_carrier for role in givers)


def has_probable_giver(relatives: Iterable[Relative], givers: Sequence[str]) -> bool:
    """Whether a parent of `givers` probably carries it, so that what the child has is no new one."""
    known = parents(relatives)
    return any(role in known and known[role].state == PROBABLE for role in givers)


def affected_sibling_without(relatives: Iterable[Relative]) -> bool:
    """An ill sibling without the allele. An ill parent or half sibling without it rules nothing out: it may be ill from
    another cause, or from another allele of the gene, which the child has not got (pseudodominance)."""
    return any(r.role in FULL_SIBLINGS and r.affected == "yes" and r.state == WITHOUT for r in relatives)


def origins(kind: str, sex: str, relatives: Sequence[Relative]) -> tuple[str, ...]:
    """Parental chromosomes ('maternal', 'paternal') that a single copy of the child may be on.

    Both where a parent is not informative or both may have given it; both for a de novo allele. A parent with two
    copies gives one with certainty, a father his X. A son's X is maternal. Of 47,XXY both X may be of one parent, so
    that two alleles of this parent may be on different ones.
    """
    if givers_of(kind, sex) == ("mother",):
        return ("maternal",)
    if kind == "x" and "XXY" in chromosomes_of(sex):
        return ("maternal", "paternal")
    known = parents(relatives)
    possible = [role for role in PARENTS if role not in known or known[role].state != WITHOUT] or PARENTS
    giving = {"mother": (TWO_COPIES,), "father": WITH if kind == "x" else (TWO_COPIES,)}
    certain = [role for role in possible if role in known and known[role].state in giving[role]]
    words = {"mother": "maternal", "father": "paternal"}
    return tuple(words[role] for role in (certain if len(certain) == 1 else possible))


def givers_of(kind: str, sex: str) -> tuple[str, ...]:
    """The parents who may give a place of this kind to a child of this sex, or with these sex chromosomes."""
    if kind == "mitochondrion" or kind == "x" and is_haploid("x", sex) and "Y" in chromosomes_of(sex):
        return ("mother",)
    return ("father",) if kind == "y" else PARENTS


def labels(
    kind: str, sex: str, copies: Sequence[int], modes: Sequence[str], relatives: Sequence[Relative]
) -> list[str]:
    """What a reader has to know of the family before believing the modes.

    Few mitochondria with an allele make a carrier, not a mosaic.
    """
    if not copies:
        return []
    mosaic = () if kind == "mitochondrion" else (MOSAIC,)
    carriers = [relative for relative in relatives if relative.state in {*WITH, MOSAIC}.difference(mosaic)]
    known = {role: relative for role, relative in parents(relatives).items() if role in givers_of(kind, sex)}
    found = [f"{role}_not_informative" for role in known if known[role].state == UNINFORMATIVE]
    found += [f"probable_in_{role}" for role in known if known[role].state == PROBABLE]
    found += ["possible_parental_mosaicism"] if any(r.state in mosaic for r in known.values()) else []
    found += carrier_labels(carriers)
    found += ["mendelian_inconsistency"] if copies == (2,) and modes[:1] == ("de_novo",) and kind in BIPARENTAL else []
    return found


def carrier_labels(carriers: Sequence[Relative]) -> list[str]:
    """What it means who else carries an allele. An identical twin shares all: that is no argument."""
    found = ["unaffected_carrier"] if any(one.affected == "no" for one in carriers) else []
    is_shared = any(one.affected == "yes" and one.role != "twin" for one in carriers)
    return [*found, "shared_with_affected"] if is_shared else found
