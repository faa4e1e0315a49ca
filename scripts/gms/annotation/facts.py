"""Facts that no reference file brings, with their sources in resources/: genes whose RNA causes disease, alleles that
are common although they cause disease, and the RefSeq accessions of chromosomes."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from gms.base.project import PROJECT

RESOURCES = PROJECT / "resources"
FILES = ("refseq_accessions.tsv", "genes/functional_rna.tsv", "genes/frequency_exceptions.tsv")
ANY_CHANGE = "*"


class Facts(NamedTuple):
    """`functional_rna`: symbols; `common`: (symbol, HGVS c. change or '*'); `accessions` by contig name."""

    functional_rna: frozenset[str] = frozenset()
    common: frozenset[tuple[str, str]] = frozenset()
    accessions: Mapping[str, str] = {}

    def exempt(self, effects: Iterable[Mapping[str, str]]) -> bool:
        """Whether the frequency of an allele, by its effects on genes, says nothing against it."""
        return any(
            (effect["GENE"], change) in self.common
            for effect in effects
            for change in (effect.get("HGVSC", ""), ANY_CHANGE)
        )


def load_facts(contigs: Mapping[str, int], resources: Path = RESOURCES) -> Facts:
    """`contigs`: lengths (bases) of the reference, by name."""
    accessions, rna, common = (list(_rows(resources / name)) for name in FILES)
    known = {int(length): accession for _, _, length, accession in accessions}
    return Facts(
        frozenset(gene for gene, _, _ in rna),
        frozenset((gene, change) for gene, change, _, _ in common),
        {name: known[length] for name, length in contigs.items() if length in known},
    )


def _rows(path: Path) -> Iterator[list[str]]:
    """Rows of a table with '#' comments and one line of column names."""
    lines = (line for line in path.read_text().splitlines() if line and not line.startswith("#"))
    next(lines)
    return (line.split("\t") for line in lines)
