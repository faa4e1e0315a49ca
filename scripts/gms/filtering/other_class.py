"""Pairs of variants of different classes, small, structural or of copy number: what each class gives the others.

A partner of another class is chosen as one of the same class is: an allele that its own policy would report but for the
lack of a partner. Large variants come first: small ones within their deletions have one copy. Then small variants are
filtered with them, and large ones with the partners that reported small variants name, and with large ones of the
other class. Of an event that two classes see
the structural variant counts, whose ends are exact.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from gms.families.info_fields import Deletion, heterozygous_columns
from gms.filtering.apply import candidates, make_layout
from gms.filtering.compile import needs_pairs
from gms.filtering.pairs import EXTENDS, KEYS, SAME_EVENT, Elsewhere, Partners, allele_of, half
from gms.filtering.policy import load_policy
from gms.genome.gene_list import read_gene_list
from gms.genome.vcf import info, info_value, open_vcf, read_header


class Large(NamedTuple):
    """A class of large variants of a case: its name, annotated VCF and policy."""

    variants: str
    annotated: Path
    policy: Path


def large_files(inputs: Any, params: Any) -> list[Large]:
    """The classes that a rule's `input` and `params` name."""
    files = zip(params.large_classes, inputs.large, inputs.large_policies, strict=True)
    return [Large(name, Path(annotated), Path(policy)) for name, annotated, policy in files]


def large_halves(
    large: Iterable[Large], roles: Mapping[str, str], genes: Path | None = None, but: str = ""
) -> Elsewhere:
    """Halves of pairs among annotated large variants, those of class `but` left out; `roles` and `genes` as for
    `filter_vcf`."""
    found = _candidates(large, roles, genes)
    return Elsewhere(halves=[(gene, half(view)) for name, gene, view in found if name != but])


def large_deletions(large: Iterable[Large], roles: Mapping[str, str]) -> list[Deletion]:
    """Deletions of the person investigated that may be halves of pairs. One that two classes see has the exact ends of
    the structural variant, and is known by it where depth shows that it EXTENDS beyond them, too."""
    found: dict[str, Deletion] = {}
    for _, line in chain.from_iterable(_candidates_of(one, roles, None) for one in large):
        fields = line.split("\t")
        values, lost = info(fields[7]), heterozygous_columns(fields)
        is_known = (same := values.get(SAME_EVENT, "")) in found
        if fields[4] == "<DEL>" and lost and (not is_known or EXTENDS in values):
            name = same if is_known else allele_of(line)
            found[allele_of(line)] = Deletion(fields[0], int(fields[1]) + 1, int(values["END"]), lost, name)
    return list(found.values())


def partners_of_small(reported: Path) -> Elsewhere:
    """Partners of large variants that reported small variants name."""
    found: dict[str, tuple[list[str], ...]] = {}
    with open_vcf(reported) as lines:
        for line in lines:
            if ";PARTNERS" not in line:
                continue
            values = info(line.split("\t", 8)[7])
            for number, key in enumerate(KEYS):
                for allele in filter(is_large, values.get(key, "").split(",")):
                    found.setdefault(allele, ([], [], []))[number].append(allele_of(line))
    return Elsewhere(partners={allele: Partners(*map(tuple, named)) for allele, named in found.items()})


def is_large(allele: str) -> bool:
    """Whether CHROM:POS:REF:ALT is a symbolic allele or a breakend."""
    return any(mark in allele for mark in "<[]")


def _candidates(large: Iterable[Large], roles: Mapping[str, str], genes: Path | None) -> Iterator[tuple[str, str, str]]:
    """(class, gene, record) of each possible half, in each gene an event once."""
    seen: set[tuple[str, str]] = set()
    for one in large:
        own = list(_candidates_of(one, roles, genes))
        new = ((gene, line) for gene, line in own if (gene, _same_event(line)) not in seen)
        yield from ((one.variants, *found) for found in new)
        seen |= {(gene, allele_of(line)) for gene, line in own}


def _same_event(line: str) -> str | None:
    return info_value(line.split("\t", 8)[7], SAME_EVENT)


def _candidates_of(one: Large, roles: Mapping[str, str], genes: Path | None) -> Iterator[tuple[str, str]]:
    loaded = load_policy(one.policy, one.variants)
    with open_vcf(one.annotated) as lines:
        layout = make_layout(one.annotated, read_header(lines), roles, read_gene_list(genes), one.variants)
        if needs_pairs(loaded, layout):
            yield from candidates(loaded, layout, lines)
