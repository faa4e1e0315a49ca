"""The catalogue of repeats: resources/repeats/strchive.tsv, or a table with the same columns that a centre gives."""

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.base.errors import GmsError
from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.variants.repeats.motifs import purity

CATALOGUE = PROJECT / "resources" / "repeats" / "strchive.tsv"
ASSEMBLIES = ("38", "37")  # endings of the columns start and end
MIN_PURITY = 0.6  # of a reference's repeat; elsewhere than at the repeat, 0.25 to 0.5
RECOGNISED = 0.5  # of the loci must be where the catalogue says
COLUMNS = ("gene", "chrom", "start38", "end38", "start37", "end37", "motif", "pathogenic_motif", "pathogenic_min")


class UnusableCatalogue(GmsError):
    """A table of repeats that lacks columns or whose values cannot be read."""

    def __init__(self, path: Path, reason: str):
        self.reason = reason
        super().__init__(f"{path} is no catalogue of repeats: {reason}. Its columns are those of {CATALOGUE}")


class Locus(NamedTuple):
    """A repeat; `start` and `end` 0-based half-open, limits in copies of the motif, None where a source states none.

    `limits`: the pathogenic minimum by source, the first being that of the catalogue itself.
    """

    gene: str
    disease: str
    contig: str
    start: int
    end: int
    motif: str
    pathogenic_motifs: tuple[str, ...]
    benign_max: int | None
    intermediate_min: int | None
    limits: dict[str, int]
    inheritance: str
    premutation_min: int | None = None

    @property
    def unit(self) -> int:
        """Bases of the motif."""
        return len(self.motif)

    @property
    def motifs(self) -> tuple[str, ...]:
        """Motif of the reference and those of pathogenic alleles."""
        return tuple(dict.fromkeys((self.motif, *self.pathogenic_motifs)))

    @property
    def is_by_motif(self) -> bool:
        """Whether an allele is pathogenic by another motif than the reference's."""
        return not any(same_motif(self.motif, other) for other in self.pathogenic_motifs)

    @property
    def sound_limits(self) -> dict[str, int]:
        """The limits above the longest harmless allele, by source."""
        return {source: limit for source, limit in self.limits.items() if limit > (self.benign_max or 0)}

    @property
    def limit(self) -> int:
        """Fewest copies of a pathogenic allele, the lowest of the sources. Where another motif is pathogenic it is the
        catalogue's own: stranger's is there the end of the normal range of any motif (12 copies of RFC1, where disease
        is known from 400)."""
        sound = self.sound_limits
        return next(iter(sound.values())) if self.is_by_motif else min(sound.values())


def same_motif(one: str, other: str) -> bool:
    """Whether two motifs repeat to the same sequence."""
    return len(one) == len(other) and other in one + one


def read_catalogue(path: Path, reference: pysam.FastaFile) -> list[Locus]:
    """The loci of the assembly that the reference is of, by their bases; none where it is of no known one or has none
    of them. Loci whose reference sequence is not the repeat, or whose short alleles are pathogenic (no limit is above
    the longest harmless allele), are left out. Raises UnusableCatalogue."""
    rows = _rows(path)
    contigs = frozenset(reference.references)
    for assembly in ASSEMBLIES:
        loci = [locus for locus in _loci_of(path, rows, assembly, contigs) if locus.sound_limits]
        here = [locus for locus in loci if _is_there(locus, reference)]
        if here and len(here) >= RECOGNISED * len(loci):
            return here
    return []


def catalogue_problem(path: Path, contigs: Collection[str]) -> str | None:
    """What is wrong with a catalogue, None if nothing; `contigs`: of the reference."""
    try:
        rows = _rows(path)
        for assembly in ASSEMBLIES:
            _loci_of(path, rows, assembly, contigs)
    except UnusableCatalogue as error:
        return f"is no catalogue of repeats: {error.reason}"
    except UnicodeDecodeError:
        return "is no catalogue of repeats: it is not text; unpack it if it is compressed"
    return None


def _rows(path: Path) -> list[dict[str, str]]:
    rows = read_table(path)
    missing = [name for name in COLUMNS if not rows or name not in rows[0]]
    if missing:
        raise UnusableCatalogue(path, f"it lacks {', '.join(missing)}")
    if short := next((row["gene"] for row in rows if None in map(row.get, COLUMNS)), None):
        raise UnusableCatalogue(path, f"the row of {short} has too few cells")
    return rows


def catalogued_genes(path: Path = CATALOGUE) -> frozenset[str]:
    """Genes with a repeat in the catalogue. Raises UnusableCatalogue."""
    return frozenset(row["gene"].partition("_")[0] for row in _rows(path))


def _loci_of(path: Path, rows: list[dict[str, str]], assembly: str, contigs: Collection[str]) -> list[Locus]:
    """The loci of an assembly. Raises UnusableCatalogue, also where two have the same name: reports go by names."""
    try:
        loci = list(_loci(rows, assembly, contigs))
    except (ValueError, KeyError) as error:
        raise UnusableCatalogue(path, str(error)) from None
    for name, number in Counter(locus.gene for locus in loci).items():
        if number > 1:
            text = f"it names {name} {number} times; give each locus a name of its own, such as {name}_2"
            raise UnusableCatalogue(path, text)
    return loci


def _loci(rows: list[dict[str, str]], assembly: str, contigs: Collection[str]) -> Iterator[Locus]:
    for row in rows:
        names = (f"chr{row['chrom']}", row["chrom"])
        contig = next((name for name in names if name in contigs), None)
        if contig is None or row[f"start{assembly}"] in ("", "-"):
            continue
        limits = {"STRchive": row["pathogenic_min"], "stranger": row.get("pathogenic_min_stranger") or "-"}
        yield Locus(
            row["gene"],
            row.get("disease") or "",
            contig,
            int(row[f"start{assembly}"]),
            int(row[f"end{assembly}"]),
            row["motif"],
            tuple(row["pathogenic_motif"].split(",")),
            _number(row.get("benign_max") or "-"),
            _number(row.get("intermediate_min") or "-"),
            {source: int(text) for source, text in limits.items() if text != "-"},
            row.get("inheritance") or "",
            _number(row.get("premutation_min") or "-"),
        )


def _number(text: str) -> int | None:
    return None if text in ("-", "") else int(text)


def _is_there(locus: Locus, reference: pysam.FastaFile) -> bool:
    if locus.end > reference.get_reference_length(locus.contig):
        return False
    sequence = reference.fetch(locus.contig, locus.start, locus.end).upper()
    return max(purity(sequence, motif) for motif in locus.motifs) >= MIN_PURITY
