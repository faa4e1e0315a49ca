"""Records of the VCF of structural variants, with what each sample shows."""

from collections.abc import Sequence
from math import comb
from statistics import median
from typing import NamedTuple

from gms.variants.structural.calls import breakend_allele
from gms.variants.structural.events import Event
from gms.variants.structural.evidence import AtEnd, Evidence
from gms.variants.structural.fragments import Library
from gms.variants.structural.genotypes import Genotype

FORMAT = "GT:GQ:DP:AD:SR:PE:AF"
MIN_SHADOW = 200  # bases; the clips of both ends of a shorter event are next to each other
MAX_APART = 50  # bases between the cuts of twins: insertions have 50 and more
FEW_PAIRS = 0.25  # of the expected ones, from which pairs do lie over a junction
MIN_CLIPS, CLIP_SHARE = 3, 0.4  # reads clipped the wrong way round at an end of a shadow, over those that fit
GENOTYPES = {None: "./.", 0: "0/0", 1: "0/1", 2: "1/1"}


class Counted(NamedTuple):
    """An event in a sample; `ratio` of depths, None where it is not asked; `ref`: fragments of the
    reference, where they are not the mean of the ends."""

    seen: Evidence
    ratio: float | None
    genotype: Genotype
    library: Library
    ref: float | None = None


def records(
    event: Event, counted: Sequence[Counted], bases: Sequence[str], more: Sequence[str] = (), has_twin: bool = False
) -> list[tuple[str, int, str]]:
    """(contig, position, line) of an event, of a translocation for both breakends; `bases`: those at its ends, `more`:
    INFO; `has_twin`: its ends are also those of another event (is_twin)."""
    quality = f"{max(sample.genotype.support for sample in counted):.0f}"
    samples = [column(sample) for sample in counted]
    name = f"{event.kind}.{event.first.contig}.{event.first.cut}.{event.second.contig}.{event.second.cut}"
    name += f".{event.first.side}{event.second.side}"
    shared = [*_shared(event, counted, has_twin), *more]
    if event.kind == "BND":
        ends = (event.first, event.second)
        lines = []
        for number, (here, there, base) in enumerate(zip(ends, ends[::-1], bases, strict=True), start=1):
            own = [*shared, f"MATEID={name}.{3 - number}", *(["SECOND"] if number == 2 else [])]
            allele = breakend_allele(base, here, there)
            lines.append(_line(here.contig, here.pos, f"{name}.{number}", base, allele, quality, own, samples))
        return lines
    size = -event.length if event.kind == "DEL" else event.length
    own = [*shared, f"END={event.second.cut}", f"SVLEN={size}"]
    pos, alt = max(1, event.first.cut), f"<{event.kind}>"
    return [_line(event.first.contig, pos, name, bases[0], alt, quality, own, samples)]


def _shared(event: Event, counted: Sequence[Counted], has_twin: bool) -> list[str]:
    info = [f"CALLERS={','.join(event.callers)}", f"SVTYPE={event.kind}", f"JUNCTIONS={len(event.junctions)}"]
    info += [f"{key}={-event.width},{event.width}" for key in ("CIPOS", "CIEND")]
    if not any(seen.split for sample in counted for seen in sample.seen):
        info.append("IMPRECISE")
    if counted[0].ratio is not None:
        info.append(f"DEPTH_RATIO={counted[0].ratio:.2f}")
    places = [_at_end(counted, junction, end) for junction in range(len(event.junctions)) for end in (0, 1)]
    if (mapq := _mapping_quality(places, is_confirmed(event, counted))) is not None:
        info.append(f"MAPQ={mapq:.0f}")
    if lost := event.lost:
        contig, start, end = lost
        info.append(f"LOST_AT={contig}:{start + 1}-{end}")
    shares = [sum(at.ambiguous for at in place) / max(1, sum(at.reads for at in place)) for place in places]
    info.append(f"MAPQ0={max(shares, default=0):.2f}")
    if (chance := chance_of_pairs(event, counted)) is not None:
        info.append(f"PAIRS_P={chance:.2g}")
    return [*info, "SHADOW"] if is_shadow(event, counted) and not has_twin else info


def _mapping_quality(places: Sequence[Sequence[AtEnd]], best: bool) -> float | None:
    """Median mapping quality of the reads that show an event, at its worse end, or at its better one (`best`).
    `places`: ends of junctions."""
    qualities = [[quality for at in place for quality in at.qualities] for place in places]
    if not qualities or not all(qualities):
        return None
    medians = list(map(median, qualities))
    return (max if best else min)(min(medians[::2]), min(medians[1::2]))


def is_confirmed(event: Event, counted: Sequence[Counted]) -> bool:
    """Whether the place of an end within a repeat is known from elsewhere: from a second junction, or as it is within a
    fragment of the other end. Other copies of a mobile element are far apart, and give one junction."""
    return is_short(event, counted) or len(event.junctions) == 2


def is_short(event: Event, counted: Sequence[Counted]) -> bool:
    """Whether an event is no longer than the longest fragments of some sample."""
    return event.kind != "BND" and event.length <= max(sample.library.longest for sample in counted)


def _at_end(counted: Sequence[Counted], junction: int, end: int) -> list[AtEnd]:
    """An end of a junction in all samples that can tell."""
    return [sample.seen[junction].ends[end] for sample in counted if sample.seen]


def chance_of_pairs(event: Event, counted: Sequence[Counted]) -> float | None:
    """Probability of as few fragments around the junctions, beside those with a read across them, by the lengths of
    reads and fragments, 1 from FEW_PAIRS of the expected ones; None of events that are shorter than a fragment. Reads
    of a repeat elsewhere run into a junction of like repeats but never over it."""
    if is_short(event, counted):
        return None
    likely = 1.0
    for number in range(len(event.junctions)):
        seen = [(sample.seen[number], sample.library.pair_share) for sample in counted if sample.seen]
        around = sum(len(one.pairs - one.split) for one, _ in seen)
        total = sum(len(one.shown) for one, _ in seen)
        share = sum(len(one.shown) * share for one, share in seen) / total if total else 0.0
        if around >= FEW_PAIRS * share * total:
            continue
        likely = min(likely, sum(comb(total, n) * share**n * (1 - share) ** (total - n) for n in range(around + 1)))
    return likely


def is_twin(event: Event, other: Event) -> bool:
    """Whether two events join the other sides of the same cuts: a deletion and the circle that was cut out, or an
    exchange of like chromatids, so that reads are clipped both ways. Of a copy that is inserted one cut is its length
    away."""
    pairs = ((event.first, other.first), (event.second, other.second))
    return all(
        one.contig == two.contig and one.side != two.side and abs(one.cut - two.cut) < MAX_APART for one, two in pairs
    )


def is_shadow(event: Event, counted: Sequence[Counted]) -> bool:
    """Whether something is inserted at one end, of which another copy is at the other: reads are clipped both ways
    there, as at no end with one junction. An event with two junctions has both at its ends, and a copy that is inserted
    is no such event: its junctions are apart by its length."""
    if len(event.junctions) == 2 or event.length < MIN_SHADOW and event.kind != "BND":
        return False
    carriers = [sample for sample in counted if sample.seen.alt]
    places = [_at_end(carriers, 0, end) for end in (0, 1)]
    ends = [(sum(at.clips for at in place), sum(at.against for at in place)) for place in places]
    return any(wrong >= MIN_CLIPS and CLIP_SHARE * right <= wrong for right, wrong in ends)


def column(sample: Counted) -> str:
    """FORMAT values of a sample."""
    seen, called = sample.seen, sample.genotype
    ref, alt = round(seen.ref if sample.ref is None else sample.ref), seen.alt
    share = f"{alt / (ref + alt):.3f}" if ref + alt else "."
    values = [GENOTYPES[called.copies], called.quality, ref + alt, f"{ref},{alt}", seen.split, alt - seen.split, share]
    return ":".join(map(str, values))


def _line(contig, pos, name, ref, alt, quality, info, samples) -> tuple[str, int, str]:  # noqa: PLR0913 (columns)
    fields = [contig, str(pos), name, ref, alt, quality, ".", ";".join(info), FORMAT, *samples]
    return contig, pos, "\t".join(fields) + "\n"
