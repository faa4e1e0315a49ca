"""Records of insertions in the merged VCF of the class, and what they mean for the other records there."""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from gms.variants.insertions.calls import CALLER, allele, described
from gms.variants.insertions.evidence import Shown
from gms.variants.insertions.proposals import Proposal
from gms.variants.structural.genotypes import Genotype
from gms.variants.structural.records import FORMAT, GENOTYPES


class Counted(NamedTuple):
    """An insertion in a sample."""

    seen: Shown
    genotype: Genotype


def record(found: Proposal, counted: Sequence[Counted], base: str, doubled: str) -> tuple[str, int, str]:
    """(contig, position, line); `base`: the reference's before the place, `doubled`: those on both sides."""
    pos, name = max(1, found.start), f"INS.{found.contig}.{found.before}.{found.contig}.{found.behind}"
    quality = f"{max(sample.genotype.support for sample in counted):.0f}"
    info = [f"CALLERS={CALLER}", "SVTYPE=INS", f"CIPOS=0,{abs(found.doubled)}", *_shared(found, counted)]
    info += [f"TSD={doubled}"] if doubled else []
    info += [f"END={pos}", *(f"{key}={value}" for key, value in described(found).items())]
    fields = [found.contig, str(pos), name, base, allele(found), quality, ".", ";".join(info), FORMAT]
    return found.contig, pos, "\t".join([*fields, *map(column, counted)]) + "\n"


def _shared(found: Proposal, counted: Sequence[Counted]) -> list[str]:
    seen = [sample.seen for sample in counted]
    qualities = [quality for one in seen for quality in one.qualities]
    sides = [sum(len(one.first) for one in seen), sum(len(one.last) for one in seen)]
    unlike = sum(len(one.unlike - one.first - one.last) for one in seen)
    info = [f"SIDES={sides[0]},{sides[1]}", f"UNLIKE={unlike / max(1, unlike + sum(sides)):.2f}"]
    info += [f"NOVEL_MATES={sum(len(one.mates) for one in seen)}"]
    info += [f"MAPQ={median(qualities):.0f}"] if qualities else []
    return [*info, f"MAPQ0={sum(one.ambiguous for one in seen) / max(1, sum(one.reads for one in seen)):.2f}"]


def column(sample: Counted) -> str:
    """FORMAT values of a sample; PE: fragments without a clipped read whose mate is elsewhere."""
    ref, alt = sample.seen.ref, sample.seen.alt
    around = len(sample.seen.mates - sample.seen.first - sample.seen.last)
    share = f"{alt / (ref + alt):.3f}" if ref + alt else "."
    called = sample.genotype
    return ":".join(map(str, [GENOTYPES[called.copies], called.quality, ref + alt, f"{ref},{alt}", alt, around, share]))
