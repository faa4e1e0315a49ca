"""Compound heterozygous pairs: two alleles of a gene that the child may have on different chromosomes.

Pairs are made from copies and phase alone (INFO ORIGIN, UNAFFECTED_WITH, PART_OF, IN_CIS and IN_TRANS), before any
label is chosen. A partner is an allele that would be reported but for the lack of one; of a repeat a long allele.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import chain, permutations
from types import MappingProxyType
from typing import NamedTuple

from gms.families.repeat_modes import CARRIER
from gms.filtering.one_event import Change, change_of, is_one_event
from gms.genome.vcf import info_value

HEADER = (
    '##INFO=<ID=PARTNERS,Number=.,Type=String,Description="Alleles of the gene on the other chromosome (in trans)">',
    '##INFO=<ID=PARTNERS_UNPHASED,Number=.,Type=String,Description="Alleles of the gene, of unknown phase">',
    '##INFO=<ID=PARTNERS_PROBABLE,Number=.,Type=String,Description="Of PARTNERS_UNPHASED, those probably in'
    ' trans: a parent has one and probably did not give the other; unless the other parent gave both or one is new">',
)
KEYS = ("PARTNERS", "PARTNERS_UNPHASED", "PARTNERS_PROBABLE")  # in the order of Partners
EXTENDS = "EXTENDS"  # INFO: it reaches beyond the record that SAME_EVENT names, and may have more genes
SAME_EVENT = "SAME_EVENT"  # INFO: the record of another class that is of the same event, CHROM:POS:REF:ALT
_COMPOUND = "compound"


class Half(NamedTuple):
    """A possible half of a pair: its allele as CHROM:POS:REF:ALT, the chromosomes it may be on, the unaffected
    relatives who carry it, the joined allele that it is a part of or the record of the same event ('' for none),
    whether it may be de novo, the alleles that the same fragments carry, or others do, the parents who certainly carry
    it, and the bases that it loses or gains, where another class may hold them as well."""

    allele: str
    origin: frozenset[str]
    unaffected: frozenset[str]
    joined: str
    is_maybe_new: bool = False
    cis: frozenset[str] = frozenset()
    trans: frozenset[str] = frozenset()
    parents: frozenset[str] = frozenset()
    change: Change | None = None


class Partners(NamedTuple):
    """Alleles in trans with one, those that may be, and those of the latter that probably are (see `phase`); each once,
    in the order of the VCF."""

    trans: tuple[str, ...] = ()
    unphased: tuple[str, ...] = ()
    probable: tuple[str, ...] = ()


class Elsewhere(NamedTuple):
    """What another class of variants of the case has: (gene, half) of its alleles, or partners that are known."""

    halves: Sequence[tuple[str, Half]] = ()
    partners: Mapping[str, Partners] = MappingProxyType({})


NOWHERE = Elsewhere()


def joined(*sources: Mapping[str, Partners]) -> dict[str, Partners]:
    """Partners of each allele from all sources, each once."""
    names = dict.fromkeys(name for source in sources for name in source)
    return {name: _every([source[name] for source in sources if name in source]) for name in names}


def _every(known: Sequence[Partners]) -> Partners:
    return Partners(*(tuple(dict.fromkeys(chain(*partners))) for partners in zip(*known, strict=True)))


def allele_of(line: str) -> str:
    """CHROM:POS:REF:ALT of a record; of a repeat's alleles the first, by which it is called."""
    chrom, pos, _, ref, alt, _ = line.split("\t", 5)
    return f"{chrom}:{pos}:{ref}:{alt.partition(',')[0]}"


def half(line: str) -> Half:
    """The half of a pair that an annotated record may be."""
    info = line.split("\t", 8)[7]
    origin, unaffected = (info_value(info, key) or "" for key in ("ORIGIN", "UNAFFECTED_WITH"))
    joined = info_value(info, "PART_OF") or info_value(info, SAME_EVENT) or ""
    is_maybe_new = "de_novo" in (info_value(info, "MODES") or "").split(",")
    decides = not info_value(info, "STR_STATUS")  # a healthy carrier of a long repeat decides nothing
    carriers = frozenset(filter(None, unaffected.split(","))) if decides else frozenset()
    known = (frozenset((info_value(info, key) or "").split(",")) for key in ("IN_CIS", "IN_TRANS", "PARENTS_WITH"))
    allele = allele_of(line)
    change = change_of(allele, partial(info_value, info))
    return Half(allele, frozenset(origin.split(",")), carriers, joined, is_maybe_new, *known, change)


def may_lose(line: str) -> bool:
    """Whether a record may be a loss of its shown gene. A tandem duplication of the whole gene, or with one end in it,
    leaves a whole copy."""
    fields = line.split("\t", 8)
    if fields[4] != "<DUP>":
        return True
    gained = info_value(fields[7], "CONSEQUENCE") == "transcript_amplification"
    return not gained and info_value(fields[7], "IMPACT") == "HIGH"


def phase(a: Half, b: Half) -> str | None:
    """'trans', 'probable' (in trans, unless one parent gave both or one is new), 'unknown', or None where the two
    cannot be on different chromosomes or are one event, or an unaffected relative has both.

    Fragments that show both places tell first. Two alleles that only one parent can have given are in cis; but of a
    parent who is not informative one may be de novo instead, on either chromosome.
    """
    one, other = (half.joined or half.allele for half in (a, b))
    if a.unaffected & b.unaffected or one == other or other in a.cis or one in b.cis:
        return None
    if is_one_event(a.change, b.change) and not _are_of_two_parents(a, b):
        return None
    if not (a.trans.isdisjoint((other, b.allele)) and b.trans.isdisjoint((one, a.allele))):
        return "trans"
    if len(a.origin | b.origin) < 2:
        return "unknown" if a.is_maybe_new or b.is_maybe_new else None
    if len(a.origin) == len(b.origin) == 1:
        return "trans"
    return "probable" if _is_probable(a, b) or _is_probable(b, a) else "unknown"


def _are_of_two_parents(a: Half, b: Half) -> bool:
    """Whether each parent certainly carries one of the two and alone can have given it: two alleles of like length, as
    of a tandem repeat. IN_TRANS proves less: it rests on the zygosity, which the classes count each on its own."""
    given = {(tuple(one.origin), tuple(one.parents)) for one in (a, b)}
    return given == {(("maternal",), ("mother",)), (("paternal",), ("father",))}


def _is_probable(a: Half, b: Half) -> bool:
    """Whether `a` is on the chromosome of one parent, and only the other parent is a certain carrier of `b`: the one
    was not sequenced, or is not informative there."""
    return (set(a.origin), set(b.parents)) in (({"paternal"}, {"mother"}), ({"maternal"}, {"father"}))


def find_partners(halves: Iterable[tuple[str, Half]]) -> dict[str, Partners]:
    """Partners of each allele that has one, from (gene, half) in the order of the VCF. An event that two records show
    is named once."""
    genes: dict[str, dict[str, Half]] = {}
    for gene, one in halves:
        genes.setdefault(gene, {})[one.allele] = one
    found: dict[str, dict[str, str]] = {}
    for group in genes.values():
        for a, b in permutations(group.values(), 2):
            if b.joined not in group and (known := phase(a, b)):
                found.setdefault(a.allele, {})[b.allele] = known
    return {allele: _partners(others) for allele, others in found.items()}


def _partners(others: Mapping[str, str]) -> Partners:
    wanted = (("trans",), ("unknown", "probable"), ("probable",))
    return Partners(*(tuple(o for o, known in others.items() if known in states) for states in wanted))


def paired(line: str, partners: Mapping[str, Partners]) -> str:
    """An annotated record with its partners in INFO, or without the mode `compound` if it has none.

    A certain pair is the mode that a reader is shown: of a proven de novo allele the phase is unknown.
    """
    if _COMPOUND not in line:
        return line
    columns = line.split("\t", 8)
    modes = (info_value(columns[7], "MODES") or "").split(",")
    if _COMPOUND not in modes:
        return line
    names = allele_of(line), info_value(columns[7], SAME_EVENT) or ""
    known = [partners[name] for name in names if name in partners]
    own = _every(known) if known else None
    kept = modes if own else [mode for mode in modes if mode != _COMPOUND]
    kept = [] if kept == ["pseudo_autosomal"] else kept  # a place, not a mode of its own
    shown = _COMPOUND if own and own.trans else kept[0] if kept else "none"
    labels = [label for label in (info_value(columns[7], "LABELS") or "").split(",") if not own or label != CARRIER]
    info = _with(columns[7], {"MODES": ",".join(kept) or "none", "INHERITANCE": shown, "LABELS": ",".join(labels)})
    for key, names in zip(KEYS, own or (), strict=False):
        info += f";{key}={','.join(names)}" if names else ""
    return "\t".join([*columns[:7], info, columns[8]])


def _with(info: str, values: Mapping[str, str]) -> str:
    """INFO with other values of keys that it has, without those whose value is ''."""
    parts = (part.partition("=") for part in info.split(";"))
    known = ((key, sign, values.get(key, value) if sign else value) for key, sign, value in parts)
    return ";".join(f"{key}{sign}{value}" for key, sign, value in known if value or not sign)
