"""Facts that no reference file brings, with their sources in resources/: genes whose RNA causes disease, alleles that
are common although they cause disease, and the RefSeq accessions of chromosomes."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from gms.base.json_tables import read_table
from gms.base.project import PROJECT

RESOURCES = PROJECT / "resources"
FILES = ("refseq_accessions.tsv", "genes/functional_rna.tsv", "genes/frequency_exceptions.tsv")
ANY_CHANGE = "*"


class Facts(NamedTuple):
    """`functional_rna`: symbols, and `lost_rna` with those of which losses alone count; `common`: (symbol, HGVS c.
    change or '*'); `accessions` by contig name."""

    functional_rna: frozenset[str] = frozenset()
    common: frozenset[tuple[str, str]] = frozenset()
    accessions: Mapping[str, str] = {}
    lost_rna: frozenset[str] = frozenset()

    def exempt(self, effects: Iterable[Mapping[str, str]]) -> bool:
        """Whether the frequency of an allele, by its effects on genes, says nothing against it."""
        return any(
            (effect["GENE"], change) in self.common
            for effect in effects
            for change in (effect.get("HGVSC", ""), ANY_CHANGE)
        )


def load_facts(contigs: Mapping[str, int], resources: Path = RESOURCES) -> Facts:
    """`contigs`: lengths (bases) of the reference, by name."""
    accessions, rna, common = (read_table(resources / name) for name in FILES)
    known = {int(row["length"]): row["accession"] for row in accessions}
    return Facts(
        frozenset(row["gene"] for row in rna if row["change"] == "any"),
        frozenset((row["gene"], row["change"]) for row in common),
        {name: known[length] for name, length in contigs.items() if length in known},
        frozenset(row["gene"] for row in rna),
    )
