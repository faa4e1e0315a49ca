"""Population, ClinVar, hotspot, panel-of-normals, always-report and mask files: of this assembly, indexed, with the
fields that are taken from them. Each file is looked at once, by a sample of its records."""

import itertools
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.annotation.knowledge_files import NEEDED, frequency_fields, is_chromosome
from gms.base.problems import shown
from gms.genome.alleles import Allele, left_align
from gms.preflight.reference_bases import ReferenceBases
from gms.preflight.tabix_index import is_index_of

_CONTIGS = 100  # of the longest that file and reference share
_SAMPLED = 50  # records at each place
_PLACES = 3  # in each contig: its beginning, a third, two thirds
_WRONG = (
    0.1  # share of records whose REF may differ: single errors of a list are not another assembly (there 3 of 4 do)
)
_FEW = 5  # records of one contig, of which more than half differ: that contig alone is another (MT of hg19 and of rCRS)
_WINDOW = 1_000
_SECONDS = 1  # by which the clock of a copied index may be behind


class _Compared(NamedTuple):
    """Records whose REF differs, records compared, and the first place that differs ('' for none)."""

    differ: int = 0
    records: int = 0
    place: str = ""


def knowledge_problem(part: str, path: Path, contigs: Mapping[str, int], bases: ReferenceBases) -> str | None:
    """What is wrong with a bgzipped file that has an index; None if nothing. `contigs`: lengths of the reference."""
    kind = "bed" if part == "mask" else "vcf"
    names: set[str] = set()
    for suffix in (".tbi", ".csi"):  # tools take either, where both are there
        if (index := Path(f"{path}{suffix}")).is_file():
            again = f"make it again: tabix -f {'-C ' if suffix == '.csi' else ''}-p {kind} {shown(path)}"
            if index.stat().st_mtime < path.stat().st_mtime - _SECONDS:
                return f"is newer than its index {index.name}; {again}"
            found = _names_of_own(path, index)
            if found is None:
                return f"has a damaged index {index.name}, or one of another file; {again}"
            names |= found
    if contigs and not contigs.keys() & names:
        first, other = next(iter(contigs)), next(iter(names), "")
        text = f"has no contig in common with the reference (its first is '{first}', the file's '{other}')"
        return f"{text}; use one of its genome, or rename: bcftools annotate --rename-chrs"
    return _bed_problem(path, contigs) if part == "mask" else _vcf_problem(part, path, contigs, bases)


def unknown_contigs(path: Path, contigs: Mapping[str, int]) -> list[str]:
    """Chromosomes of a file that the reference lacks, by their names."""
    with pysam.TabixFile(str(path)) as file:
        return [name for name in file.contigs if is_chromosome(name) and name not in contigs]


def respelled(path: Path, contigs: Mapping[str, int], bases: ReferenceBases) -> tuple[int, int]:
    """How many of the sampled records have several alleles, or one that is padded or not left-aligned; and how many
    were sampled."""
    found = total = 0
    with pysam.VariantFile(str(path)) as file:
        for record in _sample(file, contigs):
            total += 1
            found += any(_is_respelled(record, alt, contigs, bases) for alt in record.alts or ())
    return found, total


def unlike_reference(path: Path, contigs: Mapping[str, int], bases: ReferenceBases) -> list[str]:
    """CHROM:POS of records of a list, of all that it has, whose REF is not the reference's: they match no allele."""
    with pysam.VariantFile(str(path)) as file:
        known = (record for record in file if record.contig in contigs)
        return [f"{record.contig}:{record.pos}" for record in known if _is_unlike(record, contigs, bases)]


def _names_of_own(path: Path, index: Path) -> set[str] | None:
    """Contigs of an index; None where it is damaged or not of this file."""
    try:
        return _names(path, index) if is_index_of(path, index) else None
    except (OSError, EOFError, ValueError, UnicodeDecodeError, struct.error, zlib.error):
        return None


def _names(path: Path, index: Path) -> set[str] | None:
    """Contigs of an index; None where it leads to records of other contigs or to none."""
    with pysam.TabixFile(str(path), index=str(index)) as file:
        for name in itertools.islice(file.contigs, _CONTIGS):
            first = next(file.fetch(name), None)
            if first is None or first.split("\t", 1)[0] != name:
                return None
        return set(file.contigs)


def _bed_problem(path: Path, contigs: Mapping[str, int]) -> str | None:
    """An interval that begins beyond the end of its contig: a BED file has no lengths and no bases to compare."""
    with pysam.TabixFile(str(path)) as file:
        for name in filter(contigs.__contains__, file.contigs):
            starts = (int(line.split("\t", 2)[1]) for line in file.fetch(name, contigs[name]))
            beyond = next((start for start in starts if start >= contigs[name]), None)
            if beyond is not None:
                text = f"is of another assembly: an interval begins at {name}:{beyond:,}"
                return f"{text}, the reference's {name} ends at {contigs[name]:,}; use the file of this genome"
    return None


def _vcf_problem(part: str, path: Path, contigs: Mapping[str, int], bases: ReferenceBases) -> str | None:
    with pysam.VariantFile(str(path)) as file:
        needed = NEEDED.get(part, ())
        if needed and not set(needed).intersection(file.header.info):
            return f"has none of the INFO fields {', '.join(needed)}; give a file with one of them"
        if part == "population" and (texts := _as_text(file.header)):
            text = f"defines {' and '.join(texts)} as text, which no limit can be compared with"
            return f"{text}; write Type=Float in its header (bcftools reheader) and index it again"
        for name, contig in file.header.contigs.items():
            if contig.length and contigs.get(name, contig.length) != contig.length:
                text = f"is of another assembly: contig {name} has {contig.length:,} bases in its header"
                return f"{text} and {contigs[name]:,} in the reference; use the file of this genome"
        found = _compare(_sample(file, contigs), contigs, bases)
    total = _Compared(sum(one.differ for one in found.values()), sum(one.records for one in found.values()))
    wrong = next((one for one in found.values() if one.records >= _FEW and one.differ > one.records / 2), None)
    if total.differ > _WRONG * total.records:
        wrong = total._replace(place=next(one.place for one in found.values() if one.place))
    if wrong is None:
        return None
    where = "" if wrong.records == total.records else f"of {wrong.place.rpartition(':')[0]} "
    text = f"is of another assembly: REF of {wrong.differ} of {wrong.records} sampled records {where}differs"
    return f"{text} from the reference (first at {wrong.place}); use the file of this genome"


def _as_text(header: pysam.VariantHeader) -> list[str]:
    """Frequencies, and numbers of alleles behind them, that a header does not define as numbers."""
    fields = frequency_fields(set(header.info))
    return [f"INFO/{name}" for name in fields if header.info[name].type not in ("Float", "Integer")]


def _sample(file: pysam.VariantFile, contigs: Mapping[str, int]) -> Iterator[pysam.VariantRecord]:
    """Records at a few places of each contig that the reference has."""
    shared = sorted((name for name in file.index or () if name in contigs), key=lambda name: -contigs[name])[:_CONTIGS]
    for name in shared:
        seen = -1
        for place in range(_PLACES):
            for record in itertools.islice(file.fetch(name, contigs[name] * place // _PLACES), _SAMPLED):
                if record.start > seen:
                    yield record
                    seen = record.start


def _compare(records: Iterator, contigs: Mapping[str, int], bases: ReferenceBases) -> dict[str, _Compared]:
    """What of each contig was compared."""
    found: dict[str, _Compared] = {}
    for record in records:
        is_other = _is_unlike(record, contigs, bases)
        if is_other is None:
            continue
        known = found.get(record.contig, _Compared())
        place = known.place or (f"{record.contig}:{record.pos}" if is_other else "")
        found[record.contig] = _Compared(known.differ + is_other, known.records + 1, place)
    return found


def _is_unlike(record: pysam.VariantRecord, contigs: Mapping[str, int], bases: ReferenceBases) -> bool | None:
    """Whether REF differs from the reference; None where that cannot be told."""
    reference = bases.fetch(record.contig, record.start, record.start + len(record.ref))
    if reference is None or set(reference) - set("ACGT") or set(record.ref.upper()) - set("ACGT"):
        return None
    return record.ref.upper() != reference or record.start + len(record.ref) > contigs[record.contig]


def _is_respelled(record: pysam.VariantRecord, alt: str, contigs: Mapping[str, int], bases: ReferenceBases) -> bool:
    if set(alt.upper()) - set("ACGT"):
        return False
    allele = Allele(record.start, record.ref, alt)
    start = max(0, record.start - _WINDOW)
    sequence = bases.fetch(record.contig, start, record.start + len(record.ref))
    return len(record.alts) > 1 or sequence is not None and left_align(allele, sequence, start) != allele
