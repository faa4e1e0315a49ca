"""Alleles of a record of another workflow's VCF in the spelling that all alleles have here, with the sample's numbers.

Positions in the code are 0-based.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.base.errors import GmsError
from gms.base.problems import shown
from gms.genome.alleles import Allele, left_align
from gms.genome.vcf import sample_values

CONTEXT = 2_000  # reference bases before an indel, within which it can move left
BASES = frozenset("ACGT")
# Why an entry of ALT is not taken; the sentences are in report/sentences.html.
NO_ALLELE, UPSTREAM, STRUCTURAL, UNKNOWN_BASE = "no_allele", "deleted_upstream", "structural", "unknown_base"
CONTIG, FILTERED, NOT_CARRIED, REPEATED = "other_contig", "filtered", "not_carried", "repeated"
REASONS = (NO_ALLELE, UPSTREAM, STRUCTURAL, UNKNOWN_BASE, CONTIG, FILTERED, NOT_CARRIED, REPEATED)
_NONE = {".", "<NON_REF>", "<*>", "<X>"}  # of a gVCF: no allele, or any other one
_PASSED = {"PASS", "."}
GENOTYPES = ("0/0", "0/1", "1/1")


class OtherReference(GmsError):
    """A record whose REF is not the reference's."""

    def __init__(self, path: Path, chrom: str, pos: str, ref: str, base: str):
        text = f"{shown(path.name)}: {chrom}:{pos} has REF {ref[:20]}, but the reference has {base[:20] or 'no base'}"
        super().__init__(f"{text} there. Start from calls on the reference of the config")


class NoGenotype(GmsError):
    """A record without GT."""

    def __init__(self, path: Path, chrom: str, pos: str):
        super().__init__(f"{shown(path.name)}: {chrom}:{pos} has no genotype (FORMAT/GT); a case starts from genotypes")


class Entry(NamedTuple):
    """An entry of ALT: the allele, or why it is none; copies in the sample (None: not known) and its FORMAT column."""

    allele: Allele | None
    reason: str = ""
    copies: int | None = None
    column: str = ""


def entries(fields: list[str], reference: pysam.FastaFile, path: Path) -> Iterator[Entry]:
    """Each entry of ALT of a record (its ten columns). Raises OtherReference, NoGenotype."""
    chrom, pos, _, ref, alts, _, flags, _, keys, column = fields
    ref, named = ref.upper(), alts.upper().split(",")
    if not reference.references or chrom not in reference:
        yield from (Entry(None, CONTIG) for _ in named)
        return
    require_reference(path, chrom, pos, ref, reference)
    values = sample_values(keys, column)
    if "GT" not in values:
        raise NoGenotype(path, chrom, pos)
    for number, alt in enumerate(named, start=1):
        if reason := why_not(ref, alt, flags):
            yield Entry(None, reason)
        else:
            allele = aligned(Allele(int(pos) - 1, ref, alt), chrom, reference)
            copies = copies_of(values["GT"], number)
            yield Entry(allele, "", copies, sample_column(values, number, copies))


def why_not(ref: str, alt: str, flags: str) -> str:
    """Why an entry of ALT is no small variant to take; '' if it is one."""
    if alt in _NONE or alt == ref:
        return NO_ALLELE
    if alt == "*":
        return UPSTREAM
    if not alt.isalpha():
        return STRUCTURAL
    if not BASES.issuperset(alt) or not BASES.issuperset(ref):
        return UNKNOWN_BASE
    return "" if flags in _PASSED else FILTERED


def require_reference(path: Path, chrom: str, pos: str, ref: str, reference: pysam.FastaFile) -> None:
    """Raise OtherReference unless REF is what the reference has; bases that either does not know agree with any."""
    base = reference.fetch(chrom, int(pos) - 1, int(pos) - 1 + len(ref)).upper()
    if base != ref and (len(base) != len(ref) or any(a != b and {a, b} <= BASES for a, b in zip(base, ref))):  # noqa: B905
        raise OtherReference(path, chrom, pos, ref, base)


def aligned(allele: Allele, chrom: str, reference: pysam.FastaFile) -> Allele:
    """Trimmed and left-aligned; several replaced bases stay one allele, as their caller saw them on one molecule."""
    if len(allele.ref) == len(allele.alt) == 1:
        return allele
    start = max(0, allele.pos - CONTEXT)
    return left_align(allele, reference.fetch(chrom, start, allele.pos + len(allele.ref)).upper(), start)


def copies_of(genotype: str, number: int) -> int | None:
    """Copies of allele `number`, 0-2: one allele (hemizygous) is both of a haploid place; None where nothing is known.
    An allele that is seen next to an unknown one is there once."""
    alleles = genotype.replace("|", "/").split("/")
    found = alleles.count(str(number))
    if found:
        return 2 if found == len(alleles) else 1
    return None if "." in alleles else 0


def sample_column(values: dict[str, str], number: int, copies: int | None) -> str:
    """GT:AD:DP:AF:GQ:ADF:ADR of one allele, as the merged VCF has them; what the caller does not give is missing."""
    genotype = "./." if copies is None else GENOTYPES[copies]
    counts = [int(text) if text.isdigit() else None for text in values.get("AD", "").split(",")]
    known = len(counts) > number and None not in counts
    ref_alt = f"{counts[0]},{counts[number]}" if known else "."
    depth = values.get("DP", ".") if values.get("DP", ".").isdigit() else str(sum(counts)) if known else "."
    return f"{genotype}:{ref_alt}:{depth}:{fraction(values, counts if known else [], number)}:{quality(values)}:.:."


def fraction(values: dict[str, str], counts: list[int], number: int) -> str:
    """Share of the reads with the allele, by AD, else as the caller gives it (VAF or AF, one value for each ALT)."""
    if sum(counts):
        return f"{counts[number] / sum(counts):.4f}"
    given = (values.get("VAF") or values.get("AF") or "").split(",")
    try:
        return f"{float(given[number - 1]):.4f}" if len(given) >= number else "."
    except ValueError:
        return "."


def quality(values: dict[str, str]) -> str:
    """GQ as a whole number."""
    try:
        return f"{float(values.get('GQ', '.')):.0f}"
    except ValueError:
        return "."
