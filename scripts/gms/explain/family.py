"""What the family says about one record: each relative's genotype and what it decides, the modes that are left."""

from collections.abc import Iterator, Mapping, Sequence

from gms.families.relatives import MIN_DEPTH, MIN_QUALITY, UNINFORMATIVE, Member, numbers, state
from gms.genome.vcf import info, sample_values

STATES = {
    "uninformative": f"not informative (needs {MIN_DEPTH} reads and genotype quality {MIN_QUALITY}), rules nothing out",
    "without": "certain without it",
    "mosaic": "some reads with it, as in mosaicism: rules nothing out",
    "one_copy": "certain with one copy",
    "two_copies": "certain with two copies",
}
STATUS = {"yes": "affected", "no": "unaffected", "unknown": "status unknown, rules nothing out"}
WORDS = (
    ("MODES", "possible modes"),
    ("INHERITANCE", "shown as"),
    ("ORIGIN", "chromosome"),
    ("LABELS", "notes"),
    ("PARTNERS", "in trans with"),
    ("PARTNERS_UNPHASED", "phase unknown with"),
)


def explain_family(members: Sequence[Member], line: str) -> Iterator[str]:
    """Lines about the family of a record, as filtering sees it; none where it has no modes. `members` are in the order
    of the samples, the person investigated first."""
    columns = line.split("\t")
    values = info(columns[7])
    if "MODES" not in values:
        return
    yield "Family:"
    for member, column in zip(members[1:], columns[10:], strict=True):
        yield f"  {member.role:<10} {STATUS[member.affected]}; {_genotype(columns[8], column)}"
    yield from (f"  {words}: {_shown(key, values)}" for key, words in WORDS if key in values)


def _genotype(keys: str, column: str) -> str:
    genotype, depth, quality, alt = numbers(keys, column)
    known = state(keys, column)
    copies = sample_values(keys, column).get("CN")  # of classes that count them by depth
    reads = f"{alt or 0} of {depth} reads" if copies is None else f"{copies} copies by {depth} reads"
    seen = f"{genotype or 'no genotype'}, {reads}, quality {quality}"
    return f"{seen}: {STATES[known]}" if depth or known != UNINFORMATIVE else "no reads: rules nothing out"


def _shown(key: str, values: Mapping[str, str]) -> str:
    if values[key] == "none":
        return "none: certain genotypes rule out all"
    return values[key].replace(",", ", ").replace("_", " ") if key in ("MODES", "LABELS") else values[key]
