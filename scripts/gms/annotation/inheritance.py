"""How an allele could have come to a child, from the copies that child, mother and father carry.

The ways are those of genmod's models, as far as one allele tells them; whether a compound candidate has a partner on
the other chromosome of its gene is decided when filters are known.
"""

from collections.abc import Mapping

X_CONTIGS = ("X", "chrX")
ONE_PARENT = ("Y", "chrY", "M", "MT", "chrM")  # from the father alone, or the mother alone


def inheritance(contig: str, copies: Mapping[str, int | None], affected: frozenset[str], male: bool) -> str:
    """`copies` of the allele by role (None = no genotype); `affected` roles; whether the child is `male`.

    Returns de_novo, recessive, one_parent (two copies, but only one parent carries it: the other chromosome was lost,
    or both came from that parent), x_linked, dominant, compound_candidate_maternal, compound_candidate_paternal, none
    (no way fits), inconsistent (the parents cannot have had this child) or unknown (a parent is missing, or the contig
    comes from one parent only).
    """
    child, mother, father = (copies.get(role) for role in ("proband", "mother", "father"))
    if child == 0:
        return "none"
    if child is None or mother is None or father is None or contig in ONE_PARENT:
        return "unknown"
    # A son's X is his mother's. What only his father has, came with the pseudo-autosomal end of the Y.
    # Two copies that are not of the father are a son's one copy, also where his sex is not known.
    if contig in X_CONTIGS and (male and (mother or not father) or child == 2 and not father):
        return x_linked(mother, "mother" in affected)
    if mother == father == 0:
        return "de_novo" if child == 1 else "inconsistent"
    if child == 2:
        return homozygous(mother, father, affected)
    # A daughter may be ill where her mother is not: another X is silent in each of them (genmod: X-linked dominant).
    if contig in X_CONTIGS and mother == 1 and not father and "mother" not in affected:
        return "x_linked"
    return heterozygous(mother, father, affected)


def x_linked(mother: int, mother_affected: bool) -> str:
    """A son's only X is his mother's."""
    if mother == 0:
        return "de_novo"
    return "x_linked" if mother == 1 or mother_affected else "none"


def homozygous(mother: int, father: int, affected: frozenset[str]) -> str:
    if not mother and not father:
        return "inconsistent"
    healthy = [copies for role, copies in (("mother", mother), ("father", father)) if role not in affected]
    if 2 in healthy:
        return "none"
    return "recessive" if mother and father else "one_parent"


def heterozygous(mother: int, father: int, affected: frozenset[str]) -> str:
    if mother == father == 2:
        return "inconsistent"
    carriers = {role for role, copies in (("mother", mother), ("father", father)) if copies}
    if carriers <= affected:
        return "dominant"
    if len(carriers) == 2:
        return "none"
    return "compound_candidate_maternal" if "mother" in carriers else "compound_candidate_paternal"
