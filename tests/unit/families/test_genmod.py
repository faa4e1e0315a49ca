"""Our modes are genmod's (tests/cases/inheritance/genmod), but for differences that each have a reason."""

from collections import Counter
from pathlib import Path

from gms.base.json_tables import read_table
from gms.families.inheritance import origins, possible_modes
from gms.families.relatives import WITH, Relative
from gms.filtering.pairs import Half, phase

FOLDER = Path(__file__).parents[2] / "cases" / "inheritance" / "genmod"
STATES = {".": "uninformative", "0": "without", "1": "one_copy", "2": "two_copies"}
OURS = {"autosomal_dominant": "AD", "x_linked_recessive": "XR", "x_linked_dominant": "XD"}
OURS |= {"recessive_homozygous": "AR_hom", "one_parent": "hom_dn", "de_novo": "dn"}
THEIRS = {"AD_dn": "dn", "XR_dn": "dn", "XD_dn": "dn", "AR_hom_dn": "hom_dn"}


def parents(row, mother, father) -> tuple[Relative, ...]:
    return (
        Relative("mother", "female", row["mother_affected"], STATES[mother]),
        Relative("father", "male", row["father_affected"], STATES[father]),
    )


def ours(row) -> set[str]:
    kind = "x" if row["contig"] == "chrX" else "autosome"
    relatives = parents(row, row["mother"], row["father"])
    found = possible_modes(kind, row["sex"], (int(row["child"]),), relatives, False)
    named = {OURS[mode] for mode in found if mode in OURS}
    # A second de novo copy is genmod's AR_hom_dn, and on the X its XR_dn; so is a homozygous allele of one parent.
    if row["child"] == "2" and kind == "autosome":
        return {"hom_dn" if mode == "dn" else mode for mode in named}
    return {"dn" if mode == "hom_dn" else mode for mode in named}


def theirs(row) -> set[str]:
    return {THEIRS.get(model, model) for model in row["models"].split("|")} - {"none"}


def reason(row, mine: set[str], other: set[str]) -> str | None:
    """Which line of the folder's README says why the answers differ; None for none."""
    affected = [parent for parent in ("mother", "father") if row[f"{parent}_affected"] == "yes"]
    if mine > other and affected:
        return "ill parent"
    both_needed = {"AR_hom"} if row["contig"] == "chr1" else {"XR"}
    if row["child"] == "2" and other - mine == both_needed and mine < other and "0" in (row["mother"], row["father"]):
        return "certain without"
    return None


def test_modes_of_single_alleles_are_those_of_genmod():
    rows = read_table(FOLDER / "single.tsv")
    differing = [(row, ours(row), theirs(row)) for row in rows if ours(row) != theirs(row)]
    assert [found for found in differing if reason(*found) is None] == []
    counts = Counter(reason(*found) for found in differing)
    assert (len(rows), counts) == (384, {"ill parent": 46, "certain without": 12})


def pair(row) -> bool:
    halves = []
    for name in "ab":
        relatives = parents(row, row[f"mother_{name}"], row[f"father_{name}"])
        healthy = frozenset(r.role for r in relatives if r.affected == "no" and r.state in WITH)
        halves.append(Half(name, frozenset(origins("autosome", "female", relatives)), healthy, ""))
    return phase(*halves) is not None


def reason_of_pair(row, mine: bool) -> str | None:
    mothers, fathers = ({row[f"{parent}_a"], row[f"{parent}_b"]} for parent in ("mother", "father"))
    if not mine:
        return "in cis" if {"0"} in (mothers, fathers) else None
    if "." in mothers | fathers:
        return "no call"
    if "yes" in (row["mother_affected"], row["father_affected"]):
        return "ill parent"
    a, b = ({row[f"mother_{name}"], row[f"father_{name}"]} for name in "ab")
    return "de novo partner" if {"1"} in (a, b) and {"0"} in (a, b) else None


def test_pairs_are_those_of_genmod():
    rows = read_table(FOLDER / "pairs.tsv")
    differing = [(row, pair(row)) for row in rows if pair(row) != ("AR_comp" in row["models_a"])]
    assert [found for found in differing if reason_of_pair(*found) is None] == []
    counts = Counter(reason_of_pair(*found) for found in differing)
    assert (len(rows), set(counts)) == (324, {"in cis", "no call", "ill parent", "de novo partner"})
    assert counts["in cis"] == 4
