"""SNVs of one codon on the same molecules: together they may change the protein as neither does alone (BRAF V600K).

Each SNV stays a record of its own; what they spell together is noted in INFO/MNV, and its consequence is what counts.
"""

import re
from collections.abc import Iterable

from gms.genome.alleles import Allele
from gms.variants.small.loci import IndelLocus, SnvLocus

CODON = 3
TOGETHER = 0.9  # of the fragments that cover both bases and carry either
MIN_FRAGMENTS = 2
ONE_RESIDUE = re.compile(r"p\.\(?[A-Z][a-z]{2}\d+([A-Z][a-z]{2}|\*|%3D|=)\)?$")


def joined_snvs(loci: Iterable[SnvLocus | IndelLocus], sequence: str, offset: int) -> dict[Allele, Allele]:
    """SNV → the allele that it and its neighbours within a codon's length form on the same fragments.

    `sequence` is the contig from 0-based `offset`; loci are sorted and filled from the index sample.
    """
    snvs = [
        (allele, carriers(locus, index), set(locus.fragments))
        for locus in loci
        if isinstance(locus, SnvLocus)
        for index, allele in enumerate(locus.alleles)
    ]
    found: dict[Allele, Allele] = {}
    for number, first in enumerate(snvs):
        if first[0] in found:
            continue
        group = [first]
        for other in snvs[number + 1 :]:
            if other[0].pos - first[0].pos >= CODON:
                break
            if other[0].pos > group[-1][0].pos and all(in_cis(member, other) for member in group):
                group.append(other)
        if len(group) > 1:
            whole = spell([allele for allele, _, _ in group], sequence, offset)
            found |= {allele: whole for allele, _, _ in group}
    return found


def carriers(locus: SnvLocus, index: int) -> set[str]:
    return {name for name, seen in locus.fragments.items() if seen and seen.best == index + 1}


def in_cis(a: tuple[Allele, set[str], set[str]], b: tuple[Allele, set[str], set[str]]) -> bool:
    """Whether the fragments that cover both bases carry both alleles or neither."""
    both = a[1] & b[1]
    either = (a[1] | b[1]) & a[2] & b[2]
    return len(both) >= MIN_FRAGMENTS and len(both) >= TOGETHER * len(either)


def spell(snvs: list[Allele], sequence: str, offset: int) -> Allele:
    """One allele from the first SNV's base to the last one's."""
    start, end = snvs[0].pos, snvs[-1].pos + 1
    ref = sequence[start - offset : end - offset]
    bases = list(ref)
    for snv in snvs:
        bases[snv.pos - start] = snv.alt
    return Allele(start, ref, "".join(bases))


def codon_vcf(lines: Iterable[str]) -> str:
    """A VCF without samples of the alleles in INFO/MNV of merged records; empty where there are none."""
    found = {}
    for line in lines:
        at = line.find(";MNV=")
        if at > 0:
            chrom = line[: line.index("\t")]
            pos, ref, alt = line[at + 5 :].split("\t", 1)[0].split(";", 1)[0].split(":")
            found[chrom, pos, ref, alt] = f"{chrom}\t{pos}\t.\t{ref}\t{alt}\t.\t.\t.\n"
    columns = "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"])
    return f"##fileformat=VCFv4.2\n{columns}\n{''.join(found.values())}" if found else ""


def changes_one_residue(hgvsp: str) -> bool:
    """Whether a protein change concerns a single amino acid, so that its SNVs share a codon."""
    return bool(ONE_RESIDUE.match(hgvsp))
