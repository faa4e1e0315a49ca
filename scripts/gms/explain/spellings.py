"""A contig, position or allele as people write it, as the reference and the workflow write it."""

import pysam

from gms.annotation.facts import load_facts
from gms.base.errors import GmsError
from gms.genome.alleles import Allele, left_align, primitives
from gms.genome.ploidy import MITOCHONDRION


class NotOfReference(GmsError):
    """A contig, position or allele that does not fit the reference of the run."""


def contig_of(name: str, fasta: pysam.FastaFile) -> str:
    """The contig as the reference calls it, with or without 'chr', in any letter case, or by its RefSeq accession."""
    accessions = load_facts(dict(zip(fasta.references, fasta.lengths, strict=True))).accessions
    spelled = [name, f"chr{name}", name.removeprefix("chr"), *(c for c, known in accessions.items() if known == name)]
    spelled += MITOCHONDRION if name in MITOCHONDRION else []
    found = next((try_ for try_ in spelled if try_ in fasta.references), None)
    if found is None:
        folded = {try_.casefold() for try_ in spelled}
        found = next((known for known in fasta.references if known.casefold() in folded), None)
    if found is None:
        known = ", ".join(fasta.references[:5])
        raise NotOfReference(f"'{name}' is neither a contig of the reference (it begins {known}) nor a gene")
    return found


def check_position(pos: int, chrom: str, fasta: pysam.FastaFile) -> None:
    """Raises NotOfReference for a position (1-based) beyond the contig."""
    length = fasta.get_reference_length(chrom)
    if not 1 <= pos <= length:
        raise NotOfReference(f"{chrom} has positions 1 to {length}, so there is no {chrom}:{pos}; another assembly?")


def check_bases(ref: str, chrom: str, pos: int, found: str) -> None:
    """Raises NotOfReference where the bases `found` in the reference at a position (1-based) are not REF."""
    if found != ref:
        raise NotOfReference(
            f"the reference at {chrom}:{pos} is {found or 'past its end'}, not {ref}; another assembly?"
        )


def spellings(fasta: pysam.FastaFile, chrom: str, pos: int, ref: str, alt: str) -> list[Allele]:
    """The allele (0-based `pos`) as the workflow writes it: normalised as a whole, then, of several bases, the single
    changes that it is where they are not on the same molecules. Raises NotOfReference."""
    offset = max(0, pos - 1_000)
    sequence = fasta.fetch(chrom, offset, pos + len(ref) + 1_000).upper()
    check_bases(ref, chrom, pos + 1, sequence[pos - offset : pos - offset + len(ref)])
    if ref == alt:
        raise NotOfReference(f"{chrom}:{pos + 1}:{ref}:{alt} is not a variant: both alleles are the same")
    changes = primitives(pos, ref, alt, None) if len(ref) == len(alt) > 1 else []
    return [left_align(change, sequence, offset) for change in (Allele(pos, ref, alt), *changes)]
