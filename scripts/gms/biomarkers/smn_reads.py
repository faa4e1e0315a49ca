"""Where SMN1 and SMN2 are in a reference, and what reads show there (Chen et al. 2020, doi:10.1038/s41436-020-0754-0).

The two genes are so alike that aligners place their reads on either: reads of both places are counted together, and
the bases that differ tell whose they are. Positions are 1-based in Site, as in the resource; else 0-based half-open.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.base.errors import GmsError
from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.genome.intervals import Interval
from gms.variants.evidence.observe import SKIPPED
from gms.variants.evidence.reads import MIN_BASE_QUALITY, query_position

SITES = PROJECT / "resources" / "smn_sites.tsv"
COLUMNS = ("smn1", "base1", "smn2", "base2", "used")
CONTIGS = ("chr5", "5")
SHIFTS = {"GRCh38": 0, "GRCh37": -704_173}  # of all positions against those of the resource
USED = 8  # sites for calls, as in Chen et al. 2020
MIN_MATCHING = 14 / 16  # of the sites, at which a reference must have both genes' bases


class UnusableSites(GmsError):
    """A table of sites that cannot be read, or without the number that is used."""

    def __init__(self, path: Path):
        super().__init__(
            f"{path} is not a table of sites of SMN1 and SMN2: its columns are those of {SITES}, positions are whole "
            f"numbers, and {USED} rows have yes in the column used, of which one, c.840, has decides instead"
        )


class Site(NamedTuple):
    """A base that differs; `used` for calls: yes, no, or decides at c.840, which is used as well."""

    smn1: int
    base1: str
    smn2: int
    base2: str
    used: str

    @property
    def is_used(self) -> bool:
        """Whether calls use it."""
        return self.used != "no"

    @property
    def decides(self) -> bool:
        """Whether it is c.840, by which exon 7 is spliced in (C) or out (T)."""
        return self.used == "decides"


# g.27134T>G (c.*3+80T>G, rs143838139), behind exon 7 of either gene: commoner on chromosomes with two copies of SMN1,
# so a hint of a silent carrier and no proof (Luo 2014, doi:10.1038/gim.2013.84). GRCh38.
HINT = Site(70_952_074, "G", 70_076_654, "T", "no")


class Place(NamedTuple):
    """SMN1 and SMN2 in one reference; `hint` in an assembly that is known."""

    contig: str
    assembly: str
    sites: tuple[Site, ...]
    hint: Site | None = None

    @property
    def genes(self) -> tuple[Interval, Interval]:
        """From the first to the last site of SMN1 and of SMN2: introns 6 and 7, exons 7 and 8."""
        first, last = self.sites[0], self.sites[-1]
        return Interval(first.smn1 - 1, last.smn1), Interval(first.smn2 - 1, last.smn2)


@cache
def known_sites(path: Path = SITES) -> tuple[Site, ...]:
    """The sites of a table with COLUMNS, in its order. Raises UnusableSites."""
    rows = read_table(path)
    try:
        sites = tuple(Site(int(row["smn1"]), row["base1"], int(row["smn2"]), row["base2"], row["used"]) for row in rows)
    except (KeyError, TypeError, ValueError):
        raise UnusableSites(path) from None
    if sorted(site.used for site in sites if site.is_used) != ["decides", *["yes"] * (USED - 1)]:
        raise UnusableSites(path)
    return sites


def find_place(reference: pysam.FastaFile, path: Path = SITES) -> Place | None:
    """SMN1 and SMN2, recognised by their bases at the sites of a table, which are those of GRCh38 unless a run gives
    its own; None where the reference lacks one or is of another assembly."""
    known, shifts = known_sites(path), SHIFTS if path == SITES else {"": 0}
    lengths = dict(zip(reference.references, reference.lengths, strict=True))
    for contig in (name for name in CONTIGS if name in lengths):
        for assembly, shift in shifts.items():
            moved = [_moved(site, shift) for site in known]
            if moved[-1].smn1 > lengths[contig]:
                continue
            matching = [
                _base(reference, contig, site.smn1) == site.base1 and _base(reference, contig, site.smn2) == site.base2
                for site in moved
            ]
            if sum(matching) >= MIN_MATCHING * len(known):
                return Place(contig, assembly, tuple(moved), _moved(HINT, shift) if assembly else None)
    return None


def _moved(site: Site, shift: int) -> Site:
    return site._replace(smn1=site.smn1 + shift, smn2=site.smn2 + shift)


def _base(reference: pysam.FastaFile, contig: str, pos: int) -> str:
    return reference.fetch(contig, pos - 1, pos).upper()


def count_site(alignment: pysam.AlignmentFile, contig: str, site: Site) -> tuple[int, int]:
    """Fragments with SMN1's and with SMN2's base, wherever they were placed; mates that disagree do not count."""
    shown: dict[str, str | None] = {}
    for pos in (site.smn1, site.smn2):
        for name, base in _bases(alignment, contig, pos - 1):
            shown[name] = base if shown.get(name, base) == base else None
    bases = list(shown.values())
    return bases.count(site.base1), bases.count(site.base2)


def _bases(alignment: pysam.AlignmentFile, contig: str, pos: int) -> Iterable[tuple[str, str]]:
    for read in alignment.fetch(contig, pos, pos + 1):
        if read.flag & SKIPPED:
            continue
        index = query_position(read, pos)
        if index is not None and read.query_qualities[index] >= MIN_BASE_QUALITY:
            yield read.query_name, read.query_sequence[index]
