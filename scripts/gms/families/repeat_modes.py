"""Modes of inheritance of repeats, from the states of each member's alleles and the inheritance of the locus.

An allele counts where it is as harmful as the longest of the person investigated: at the pathogenic limit or possibly
beyond it, or else intermediate (a premutation included). A relative whose longest allele is intermediate or not
determined decides nothing against a longer one, as alleles grow from parent to child (anticipation): with an
intermediate allele in a parent the child's is not shown as de novo. A healthy carrier rules nothing out, as onset
depends on length and age (Depienne and Mandel 2021, PMC8205997). One long allele of an autosomal recessive locus may
be half of a pair with a variant of another kind, as in 4 % of patients with Friedreich ataxia (GeneReviews NBK1281).
"""

from collections.abc import Iterable, Iterator, Sequence

from gms.families import inheritance
from gms.families.info_fields import has_one, origin_fields
from gms.families.relatives import (
    ONE_COPY,
    TWO_COPIES,
    UNINFORMATIVE,
    WITHOUT,
    Member,
    Relative,
    sex_of,
)
from gms.genome.ploidy import Ploidy
from gms.genome.vcf import contig_length, info_value, sample_values

UNDETERMINED, INTERMEDIATE, LONG = "undetermined", ("intermediate", "premutation"), ("expanded", "full_mutation")
# Inheritance of a locus, as catalogues write it -> modes in which its alleles act.
MODES = {
    "AD": ("de_novo", "autosomal_dominant"),
    "AR": ("recessive_homozygous", "one_parent"),
    "XD": ("de_novo", "x_linked_dominant"),
    "XR": ("de_novo", "x_linked_recessive", "one_parent"),
}
COUNTED = tuple(mode for mode in inheritance.MODES if mode != "compound")  # of loci whose inheritance is not known
RECESSIVE = frozenset(("AR", "XR"))
CARRIER = "carrier_of_recessive"  # label of one long allele of a recessive locus; see gms.filtering.pairs


def with_repeat_modes(lines: Iterable[str], members: Sequence[Member], pairs: bool = True) -> Iterator[str]:
    """Lines of a VCF of repeats with the family's fields (info_fields.HEADER) of loci at which the person investigated,
    the first of `members`, has an allele beyond the normal range. `pairs`: whether genes of other variants are known,
    so that a long allele may be found to be half of a pair."""
    lengths: dict[str, int] = {}
    ploidy = None
    for line in lines:
        if line.startswith("#"):
            lengths.update(contig_length(line))
            yield line
            continue
        ploidy = ploidy or Ploidy(lengths)
        fields = line.rstrip("\n").split("\t")
        added = family_fields(fields, members, ploidy.kind(fields[0], int(fields[1])), pairs)
        fields[7] = ";".join([fields[7], *added])
        yield "\t".join(fields) + "\n"


def family_fields(fields: Sequence[str], members: Sequence[Member], kind: str, pairs: bool = True) -> list[str]:
    """KEY=value of a record; none where all alleles of the person investigated are normal or not determined. Relatives
    who are not shown are as those who were not sequenced."""
    states = [states_of(fields[8], column) for column in fields[9:]]
    counting = counted_states(states[0])
    if not counting:
        return []
    columns = zip(members[1:], states[1:], fields[10:], strict=True)
    shown = [(one, known) for one, known, column in columns if is_shown(fields[8], column)]
    kin = tuple(Relative(one.role, sex_of(one), one.affected, state_of(known, counting)) for one, known in shown)
    sex, acts = sex_of(members[0]), (info_value(fields[7], "InheritanceMode") or "").split(",")
    shorter = shorter_in(shown, inheritance.givers_of(kind, sex), counting)
    modes = modes_of(kind, sex, copies_of(states[0], counting), kin, acts)
    modes = tuple(mode for mode in modes if mode != "de_novo" or not shorter) or modes
    modes = modes if pairs and counting == LONG else tuple(mode for mode in modes if mode != "compound")
    carriers = [one.role for one in kin if one.affected == "no" and one.is_certain_carrier]
    labels = list(labels_of(kin, shorter, inheritance.givers_of(kind, sex)))
    one_of_two = len(states[0]) == 2 and copies_of(states[0], LONG) == (1,) and not has_one(kind, sex)
    labels += [CARRIER] if one_of_two and {"compound"}.issuperset(modes) and RECESSIVE.issuperset(acts) else []
    labels += ["sex_not_stated"] if kind == "x" and sex == "unknown" else []
    labels += ["one_copy"] if has_one(kind, sex) else []
    labels += ["opposite_deletion"] if info_value(fields[7], "IN_TRANS") else []
    found = {"MODES": modes or ("none",), "INHERITANCE": (modes or ("none",))[:1], "UNAFFECTED_WITH": carriers}
    found |= {**origin_fields(modes, kind, sex, kin), "LABELS": labels}
    return [f"{key}={','.join(values)}" for key, values in found.items() if values]


def is_shown(keys: str, column: str) -> bool:
    """Whether a relative's alleles are shown (gms.variants.repeats.records); counts of reads are missing of others."""
    return sample_values(keys, column).get("ADSP") != "."


def states_of(keys: str, column: str) -> tuple[str, ...]:
    """The state of each allele of a sample (FORMAT/STATUS); none where reads are too few."""
    named = sample_values(keys, column).get("STATUS", "").split("/")
    return tuple(state for state in named if state not in ("", "."))


def counted_states(states: Sequence[str]) -> tuple[str, ...]:
    """The states of alleles that count for this person: those that are long, else intermediate, else none."""
    found = set(states)
    return LONG if found.intersection(LONG) else INTERMEDIATE if found.intersection(INTERMEDIATE) else ()


def copies_of(states: Sequence[str], counting: Sequence[str]) -> tuple[int, ...]:
    """Copies that a person may have of alleles that count."""
    sure, open_ = (sum(state in wanted for state in states) for wanted in (counting, (UNDETERMINED,)))
    return tuple(range(sure, sure + open_ + 1))


def shorter_in(
    parents: Iterable[tuple[Member, Sequence[str]]], givers: Sequence[str], counting: Sequence[str]
) -> list[str]:
    """Parents of `givers` with an intermediate allele and none that is long, where the child has a long one: that
    allele has grown, and is not new."""
    found = [(one.role, set(known)) for one, known in parents if one.role in givers and counting == LONG]
    return [role for role, known in found if known.intersection(INTERMEDIATE) and known.isdisjoint(LONG)]


def state_of(states: Sequence[str], counting: Sequence[str]) -> str:
    """What a relative's alleles say, in the words of gms.families.relatives."""
    number = sum(state in (*counting, *LONG) for state in states)
    if number:
        return TWO_COPIES if number > 1 else ONE_COPY
    return UNINFORMATIVE if not states or {UNDETERMINED, *INTERMEDIATE}.intersection(states) else WITHOUT


def modes_of(
    kind: str, sex: str, copies: tuple[int, ...], kin: tuple[Relative, ...], acts: Sequence[str]
) -> tuple[str, ...]:
    """Modes that neither the family nor the inheritance of the locus rules out; all where the catalogue names none. One
    allele of a dominant locus is enough, whatever the other one is; half of a pair is one of a locus that is autosomal
    recessive alone, whose long alleles lose the function of the gene."""
    allowed = {mode for one in acts for mode in MODES.get(one, ())} | ({"compound"} if acts == ["AR"] else set())
    kin = tuple(one._replace(affected="unknown") if one.is_certain_carrier else one for one in kin)
    found = set(inheritance.possible_modes(kind, sex, copies, kin, True))
    if kind in inheritance.BIPARENTAL and "autosomal_dominant" in allowed:
        found |= {mode for mode in inheritance.possible_modes(kind, sex, (1,), kin, True) if mode != "compound"}
    return tuple(mode for mode in inheritance.MODES if mode in found and mode in (allowed or COUNTED))


def labels_of(kin: Iterable[Relative], shorter: Sequence[str], givers: Sequence[str]) -> Iterator[str]:
    """What a reader has to know of the family; `shorter`: parents with an intermediate allele; `givers`: those who give
    the place to the child."""
    yield from (f"shorter_in_{role}" for role in shorter)
    for one in kin:
        if one.role in givers and one.state == UNINFORMATIVE and one.role not in shorter:
            yield f"{one.role}_not_informative"
    yield from inheritance.carrier_labels([one for one in kin if one.is_certain_carrier])
