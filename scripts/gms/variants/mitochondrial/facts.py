"""Facts of the human mitochondrial genome by position of the revised Cambridge Reference Sequence (rCRS, NC_012920.1),
and of its alleles in files of the user.

Positions are 1-based and closed, as in resources/mitochondrial/. The files are MITOMAP's and MitoTIP's, as VCF or as
MitoTIP's own table (mitotip_scores.txt: Position, rCRS, Alt, MitoTIP_Score, Quartile; Alt is ":" where the base is
deleted). Alleles are looked up by position and bases: these files hold one contig, however it is named.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.genome.alleles import Allele, left_align
from gms.genome.ploidy import MITOCHONDRION
from gms.genome.vcf import info, open_vcf

FOLDER = PROJECT / "resources" / "mitochondrial"
RCRS_LENGTH = 16_569
# chrM of UCSC's hg19 is another person's sequence (NC_001807): positions differ, and nothing known of rCRS holds.
YORUBA_LENGTH = 16_571

# Part -> fields of its file and what they become.
FIELDS = {
    "mitomap": {"DiseaseStatus": "MITOMAP_STATUS", "Disease": "MITOMAP_DISEASE"},
    "mitotip": {"MitoTip_score": "MITOTIP_SCORE", "MitoTip_quartile": "MITOTIP_QUARTILE"},
}
HEADER = """\
##INFO=<ID=MITOMAP_STATUS,Number=1,Type=String,Description="Status in MITOMAP: Cfrm for confirmed, Reported and others">
##INFO=<ID=MITOMAP_DISEASE,Number=1,Type=String,Description="Disease in MITOMAP">
##INFO=<ID=MITOTIP_SCORE,Number=1,Type=String,Description="MitoTIP score of a tRNA variant">
##INFO=<ID=MITOTIP_QUARTILE,Number=1,Type=String,Description="Quartile of that score, Q1 the most pathogenic">
"""
_TABLE = {"MitoTIP_Score": "MITOTIP_SCORE", "Quartile": "MITOTIP_QUARTILE"}  # columns of MitoTIP's table
_PLACE = ("Position", "rCRS", "Alt")
DELETED = ":"
BASES = frozenset("ACGTN")
MOST_DIFFERENT = 0.1  # share of REF that may differ: single errors of a list are not another sequence
_SHOWN = 3

Alleles = Mapping[tuple[str, str, str], Mapping[str, str]]


class Gene(NamedTuple):
    """A gene with its interval and strand; `kind`: protein, tRNA or rRNA."""

    name: str
    start: int
    end: int
    strand: str
    kind: str


@cache
def genes() -> tuple[Gene, ...]:
    rows = read_table(FOLDER / "genes.tsv")
    return tuple(Gene(row["gene"], int(row["start"]), int(row["end"]), row["strand"], row["kind"]) for row in rows)


@cache
def difficult() -> tuple[tuple[int, int], ...]:
    """Stretches in which sequencers and aligners go wrong."""
    return tuple((int(row["start"]), int(row["end"])) for row in read_table(FOLDER / "difficult.tsv"))


def genes_in(start: int, end: int) -> list[str]:
    """Names of the genes that an interval touches, in their order."""
    return [gene.name for gene in genes() if gene.start <= end and gene.end >= start]


def is_difficult(start: int, end: int) -> bool:
    return any(first <= end and last >= start for first, last in difficult())


def mitochondrial_contig(contigs: Iterable[str]) -> str | None:
    """The mitochondrial contig of a reference, None without one."""
    return next((contig for contig in contigs if contig in MITOCHONDRION), None)


def known_alleles(files: Mapping[str, str], sequence: str) -> dict[tuple[str, str, str], dict[str, str]]:
    """(POS, REF, ALT) -> our fields, from the files by part. Indels are left-aligned in `sequence`, that of the
    mitochondrion, as our records are; one whose REF is another is taken as it is written."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for part, path in files.items():
        for allele, values in _alleles(part, Path(path), sequence):
            if _is_of(allele, sequence) and BASES.issuperset(allele.alt):
                allele = left_align(allele, sequence)
            found.setdefault((str(allele.pos + 1), allele.ref, allele.alt), {}).update(values)
    return found


def known_problem(part: str, path: Path, sequence: str | None) -> str | None:
    """What is wrong with a file of this part; None if nothing. `sequence`: of the mitochondrion, None where the
    reference has none or it cannot be read."""
    wanted = ", ".join(FIELDS[part])
    table = f", nor MitoTIP's table ({', '.join([*_PLACE, *_TABLE])})" if part == "mitotip" else ""
    try:
        alleles = list(_alleles(part, path, sequence or ""))
    except (ValueError, KeyError, OSError):
        return f"is neither a VCF with {wanted} in INFO{table}"
    if not any(values for _, values in alleles):
        return f"has no {wanted} in INFO of any record"
    differ = [allele for allele, _ in alleles if not _is_of(allele, sequence)] if sequence else []
    if len(differ) > MOST_DIFFERENT * len(alleles):
        places = ", ".join(str(allele.pos + 1) for allele in differ[:_SHOWN])
        text = f"has other bases than the mitochondrion of the reference in {len(differ)} of {len(alleles)} alleles"
        return f"{text} (first at {places}); its positions are those of rCRS"
    return None


def _is_of(allele: Allele, sequence: str) -> bool:
    return sequence[allele.pos : allele.pos + len(allele.ref)] == allele.ref


def _alleles(part: str, path: Path, sequence: str) -> Iterator[tuple[Allele, dict[str, str]]]:
    """(Allele as it is written, our fields) of each of a file. Raises ValueError, KeyError for another format."""
    with open_vcf(path) as lines:
        head = next((line.rstrip("\n") for line in lines if not line.startswith("##")), "")
        if head.startswith("#CHROM\t"):
            for line in lines:
                yield from _of_record(part, line.rstrip("\n").split("\t"))
        elif part == "mitotip" and {*_PLACE, *_TABLE} <= {*head.split("\t")}:
            for line in lines:
                yield _of_row(dict(zip(head.split("\t"), line.rstrip("\n").split("\t"), strict=False)), sequence)
        else:
            raise ValueError(head)


def _of_record(part: str, fields: list[str]) -> Iterator[tuple[Allele, dict[str, str]]]:
    _, pos, _, ref, alts, _, _, text, *_ = fields
    known, names = info(text), alts.split(",")
    for at, alt in enumerate(names):
        values = {ours: _value(known[name], at, len(names)) for name, ours in FIELDS[part].items() if known.get(name)}
        yield Allele(int(pos) - 1, ref, alt), values


def _of_row(row: Mapping[str, str], sequence: str) -> tuple[Allele, dict[str, str]]:
    pos, ref, alt = int(row["Position"]) - 1, row["rCRS"], row["Alt"]
    if alt == DELETED:
        before = sequence[pos - 1 : pos] or "N"
        pos, ref, alt = pos - 1, before + ref, before
    return Allele(pos, ref, alt), {ours: quote(row[name]) for name, ours in _TABLE.items() if row[name]}


def _value(text: str, at: int, alleles: int) -> str:
    """The value of one of the alleles of a record, of all where there are not as many values; as VCF 4.3 wants it: no
    quotes, and percent codes for what separates."""
    values = text.split(",")
    text = values[at] if len(values) == alleles else text
    return quote(text.strip('"'), safe=" /+-.:[]*()<>&'").replace(" ", "_")
