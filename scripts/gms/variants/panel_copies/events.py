"""From windows and segments to events: deletions and duplications with the genes that agree."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from gms.genome.ploidy import AUTOSOME, Ploidy, is_haploid
from gms.variants.panel_copies.copies import (
    CHANGED,
    LEAST_PURITY,
    Level,
    copies,
    interval,
    is_polyploid,
    is_sure,
    spread,
    standard_error,
)
from gms.variants.panel_copies.genes import OF_MEDIAN, USUAL_BETWEEN, Gene, between, genes_of, stands_out
from gms.variants.panel_copies.inherited import IN_NORMAL, LESS_IN_NORMAL, level_in, mark, may_be_inherited_alone
from gms.variants.panel_copies.records import Copies, Event
from gms.variants.panel_copies.windows import Ratio, Segment, mean_log2, narrowed, places, relative_spread

FEWEST_WINDOWS = 3  # of a segment


class Profile(NamedTuple):
    """A sample: windows and segments with the baseline at 0, genes, noise of a window, standard deviation `between`
    genes beyond it (log2), and the baseline as CNVkit centred it. `measured`: whether `between` is this sample's, not
    the usual one."""

    windows: list[Ratio]
    segments: list[Segment]
    genes: list[Gene]
    noise: float
    between: float
    shift: float
    measured: bool


class Found(NamedTuple):
    """An event in a sample: DEL or DUP."""

    kind: str
    event: Event
    copies: Copies


def profile(windows: Sequence[Ratio], segments: Sequence[Segment]) -> Profile:
    """The baseline is the median level of the targeted genes on autosomes, or of segments where there are none."""
    genes = genes_of(windows, segments)
    own = [gene.segment for gene in genes if AUTOSOME.fullmatch(gene.contig) and len(gene.windows) >= FEWEST_WINDOWS]
    shift = median(own or [one.log2 for one in segments for _ in range(one.bins)] or [0.0])
    moved = [one._replace(log2=one.log2 - shift) for one in windows]
    levels = [one._replace(log2=one.log2 - shift) for one in segments]
    noise = spread([window.log2 - one for window, one in _with_levels(moved, levels) if window.on_target])
    genes = genes_of(moved, levels)
    seen = between(genes, noise)
    return Profile(moved, levels, genes, noise, USUAL_BETWEEN if seen is None else seen, shift, seen is not None)


def levels(segments: Sequence[Segment]) -> list[Level]:
    """Levels of the autosomes."""
    own = [one for one in segments if AUTOSOME.fullmatch(one.contig)] or segments
    total = sum(one.bins for one in own)
    return [Level(one.log2, one.bins / total) for one in own]


def _with_levels(windows: Sequence[Ratio], segments: Sequence[Segment]) -> Iterator[tuple[Ratio, float]]:
    """Windows with the level of their segment; both in the order of the genome."""
    by_contig: dict[str, list[Segment]] = {}
    for one in segments:
        by_contig.setdefault(one.contig, []).append(one)
    for window in windows:
        inside = (one for one in by_contig.get(window.contig, ()) if one.start <= window.start < one.end)
        if (found := next(inside, None)) is not None:
            yield window, found.log2


def kind_of(log2: float) -> str:
    """DEL, DUP or '' of a level."""
    return "DEL" if log2 <= -CHANGED else "DUP" if log2 >= CHANGED else ""


def marked_windows(found: Profile, apart: Sequence[Event] = ()) -> list[tuple[Ratio, str, float]]:
    """Windows with the kind of event, '' where it is not sure or the event is of those `apart`, and the log2 of their
    segment."""
    by_contig, marked = _by_contig(found.windows), []
    for one in found.segments:
        inside = _inside(one, by_contig)
        kind = kind_of(one.log2) if _is_sure(one, error_of(found, inside)) else ""
        marked += [(window, "" if is_in(window, apart) else kind, one.log2) for window in inside]
    return marked


def inherited(called: Iterable[Found]) -> list[Event]:
    """Events that all cells of the person have."""
    return [one.event for one in called if IN_NORMAL in one.event.marks]


def is_in(place: Ratio | Segment, found: Iterable[Event]) -> bool:
    """Whether the middle of a window or segment is in an event."""
    middle = (place.start + place.end) // 2
    return any(one.contig == place.contig and one.start <= middle < one.end for one in found)


def events(
    found: Profile,
    lengths: Mapping[str, int],
    sex: str,
    purity: float | None,
    normal: Sequence[Ratio] | None = None,
) -> Iterator[Found]:
    """Events of segments, then of genes that stand out of theirs. `lengths`: bases by contig; `normal`: windows of the
    person's normal with the baseline at 0."""
    by_contig = _by_contig(found.windows)
    is_known = purity is not None and purity >= LEAST_PURITY and not is_polyploid(levels(found.segments), purity)
    for one, genes, marks, error in (*_of_segments(found, by_contig), *_of_genes(found)):
        usual = usual_copies(lengths, one.contig, (one.start + one.end) // 2, sex)
        around = _around(one, by_contig[one.contig])
        marks = (*marks, *mark(one, error, usual, normal, purity))
        level = level_in(normal, one) if LESS_IN_NORMAL in marks and one.log2 < 0 else None
        share = None if IN_NORMAL in marks else purity  # what is inherited, all cells have
        event = Event(one.contig, one.start, one.end, usual, one.bins, *around, genes, marks, share, level)
        shown = _copies(one, error, event)
        is_told = is_known and not may_be_inherited_alone(one.log2, usual, level, purity)
        yield Found("DEL" if one.log2 < 0 else "DUP", event, shown if is_told else _with_normals(shown, event))


def _copies(one: Segment, error: float, event: Event) -> Copies:
    """Copies of an event at its purity; the other cells have those of the normal where it has an inherited loss."""
    others = 1 if event.normal_log2 is None else 2**event.normal_log2
    terms = event.usual, event.purity, others
    return Copies(one.log2, copies(one.log2, *terms), *interval(one.log2, error, *terms))


def _with_normals(shown: Copies, event: Event) -> Copies:
    """Copies of a second loss that rests on an unknown purity or baseline: the normal's may be all there is."""
    other = None if event.normal_log2 is None else event.usual * 2**event.normal_log2
    return shown._replace(other=other)


def own_level(gene: Gene, found: Profile, called: Iterable[Found]) -> float:
    """Log2 of a gene without an event: that of its segment, but its own where it was left out at an end of the event
    that the segment became."""
    segment = next((one for one in found.segments if _holds(one, gene)), None)
    for event in (one.event for one in called if segment and one.event.contig == segment.contig):
        of_segment = segment.start <= event.start and event.end <= segment.end and "GENE_ONLY" not in event.marks
        if of_segment and not _holds(event, gene):
            return gene.median
    return gene.segment


def _of_segments(
    found: Profile, by_contig: Mapping[str, Sequence[Ratio]]
) -> Iterator[tuple[Segment, tuple[str, ...], tuple[str, ...], float]]:
    """Segments with fewer or more copies, the genes that agree, flags, and the standard error of log2."""
    sure = list(_sure_segments(found, by_contig))
    for one, error in sure:
        alike = [other for other, _ in sure if other.contig == one.contig and other.log2 * one.log2 > 0]
        genes = [gene for gene in found.genes if gene.contig == one.contig and _main(gene, alike) is one]
        agree = tuple(gene.name for gene in genes if gene.agrees(one.log2))
        yield one, agree, ("UNCONFIRMED",) if genes and not agree else (), error


def _sure_segments(found: Profile, by_contig: Mapping[str, Sequence[Ratio]]) -> Iterator[tuple[Segment, float]]:
    """Segments with fewer or more copies, and the standard error of log2."""
    beside = zip([None, *found.segments], found.segments, [*found.segments[1:], None], strict=False)
    for before, one, after in beside:
        if not kind_of(one.log2):
            continue
        inside = _inside(one, by_contig)
        levels = (other.log2 if other and other.contig == one.contig else 0.0 for other in (before, after))
        own = narrowed(inside, *levels, found.noise)
        if len(own) < len(inside):
            one = Segment(one.contig, own[0].start, own[-1].end, mean_log2(own), len(own))
        error = error_of(found, own)
        if _is_sure(one, error):
            yield one, error


def _main(gene: Gene, alike: Sequence[Segment]) -> Segment | None:
    """Of segments that are `alike`, all of fewer or all of more copies, the one with most windows of a gene; None where
    half of its windows are in none of them."""
    shares = [_windows_in(one, gene) for one in alike]
    return alike[shares.index(max(shares))] if 2 * sum(shares) >= len(gene.windows) else None


def _inside(one: Segment, by_contig: Mapping[str, Sequence[Ratio]]) -> list[Ratio]:
    return [window for window in by_contig[one.contig] if one.start <= window.start < one.end]


def error_of(found: Profile, windows: Sequence[Ratio]) -> float:
    """Standard error (log2) of the mean of some windows."""
    return relative_spread(windows) * standard_error(found.noise, len(windows), found.between, places(windows))


def _is_sure(one: Segment, error: float) -> bool:
    return one.bins >= FEWEST_WINDOWS and is_sure(one.log2, error)


def _of_genes(found: Profile) -> Iterator[tuple[Segment, tuple[str, ...], tuple[str, ...], float]]:
    """The same of genes that stand out of their segments; the error is that of a median."""
    for gene in found.genes:
        if stands_out(gene, found.noise) and kind_of(gene.segment) != kind_of(gene.median):
            one = Segment(gene.contig, gene.start, gene.end, gene.median, len(gene.windows))
            error = relative_spread(gene.windows) * standard_error(OF_MEDIAN * found.noise, one.bins, found.between, 1)
            yield one, (gene.name,), ("GENE_ONLY",), error


def _by_contig(windows: Sequence[Ratio]) -> dict[str, list[Ratio]]:
    found: dict[str, list[Ratio]] = {}
    for window in windows:
        found.setdefault(window.contig, []).append(window)
    return found


def _holds(one: Segment | Event, gene: Gene) -> bool:
    """Whether most windows of a gene are in a segment."""
    return gene.contig == one.contig and 2 * _windows_in(one, gene) >= len(gene.windows)


def _windows_in(one: Segment | Event, gene: Gene) -> int:
    return sum(one.start <= window.start < one.end for window in gene.windows)


def usual_copies(lengths: Mapping[str, int], contig: str, pos: int, sex: str) -> int:
    """Copies that a person of this sex usually has; `lengths`: bases by contig."""
    return 1 if is_haploid(Ploidy(lengths).kind(contig, pos), sex) else 2


def _around(one: Segment, windows: Sequence[Ratio]) -> tuple[int, int]:
    """Bases from an event to the windows before and after it, 0 where there is none."""
    before = max((window.end for window in windows if window.end <= one.start), default=one.start)
    after = min((window.start for window in windows if window.start >= one.end), default=one.end)
    return one.start - before, after - one.end
