"""Hotspot lists of Twist_Solid, turned into the hotspots of a reference, gene lists and regions.

A list is tab-separated, one row for each position (1-based, both ends included). Columns that are read: #Chr, Start,
End, Gene, CDS_mutation_syntax, AA_mutation_syntax and Report (hotspot, indel, region or region_all). Contigs are RefSeq
accessions. Their version does not tell the assembly, since lists of GRCh38 with accessions of GRCh37 are in use: the
bases that CDS names do (c.34G, c.G34 or c.34G>A).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gms.base.errors import GmsError
from gms.base.problems import Findings, unknown
from gms.genome.intervals import Interval, merge
from gms.genome.vcf import write_vcf
from gms.inputs.user_tables import read_text
from gms.preflight.reference_bases import ReferenceBases

COLUMNS = ("chr", "start", "end", "gene", "cds_mutation_syntax", "aa_mutation_syntax", "report")
HOTSPOTS, REGIONS = ("hotspot", "indel"), ("region", "region_all")
_LEAST = 0.9  # of the bases that a list names must be those of the reference
_ACCESSION = re.compile(r"NC_0*([0-9]+)\.[0-9]+")
_NAMES = {"23": "X", "24": "Y", "12920": "MT"}
_BASE = re.compile(r"c\.(?:[-*]?[0-9]+(?:[-+][0-9]+)?([ACGT])(?:>([ACGT]))?|([ACGT])[0-9]+)")
_PLACE = re.compile(r"[A-Za-z]*[-*]?[0-9]+(?:[-+][0-9]+)?")  # G12 of G12C, -124 of -124C>T, 100-2 of 100-2A>G
_COMPLEMENT = str.maketrans("ACGT", "TGCA")


class NoBases(GmsError):
    """A reference whose bases cannot be read."""

    def __init__(self, fasta: Path):
        super().__init__(f"{fasta} cannot be read at once and has no index; make it:  samtools faidx {fasta}")


class Entry(NamedTuple):
    """One row; `start` and `end` are 0-based half-open. `base` and `alt`: as CDS has them, on the strand of the gene,
    or empty. `bases`: those of the reference there."""

    chrom: str
    start: int
    end: int
    gene: str
    change: str
    report: str
    base: str
    alt: str
    bases: str

    @property
    def name(self) -> str:
        """Gene and change, as INFO/HOTSPOT."""
        return self._named(self.change)

    @property
    def place(self) -> str:
        """Gene and residue or coding position, for any change there: KRAS_G12 of G12C."""
        found = _PLACE.match(self.change)
        return self._named(found[0] if found else self.change)

    @property
    def allele(self) -> str:
        """ALT on the strand of the reference; empty where no allele is named, or not of these bases."""
        forward = self.base == self.bases
        if not forward and self.base.translate(_COMPLEMENT) != self.bases:
            return ""
        return self.alt if forward else self.alt.translate(_COMPLEMENT)

    def _named(self, change: str) -> str:
        return re.sub(r"[^\w.*>+-]", "_", f"{self.gene}_{change}" if change else self.gene)


def read_list(path: Path, reference: ReferenceBases, findings: Findings) -> list[Entry]:
    """The rows of a list, after noting each that cannot be meant, and a list of another assembly."""
    text = read_text(path, findings)
    lines = (text or "").splitlines()
    header = [name.lower() for name in lines[0].lstrip("#").split("\t")] if lines else []
    if absent := [name for name in COLUMNS if name not in header]:
        if text is not None:
            findings.add(path, 1, f"lacks {', '.join(absent)}: it is not a hotspot list of Twist_Solid, tab-separated")
        return []
    entries = []
    for number, line in enumerate(lines[1:], start=2):
        row = dict(zip(header, [cell.strip() for cell in line.split("\t")], strict=False))
        entry = _entry(row, reference) if line.strip() else None
        if isinstance(entry, str):
            findings.add(path, number, entry)
        elif entry:
            entries.append(entry)
    known, right = bases_agree(entries)
    if right < _LEAST * known:
        text = f"{right} of the {known} bases that it names are those of the reference; is it of another assembly?"
        findings.add(path, None, text)
    return entries


def _entry(row: Mapping[str, str], reference: ReferenceBases) -> Entry | str:
    """The entry of a row; words where it cannot be meant."""
    if absent := [column for column in COLUMNS if not row.get(column)]:
        return f"has no {', '.join(absent)}"
    if row["report"] not in HOTSPOTS + REGIONS:
        return unknown("report", row["report"], HOTSPOTS + REGIONS)
    chrom = contig(row["chr"], reference.lengths)
    if chrom is None:
        return f"{row['chr']} is not a chromosome of the reference"
    if not (row["start"].isdecimal() and row["end"].isdecimal() and 0 < int(row["start"]) <= int(row["end"])):
        return f"start '{row['start']}' and end '{row['end']}' are no positions"
    start, end = int(row["start"]) - 1, int(row["end"])
    bases = reference.fetch(chrom, start, end) or ""
    if len(bases) != end - start:
        return f"{chrom}:{end} is beyond the end of the chromosome"
    found = _BASE.fullmatch(row["cds_mutation_syntax"])
    base, alt = ((found[1] or found[3]), found[2] or "") if found and end - start == 1 else ("", "")
    change = next((row[key] for key in ("aa_mutation_syntax", "cds_mutation_syntax") if row[key] != "-"), "")
    change = re.sub(r"^[pc]\.", "", change)
    return Entry(chrom, start, end, row["gene"], change, row["report"], base, alt, bases)


def contig(accession: str, known: Mapping[str, int]) -> str | None:
    """The contig of the reference that a RefSeq accession of any version, or its own name, stands for."""
    found = _ACCESSION.fullmatch(accession)
    name = _NAMES.get(found[1], found[1]) if found else accession.removeprefix("chr")
    return next((spelt for spelt in (f"chr{name}", name, "chrM" if name == "MT" else "") if spelt in known), None)


def bases_agree(entries: Iterable[Entry]) -> tuple[int, int]:
    """How many bases are named, and how many of them are those of the reference, on the better strand of each gene."""
    forward, reverse, named = Counter(), Counter(), Counter()
    for one in entries:
        if one.base:
            named[one.gene] += 1
            forward[one.gene] += one.base == one.bases
            reverse[one.gene] += one.base.translate(_COMPLEMENT) == one.bases
    return named.total(), sum(max(forward[gene], reverse[gene]) for gene in named)


def hotspot_records(entries: Iterable[Entry]) -> list[tuple[str, int, str, str, str]]:
    """(contig, 0-based position, REF, ALT, name) of the hotspots, each once: '.' for any change of the position or the
    range of an indel, by its place where rows name alleles there; and the alleles that rows name."""
    places: dict[tuple[str, int, str], list[str]] = {}
    alleles = {}
    for one in entries:
        if one.report in HOTSPOTS:
            key = (one.chrom, one.start, one.bases)
            places.setdefault(key, []).append(one.place if one.allele else one.name)
            if one.allele:
                alleles[*key, one.allele] = one.name
    found = {(*key, "."): "/".join(dict.fromkeys(names)) for key, names in places.items()} | alleles
    return [(*key, name) for key, name in found.items()]


def vcf_lines(records: Sequence[tuple[str, int, str, str, str]], lengths: Mapping[str, int]) -> Iterator[str]:
    """The hotspots VCF, in the order of the contigs."""
    order = {name: place for place, name in enumerate(lengths)}
    yield "##fileformat=VCFv4.3\n"
    yield '##INFO=<ID=HOTSPOT,Number=1,Type=String,Description="Gene and change of a hotspot; ALT . is any change">\n'
    yield from (f"##contig=<ID={name},length={length}>\n" for name, length in lengths.items())
    yield "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    for chrom, start, ref, alt, name in sorted(records, key=lambda one: (order[one[0]], *one[1:])):
        yield f"{chrom}\t{start + 1}\t.\t{ref}\t{alt}\t.\t.\tHOTSPOT={name}\n"


def region_lines(entries: Iterable[Entry], lengths: Mapping[str, int]) -> Iterator[str]:
    """BED of all rows, those of a gene that touch joined, in the order of the contigs."""
    places: dict[tuple[str, str], list[Interval]] = {}
    for one in entries:
        places.setdefault((one.chrom, one.gene), []).append(Interval(one.start, one.end))
    order = {name: place for place, name in enumerate(lengths)}
    joined = [
        (order[chrom], start, end, chrom, gene) for (chrom, gene), at in places.items() for start, end in merge(at)
    ]
    yield from (f"{chrom}\t{start}\t{end}\t{gene}\n" for _, start, end, chrom, gene in sorted(joined))


def import_lists(lists: Sequence[Path], fasta: Path, folder: Path) -> list[str]:
    """Write hotspots.vcf.gz, and <list>.genes.txt and <list>.bed of each list; a line about each. Raises Problems."""
    reference, findings = ReferenceBases(fasta), Findings()
    if not fasta.is_file():
        findings.add(fasta, None, "does not exist")
    elif not reference.lengths:
        raise NoBases(fasta)
    read = {path: read_list(path, reference, findings) for path in lists} if not findings.problems else {}
    findings.raise_if_any()
    records = hotspot_records(entry for entries in read.values() for entry in entries)
    folder.mkdir(parents=True, exist_ok=True)
    write_vcf(vcf_lines(records, reference.lengths), folder / "hotspots.vcf.gz")
    said = [f"{folder / 'hotspots.vcf.gz'}: {len(records)} hotspots"]
    for path, entries in read.items():
        genes, regions = sorted({one.gene for one in entries}), list(region_lines(entries, reference.lengths))
        (folder / f"{path.stem}.genes.txt").write_text("".join(f"{gene}\n" for gene in genes))
        (folder / f"{path.stem}.bed").write_text("".join(regions))
        said += [f"{folder / path.stem}.genes.txt: {len(genes)} genes; {path.stem}.bed: {len(regions)} regions"]
    return said
