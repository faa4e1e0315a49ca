"""Records of the VCF of RNA: both breakends of a fusion, and the exons that a transcript leaves out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gms.base.errors import GmsError
from gms.variants.rna.junctions import End, Junction

CALLER = "starjunctions"
FORMAT = "GT:DP:AD:SR:PE:AF"


class UnsupportedAllele(GmsError):
    """A splice event whose ends are not those of an intron."""

    def __init__(self, name: str):
        super().__init__(f"{name} is not an intron of one contig; correct its row of resources/genes/splice_events.tsv")


class Counts(NamedTuple):
    """Fragments with a read across a junction, with mates on both sides of it, and of the usual transcripts (at the end
    with fewer); `overhang`: most aligned bases on the shorter side; `unique`: share that fits nowhere else."""

    split: int
    pairs: int
    usual: int
    overhang: int
    unique: float


def fusion_lines(ends: Sequence[End], bases: Sequence[str], counts: Counts, more: Sequence[str]) -> Iterator[str]:
    """Both breakends of a fusion, that of the 5' gene first. `bases`: those kept at the ends, `more`: INFO."""
    name = "BND." + ".".join(f"{end[0]}.{end[1]}.{end[2]}" for end in ends)
    shared = [f"CALLERS={CALLER}", "SVTYPE=BND", *more]
    shared += [f"OVERHANG={counts.overhang}", f"UNIQUE={counts.unique:.2f}"]
    column = sample_column(counts.usual, counts.split, counts.pairs)
    for number, (here, there, base) in enumerate(zip(ends, ends[::-1], bases, strict=True), start=1):
        own = [*shared, f"MATEID={name}.{3 - number}", *(["SECOND"] if number == 2 else [])]
        pos = here[1] if here[2] == "3" else here[1] + 1
        fields = [here[0], str(pos), f"{name}.{number}", base, breakend(base, here, there), ".", ".", ";".join(own)]
        yield "\t".join([*fields, FORMAT, column]) + "\n"


def breakend(base: str, here: Sequence, there: Sequence) -> str:
    """ALT of a breakend (VCF 4.3, section 5.4); `base` is the one at its position."""
    bracket = "[" if there[2] == "5" else "]"
    pos = there[1] if there[2] == "3" else there[1] + 1
    mate = f"{bracket}{there[0]}:{pos}{bracket}"
    return f"{base}{mate}" if here[2] == "3" else f"{mate}{base}"


def skipping_line(without: Junction, base: str, found: Mapping[str, Any]) -> str:
    """The record of a splice event: what is left out of the transcript, as a deletion. Raises UnsupportedAllele."""
    (contig, start, side), (mate, end, other) = without
    if contig != mate or side + other != "35" or start >= end:
        raise UnsupportedAllele(found["name"])
    info = [f"CALLERS={CALLER}", "SVTYPE=DEL", f"END={end}", f"SVLEN={start - end}", f"SPLICE_EVENT={found['name']}"]
    info += [f"SKIPPED_EXONS={found['exons']}", f"SPLICE_TRANSCRIPT={found['transcript']}"]
    info += [f"SPLICE_SHARE={found['share']}"] if found["share"] is not None else []
    fields = [contig, str(max(1, start)), f"DEL.{contig}.{start}.{contig}.{end}.35", base, "<DEL>", ".", "."]
    return "\t".join([*fields, ";".join(info), FORMAT, sample_column(found["usual"], found["without"], 0)]) + "\n"


def sample_column(usual: float, split: int, pairs: int) -> str:
    """FORMAT values; RNA has no genotype."""
    ref, alt = round(usual), split + pairs
    share = f"{alt / (ref + alt):.3f}" if ref + alt else "."
    return f"./.:{ref + alt}:{ref},{alt}:{split}:{pairs}:{share}"
