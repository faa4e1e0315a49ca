"""Records of the mitochondrial VCF, and the numbers in them. Positions are 0-based in the code, 1-based in records."""

from collections.abc import Iterable, Sequence

from gms.variants.evidence.counts import Counts
from gms.variants.evidence.shares import wilson
from gms.variants.evidence.strand_bias import by_strand, fisher_strand
from gms.variants.mitochondrial.alleles import Found
from gms.variants.mitochondrial.deletions import Junction, Split
from gms.variants.mitochondrial.facts import genes_in, is_difficult

CALLER = "mitocounts"
HOMOPLASMIC = 0.95  # of the molecules, as in gnomAD (Laricchia et al. 2022, Genome Res 32:569)
# log10 from which a sample has an allele that was found in the case: one place is asked, not the whole genome.
MIN_LOD_SHARED = 2.0
_FORMAT = "GT:AD:DP:AF:AFCI:ADF:ADR"


def allele_record(contig: str, found: Found, numt: float | None, known: bool) -> str:
    """A line for an allele in bases. `known`: positions are those of rCRS; `numt` as in INFO/NUMT."""
    pos, ref, alt = found.allele
    index = found.counts[0]
    (ref_forward, alt_forward), (ref_reverse, alt_reverse) = _strands(index)
    info = [f"CALLERS={CALLER}", *_place(pos + 1, pos + len(ref), known), f"TLOD={max(found.lods):.1f}"]
    info.append(f"SBP={fisher_strand(ref_forward, ref_reverse, alt_forward, alt_reverse):.2f}")
    if index.alt:
        info.append(f"BQ_ALT={sum(seen.base_quality for seen in index.alt) / len(index.alt):.1f}")
    info += [] if numt is None else [f"NUMT={numt:.4f}"]
    samples = [_sample(counts, lod) for counts, lod in zip(found.counts, found.lods, strict=True)]
    quality = f"{10 * max(found.lods):.0f}"
    return _line([contig, str(pos + 1), ".", ref, alt, quality, ".", ";".join(info), _FORMAT, *samples])


def junction_record(contig: str, sequence: str, junction: Junction, splits: Sequence[Split], known: bool) -> str:
    """A line for a large deletion or duplication; it begins after POS. Where the rest of the circle is shorter than
    what is duplicated, genes and fraction are those of the rest, which may be deleted instead."""
    first, last = sorted((junction.left, junction.right))
    sign = "-" if junction.is_deletion else ""
    kind = "DEL" if junction.is_deletion else "DUP"
    duplicated = junction.is_duplication(len(sequence))
    is_rest = not (junction.is_deletion or duplicated)
    changed = [(last + 1, len(sequence)), (1, first)] if is_rest else [(first + 1, last)]
    genes = dict.fromkeys(name for start, end in changed if known for name in genes_in(start, end))
    info = [f"CALLERS={CALLER}", *_locus(genes), f"SVTYPE={kind}", f"END={last}"]
    info += [f"SVLEN={sign}{junction.length}", f"HOMLEN={junction.homology}"]
    anchor = max(first, 1)
    fields = [contig, str(anchor), ".", sequence[anchor - 1], f"<{kind}>", ".", ".", ";".join(info), _FORMAT]
    return _line([*fields, *(_split_sample(split, duplicated) for split in splits)])


def _place(start: int, end: int, known: bool) -> list[str]:
    """Genes and difficulty of an interval, as far as rCRS tells them; the genes come first."""
    names = genes_in(start, end) if known else []
    return _locus(names) + ["DIFFICULT"] * (known and is_difficult(start, end))


def _locus(names: Iterable[str]) -> list[str]:
    return [f"LOCUS={','.join(names)}"] if names else []


def _strands(counts: Counts) -> tuple[tuple[int, int], tuple[int, int]]:
    """Fragments of reference and allele, on the forward and on the reverse strand."""
    return tuple(zip(by_strand(counts.ref), by_strand(counts.alt), strict=True))


def _sample(counts: Counts, lod: float) -> str:
    alt, depth = len(counts.alt), counts.depth
    shares = counts.fraction, *wilson(round(counts.fraction * depth), depth)
    return _column((len(counts.ref), alt, depth), shares, lod >= MIN_LOD_SHARED, _strands(counts))


def _split_sample(split: Split, duplicated: bool) -> str:
    alt = split.forward + split.reverse
    strands = (split.across, split.forward), (0, split.reverse)
    return _column((split.across, alt, alt + split.across), split.fraction(duplicated), alt > 0, strands)


def _column(
    counts: tuple[int, int, int],
    shares: tuple[float, float, float],
    present: bool,
    strands: Iterable[tuple[int, int]],
) -> str:
    """`counts`: reference, allele and depth; `shares`: the fraction and the ends of its interval."""
    (ref, alt, depth), (fraction, low, high) = counts, shares
    genotype = "./." if not depth else "1/1" if fraction >= HOMOPLASMIC else "0/1" if present else "0/0"
    by_strand = [f"{first},{second}" for first, second in strands]
    return ":".join([genotype, f"{ref},{alt}", str(depth), f"{fraction:.4f}", f"{low:.4f},{high:.4f}", *by_strand])


def _line(fields: Iterable[str]) -> str:
    return "\t".join(fields) + "\n"
