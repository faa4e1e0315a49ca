"""Records of the merged VCF: one allele or joined haplotype each, who proposed it, and the evidence of every sample.

Positions are 0-based in the code, 1-based in records.
"""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from gms.genome.alleles import Allele
from gms.variants.evidence.counts import Counts
from gms.variants.evidence.likelihoods import normal_lod, tumor_lod
from gms.variants.evidence.strand_bias import by_strand, fisher_strand
from gms.variants.small.haplotypes import Haplotype
from gms.variants.small.phase import Phased

GENOTYPES = ("0/0", "0/1", "1/1")
MORE = 4  # times the square root of the usual depth by which depth is high (Li 2014, doi:10.1093/bioinformatics/btu356)


class Candidate(NamedTuple):
    """The callers of an allele, and the haplotype record it was split from (INFO, or `.`)."""

    callers: set[str]
    haplotype: str


class Merged(NamedTuple):
    """An allele with the evidence of each sample (index first) and the length of its repeat; of a joined one its parts
    with their evidence; of one that is never alone the haplotype that it is part of; its phase with alleles nearby;
    the callers that were asked."""

    allele: Allele
    candidate: Candidate
    evidence: Sequence[Counts]
    repeat: int
    parts: Mapping[Allele, Sequence[Counts]] = MappingProxyType({})
    part_of: Haplotype | None = None
    phase: Phased | None = None
    asked: Sequence[str] = ()


def record(contig: str, merged: Merged, roles: Sequence[str], somatic: bool, usual_depth: float | None = None) -> str:
    """A line of the VCF; `roles` in the order of the samples, `usual_depth` that of the index sample, in reads. QUAL is
    counted from the index sample's fragments, not taken from a caller: phred support of diploid genotypes with the
    allele over those without; in a tumor ten times TLOD. Nothing speaks for an allele with 0.
    """
    evidence = merged.evidence
    info = [*callers(merged), *means(evidence[0]), f"RPT={merged.repeat}"]
    info += depth_ratio(evidence[0], usual_depth)
    qual = float(evidence[0].support)
    if merged.parts:
        info.append(f"PARTS={','.join(spelled(contig, part) for part in merged.parts)}")
    if merged.part_of:
        info.append(f"PART_OF={spelled(contig, merged.part_of.allele)}")
    if merged.phase:
        info += phase_fields(contig, merged.phase, somatic)
    if somatic:
        tlod = tumor_lod(evidence[0].alt, evidence[0].depth)
        qual = 10 * tlod
        info += [f"TLOD={tlod:.2f}", *normal_ratios(merged, roles)]
    if merged.candidate.haplotype != ".":
        info.append(merged.candidate.haplotype)
    samples = [sample_fields(counts, somatic and index == 0) for index, counts in enumerate(evidence)]
    pos, ref, alt = merged.allele
    fields = [contig, str(pos + 1), ".", ref, alt, f"{max(0.0, qual):.0f}", ".", ";".join(info)]
    return "\t".join([*fields, "GT:AD:DP:AF:GQ:ADF:ADR", *samples]) + "\n"


def callers(merged: Merged) -> list[str]:
    """CALLERS, and NOT_FOUND_BY where callers of the assay lack the allele."""
    lacking = sorted(set(merged.asked) - merged.candidate.callers)
    found = f"CALLERS={','.join(sorted(merged.candidate.callers))}"
    return [found, *([f"NOT_FOUND_BY={','.join(lacking)}"] if lacking else [])]


def phase_fields(contig: str, phase: Phased, somatic: bool) -> list[str]:
    """IN_CIS and IN_TRANS; of a tumour, where there may be clones with one, the other or both, the fragments, too."""
    named = {"IN_CIS": phase.cis, "IN_TRANS": phase.trans}
    fields = {key: [spelled(contig, allele) for allele in alleles] for key, alleles in named.items()}
    if somatic:
        counted = (f"{spelled(contig, allele)}|{'|'.join(map(str, seen))}" for allele, seen in phase.counts)
        fields["PHASE"] = list(counted)
    return [f"{key}={','.join(values)}" for key, values in fields.items() if values]


def depth_ratio(counts: Counts, usual: float | None) -> list[str]:
    """DEPTH_RATIO where the depth is high."""
    if not usual or counts.depth <= usual + MORE * math.sqrt(usual):
        return []
    return [f"DEPTH_RATIO={counts.depth / usual:.1f}"]


def spelled(contig: str, allele: Allele) -> str:
    """CHROM:POS:REF:ALT, as ./gms why and the reports write an allele."""
    return f"{contig}:{allele.pos + 1}:{allele.ref}:{allele.alt}"


def means(counts: Counts) -> list[str]:
    """How good the allele's fragments are; nothing where there are none."""
    if not counts.alt:
        return []
    facts = zip(*((o.mapping_quality, o.base_quality, o.end_distance) for o in counts.alt), strict=True)
    mapping, base, end = (math.fsum(values) / len(counts.alt) for values in facts)
    strands = [*by_strand(counts.ref), *by_strand(counts.alt)]
    return [f"MQ_ALT={mapping:.1f}", f"BQ_ALT={base:.1f}", f"END_ALT={end:.1f}", f"SBP={fisher_strand(*strands):.1f}"]


def normal_ratios(merged: Merged, roles: Sequence[str]) -> list[str]:
    """NLOD, MQ_NORMAL; for a joined allele also what the normal shows of its parts, any of which may be inherited."""
    if "normal" not in roles:
        return []
    column = roles.index("normal")
    normal = merged.evidence[column]
    info = [f"NLOD={normal_lod(normal.alt, normal.depth):.2f}"]
    if normal.alt:
        info.append(f"MQ_NORMAL={math.fsum(o.mapping_quality for o in normal.alt) / len(normal.alt):.1f}")
    if merged.parts:
        parts = [evidence[column] for evidence in merged.parts.values()]
        fraction = max(part.fraction for part in parts)
        info.append(f"NLOD_PARTS={min(normal_lod(part.alt, part.depth) for part in parts):.2f}")
        info.append(f"NORMAL_PARTS={fraction:.4f}")
    return info


def sample_fields(counts: Counts, tumor: bool) -> str:
    """GT:AD:DP:AF:GQ:ADF:ADR. A tumor is not a diploid genome: its GT says whether the allele was seen."""
    ref, alt = len(counts.ref), len(counts.alt)
    if not counts.depth:
        return f"./.:{ref},{alt}:0:.:.:0,0:0,0"
    genotype = GENOTYPES[min(1, alt) if tumor else counts.copies]
    forward, reverse = zip(by_strand(counts.ref), by_strand(counts.alt), strict=True)
    strands = f"{forward[0]},{forward[1]}:{reverse[0]},{reverse[1]}"
    return f"{genotype}:{ref},{alt}:{counts.depth}:{counts.fraction:.4f}:{counts.quality}:{strands}"
