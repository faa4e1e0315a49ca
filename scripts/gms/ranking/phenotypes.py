"""Genes that are known for the patient's HPO terms, from a table of the Human Phenotype Ontology.

The user gives phenotype_to_genes.txt, in which a term has the genes of all narrower terms, or genes_to_phenotype.txt,
in which a gene has only the very terms that it is annotated with (https://hpo.jax.org/data/annotations, since 2023).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gms.base.errors import GmsError

_NEEDED = ("hpo_id", "gene_symbol")


class NoPhenotypeTable(GmsError):
    """A file that is none of the two tables."""

    def __init__(self, path: Path):
        self.reason = (
            "its first line does not name the columns hpo_id and gene_symbol; give phenotype_to_genes.txt of the Human "
            "Phenotype Ontology, a release of 2023 or later, unpacked"
        )
        super().__init__(f"{path}: {self.reason}")


@dataclass(frozen=True, slots=True)
class Phenotype:
    """The patient's terms, each with its name and genes: None for a term that the table does not have. `exact`: the
    table has no genes of narrower terms."""

    names: Mapping[str, str]
    genes: Mapping[str, frozenset[str] | None]
    exact: bool

    def terms_of(self, genes: Collection[str]) -> list[str]:
        """The patient's terms that one of these genes is known for, in the order of the sheet."""
        return [term for term, known in self.genes.items() if known and not known.isdisjoint(genes)]


def phenotype_columns(path: Path) -> list[str]:
    """The columns of a table. Raises NoPhenotypeTable."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        header = lines.readline().rstrip("\r\n")
    columns = header.lstrip("#").split("\t")
    if not set(_NEEDED).issubset(columns):
        raise NoPhenotypeTable(path)
    return columns


def read_phenotype(path: Path, terms: Iterable[str]) -> Phenotype:
    """The genes of a patient's terms. Raises NoPhenotypeTable."""
    columns = phenotype_columns(path)
    term_at, gene_at = (columns.index(name) for name in _NEEDED)
    name_at = columns.index("hpo_name") if "hpo_name" in columns else term_at
    genes: dict[str, set[str]] = {term: set() for term in terms}
    names: dict[str, str] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\r\n").split("\t")
            if len(cells) == len(columns) and (known := genes.get(cells[term_at])) is not None:
                known.add(cells[gene_at])
                names[cells[term_at]] = cells[name_at]
    found = {term: frozenset(known) or None for term, known in genes.items()}
    return Phenotype(names, found, exact=term_at != 0)
