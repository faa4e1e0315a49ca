"""What the family says about one record: each relative's genotype and what it decides, the modes that are left."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gms.annotation.commands import annotation_params
from gms.families.relatives import MIN_DEPTH, MIN_QUALITY, UNINFORMATIVE, Member, numbers, relatives, state
from gms.genome.ploidy import Ploidy
from gms.genome.vcf import contig_length, info, sample_values
from gms.inputs.run_model import Case

STATES = {
    "uninformative": f"not informative (needs {MIN_DEPTH} reads and genotype quality {MIN_QUALITY}), rules nothing out",
    "without": "certain without it",
    "mosaic": "some reads with it, as in mosaicism: rules nothing out",
    "one_copy": "certain with one copy",
    "two_copies": "certain with two copies",
}
TWO_OF_ONE = "not informative (two alleles where a man has one copy), rules nothing out"
STATUS = {"yes": "affected", "no": "unaffected", "unknown": "status unknown, rules nothing out"}
WORDS = (
    ("MODES", "possible modes"),
    ("INHERITANCE", "shown as"),
    ("ORIGIN", "chromosome"),
    ("LABELS", "notes"),
    ("PARTNERS", "in trans with"),
    ("PARTNERS_UNPHASED", "phase unknown with"),
    ("PARTNERS_PROBABLE", "in trans, unless one parent gave both, with"),
)


class Kin(NamedTuple):
    """The members of a case in the order of the samples, the person investigated first, and the kinds of places."""

    members: Sequence[Member]
    ploidy: Ploidy


def kin_of(case: Case, header: Iterable[str]) -> Kin:
    """The family of a case; `header`: lines of a VCF with the lengths of contigs."""
    lengths = {name: length for line in header for name, length in contig_length(line).items()}
    return Kin([Member(*facts) for facts in annotation_params(case)], Ploidy(lengths))


def explain_family(family: Kin, line: str) -> Iterator[str]:
    """Lines about the family of a record, as filtering sees it; none where it has no modes."""
    columns = line.split("\t")
    values = info(columns[7])
    if "MODES" not in values:
        return
    yield "Family:"
    kin = relatives(family.members, family.ploidy.kind(columns[0], int(columns[1])), columns[8], columns[9:])
    for relative, column in zip(kin, columns[10:], strict=True):
        seen = _genotype(columns[8], column, relative.state)
        yield f"  {relative.role:<10} {STATUS[relative.affected]}; {seen}"
    yield from (f"  {words}: {_shown(key, values)}" for key, words in WORDS if key in values)


def _genotype(keys: str, column: str, known: str) -> str:
    """What a relative's column shows; `known`: the state that counts in the family."""
    genotype, depth, quality, alt = numbers(keys, column)
    copies = sample_values(keys, column).get("CN")  # of classes that count them by depth
    reads = f"{alt or 0} of {depth} reads" if copies is None else f"{copies} copies by {depth} reads"
    seen = f"{genotype or 'no genotype'}, {reads}, quality {quality}"
    decides = STATES[known] if known == state(keys, column) else TWO_OF_ONE
    return f"{seen}: {decides}" if depth or known != UNINFORMATIVE else "no reads: rules nothing out"


def _shown(key: str, values: Mapping[str, str]) -> str:
    if values[key] == "none":
        return "none: certain genotypes rule out all"
    return values[key].replace(",", ", ").replace("_", " ") if key in ("MODES", "LABELS") else values[key]
