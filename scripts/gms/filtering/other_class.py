"""Pairs of a small variant and a structural one: what each class gives the other.

A partner of another class is chosen as one of the same class is: an allele that its own policy would report but for the
lack of a partner. Structural variants come first: small ones within their deletions have one copy. Then small variants
are filtered with them, and structural ones with the partners that reported small variants name.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from gms.families.info_fields import Deletion, heterozygous_columns
from gms.filtering.apply import candidates, make_layout
from gms.filtering.compile import needs_pairs
from gms.filtering.pairs import Elsewhere, Partners, allele_of, half
from gms.filtering.policy import load_policy
from gms.genome.gene_list import read_gene_list
from gms.genome.vcf import info, open_vcf, read_header

STRUCTURAL = "structural"


def structural_halves(annotated: Path, policy: Path, roles: Mapping[str, str], genes: Path | None = None) -> Elsewhere:
    """Halves of pairs among annotated structural variants; `roles` and `genes` as for `filter_vcf`."""
    return Elsewhere(halves=[(gene, half(view)) for gene, view in _candidates(annotated, policy, roles, genes)])


def large_deletions(annotated: Path, policy: Path, roles: Mapping[str, str]) -> list[Deletion]:
    """Deletions of the person investigated that may be halves of pairs."""
    found: dict[str, Deletion] = {}
    for _, line in _candidates(annotated, policy, roles, None):
        fields = line.split("\t")
        lost = heterozygous_columns(fields)
        if fields[4] == "<DEL>" and lost:
            end = int(info(fields[7])["END"])
            found[allele_of(line)] = Deletion(fields[0], int(fields[1]) + 1, end, lost, allele_of(line))
    return list(found.values())


def partners_of_small(reported: Path) -> Elsewhere:
    """Partners of structural variants that reported small variants name."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    with open_vcf(reported) as lines:
        for line in lines:
            if ";PARTNERS" not in line:
                continue
            values = info(line.split("\t", 8)[7])
            for number, key in enumerate(("PARTNERS", "PARTNERS_UNPHASED")):
                for allele in filter(is_structural, values.get(key, "").split(",")):
                    found.setdefault(allele, ([], []))[number].append(allele_of(line))
    return Elsewhere(partners={allele: Partners(*map(tuple, named)) for allele, named in found.items()})


def is_structural(allele: str) -> bool:
    """Whether CHROM:POS:REF:ALT is a symbolic allele or a breakend."""
    return any(mark in allele for mark in "<[]")


def _candidates(
    annotated: Path, policy: Path, roles: Mapping[str, str], genes: Path | None
) -> Iterator[tuple[str, str]]:
    loaded = load_policy(policy, STRUCTURAL)
    with open_vcf(annotated) as lines:
        layout = make_layout(annotated, read_header(lines), roles, read_gene_list(genes), STRUCTURAL)
        if needs_pairs(loaded, layout):
            yield from candidates(loaded, layout, lines)
