"""What the family says about one record: each relative's genotype and what it decides, the modes that are left."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gms.annotation.commands import annotation_params, family_quality, members_of
from gms.families.relatives import (
    MIN_DEPTH,
    MIN_MITOCHONDRIAL_DEPTH,
    MIN_QUALITY,
    ONE_COPY,
    TWO_GAINED,
    UNINFORMATIVE,
    Member,
    Relative,
    Shares,
    as_usual,
    is_whole,
    numbers,
    relatives,
    sex_of,
    shares_of,
    state,
)
from gms.families.repeat_modes import counted_states, is_shown, state_of, states_of
from gms.genome.ploidy import Ploidy, chromosomes_of, is_by_depth
from gms.genome.vcf import contig_length, info, sample_values
from gms.inputs.run_model import Case

STATES = {
    "uninformative": f"not informative (needs {MIN_DEPTH} reads and genotype quality {MIN_QUALITY}), rules nothing out",
    "probable": f"probably with it (fewer than {MIN_DEPTH} reads or quality below {MIN_QUALITY}), so it is hardly new",
    "without": "certain without it",
    "mosaic": "some reads with it, or copies between two numbers, as in mosaicism: rules nothing out",
    "one_copy": "certain with one copy",
    "two_copies": "certain with two copies",
}
STATES_OF_MITOCHONDRION = {
    "uninformative": f"not informative (needs {MIN_MITOCHONDRIAL_DEPTH} reads without it), rules nothing out",
    "without": "less than 3 % of this sample's molecules have it (95 %); other tissues may have more",
    "mosaic": "carries it in less than a quarter of the molecules",
    "one_copy": "carries it",
}
MAY_BE_ERRORS = "not informative (so few reads with it may be errors), rules nothing out"
OF_FATHER = "mitochondria come from the mother: rules nothing out"
STATES_OF_REPEAT = {"uninformative": "shorter or not determined, rules nothing out"}
TWO_OF_ONE = "not informative (two alleles where there is one copy), rules nothing out"
PLACES = {  # of the ends of a breakend
    "autosome": "as an autosome",
    "par": "as the pseudo-autosomal region",
    "x": "as X",
    "y": "as Y",
    "mitochondrion": "as the mitochondrion",
}
STATUS = {"yes": "affected", "no": "unaffected", "unknown": "status unknown, rules nothing out"}
WORDS = (
    ("MODES", "possible modes"),
    ("INHERITANCE", "shown as"),
    ("ORIGIN", "chromosome"),
    ("LABELS", "notes"),
    ("PARTNERS", "in trans with"),
    ("PARTNERS_UNPHASED", "phase unknown with"),
    ("PARTNERS_PROBABLE", "in trans, unless one parent gave both or one is new, with"),
)


class Kin(NamedTuple):
    """The members of a case in the order of the samples, the person investigated first, and the kinds of places."""

    members: Sequence[Member]
    ploidy: Ploidy


def kin_of(case: Case, results: Path, header: Iterable[str]) -> Kin:
    """The family of a case, with the sex of the sheet where the quality of its samples is no longer in `results`;
    `header`: lines of a VCF with the lengths of contigs."""
    lengths = {name: length for line in header for name, length in contig_length(line).items()}
    quality = [results / path for path in family_quality(case)]
    known = quality if all(path.exists() for path in quality) else []
    return Kin(members_of(annotation_params(case), known), Ploidy(lengths))


def explain_family(family: Kin, line: str) -> Iterator[str]:
    """Lines about the family of a record, as filtering sees it; none where it has no modes."""
    columns = line.split("\t")
    values = info(columns[7])
    if "MODES" not in values:
        return
    yield "Family:"
    if "STR_STATUS" in values:
        yield from _of_repeat(family.members, columns[8], columns[9:])
    else:
        yield from _of_alleles(family, columns)
    if not {"x", "y"}.isdisjoint(family.ploidy.kinds(columns)):
        yield f"  sex chromosomes: {', '.join(f'{one.role} {_sex(one)}' for one in family.members)}"
    yield from (f"  {words}: {_shown(key, values)}" for key, words in WORDS if key in values)


def _of_alleles(family: Kin, columns: Sequence[str]) -> Iterator[str]:
    """What relatives' genotypes, or reads of mitochondria, decide at a record; of a breakend, at both of its ends."""
    kinds, shares = family.ploidy.kinds(columns), shares_of(columns[4])
    members = as_usual(family.members) if is_whole(columns[7]) else family.members
    kin = [relatives(members, kind, columns[8], columns[9:], shares) for kind in kinds]
    for column, *ends in zip(columns[10:], *kin, strict=True):
        texts = []
        for kind, relative in zip(kinds, ends, strict=True):
            if kind == "mitochondrion":
                texts.append(_of_mitochondrion(columns[8], column, relative))
            else:
                texts.append(_genotype(columns[8], column, relative, shares))
        if len(set(texts)) > 1:
            texts = [f"{text} ({PLACES[kind]})" for kind, text in zip(kinds, texts, strict=True)]
        one = ends[0]
        yield f"  {one.role:<10} {STATUS[one.affected]}; {'; '.join(dict.fromkeys(texts))}"


def _of_repeat(members: Sequence[Member], keys: str, columns: Sequence[str]) -> Iterator[str]:
    """What the alleles of relatives decide at a repeat: copies from least to most, and state, of each. The columns of
    relatives that are not shown (variants.repeats.records) have no reads."""
    counting = counted_states(states_of(keys, columns[0]))
    for member, column in zip(members[1:], columns[1:], strict=True):
        values, states = sample_values(keys, column), states_of(keys, column)
        if not is_shown(keys, column):
            yield f"  {member.role:<10} {STATUS[member.affected]}; not shown: the index has no long allele"
            continue
        copies = map(_copies, values.get("REPCI", "").split("/"))
        seen = ", ".join(f"{one} copies ({text})" for one, text in zip(copies, states, strict=False)) or "no alleles"
        decides = STATES_OF_REPEAT.get(known := state_of(states, counting), STATES.get(known))
        yield f"  {member.role:<10} {STATUS[member.affected]}; {seen.replace('_', ' ')}: {decides}"


def _sex(member: Member) -> str:
    """The sex chromosomes that a member is taken to have, and by what."""
    found = sex_of(member)
    known = chromosomes_of(found)
    return f"{found} by depth" if is_by_depth(found) else f"{known} by the sheet" if known else "not known"


def _copies(interval: str) -> str:
    """17-17 as 17, 40-. as 40 or more."""
    low, _, high = interval.partition("-")
    return low if low == high else f"{low} or more" if high == "." else interval


def _of_mitochondrion(keys: str, column: str, relative: Relative) -> str:
    """What the reads of a relative's mitochondria show; a diploid genotype says little of them."""
    _, depth, _, alt = numbers(keys, column)
    is_few = relative.state == UNINFORMATIVE and depth >= MIN_MITOCHONDRIAL_DEPTH
    known = MAY_BE_ERRORS if is_few else STATES_OF_MITOCHONDRION.get(relative.state)
    decides = OF_FATHER if relative.role == "father" else known
    return f"{alt or 0} of {depth} reads: {decides or STATES[relative.state]}"


def _genotype(keys: str, column: str, relative: Relative, shares: Shares) -> str:
    """What a relative's column shows, and what its state in the family decides; `shares` as for `state`."""
    known = relative.state
    genotype, depth, quality, alt = numbers(keys, column)
    values = sample_values(keys, column)
    copies, mean, counted = (values.get(key) for key in ("CN", "CICN", "DP"))  # of classes that count them by depth
    reads = f"{alt or 0} of {depth} reads" if copies is None else f"{copies} copies{_mean(mean)} by {counted} reads"
    seen = f"{genotype or 'no genotype'}, {reads}, quality {quality}"
    if genotype == TWO_GAINED and known == ONE_COPY:
        return f"{seen}: certain with it, on one chromosome or both"
    is_two_of_one = known == UNINFORMATIVE and state(keys, column, shares) == ONE_COPY
    decides = TWO_OF_ONE if is_two_of_one else STATES[known]
    return f"{seen}: {decides}" if depth or known != UNINFORMATIVE else "no reads: rules nothing out"


def _mean(interval: str | None) -> str:
    return f" (mean {interval.replace(',', ' to ')})" if interval and "," in interval else ""


def _shown(key: str, values: Mapping[str, str]) -> str:
    if values[key] == "none":
        locus = " or the inheritance of the locus" if "STR_STATUS" in values else ""
        return f"none: certain genotypes{locus} rule out all"
    return values[key].replace(",", ", ").replace("_", " ") if key in ("MODES", "LABELS") else values[key]
