"""regions/{case}.json: homozygous regions and uniparental disomy of the index of a case."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from gms.homozygosity.duo import absent_segments
from gms.homozygosity.imprinting import disorders, position
from gms.homozygosity.inbreeding import inbreeding
from gms.homozygosity.runs import MAX_GAP, MIN_LENGTH, Run, runs_of_homozygosity, spans
from gms.homozygosity.sites import Sites
from gms.homozygosity.uniparental import Segment, uniparental_segments

# With parents, or a father, of someone else nearly all of the genome seems to come from one parent.
MAX_UNIPARENTAL = 0.5
# Bases of a run of an imprinted chromosome from which uniparental disomy is named as possible, within the chromosome
# and at its end; our own, between the means of others and of uniparental disomy (Hoppman 2018, see inbreeding).
SUSPECT, SUSPECT_AT_END = 10_000_000, 5_000_000
POINTS = 2_000  # fractions of the alternative allele that are kept for the drawing


def regions_document(
    case: str, members: Mapping[str, str], sites: Mapping[str, Sites], lengths: Mapping[str, int]
) -> dict[str, Any]:
    """The content of the file. `members`: sample by role of the index, its mother and its father as far as they were
    sequenced, in this order, the columns of `sites`; `lengths`: bases by contig. Contigs too short for any run are
    not listed."""
    known = {contig: _assessed(found) for contig, found in sites.items()}
    assessed = {contig: bases for contig, bases in known.items() if bases >= MIN_LENGTH}
    runs, parents = runs_of_homozygosity(sites, lengths), list(members)[1:]
    segments = _uniparental(sites, parents, runs)
    strange = sum(segment.length for segment in segments) > MAX_UNIPARENTAL * sum(assessed.values())
    segments = [] if strange else segments
    unexplained = [run for run in runs if not run.is_one_copy and not _explains(run, segments)]
    return {
        "case": case,
        "sample": next(iter(members.values())),
        "contigs": {contig: {"length": lengths[contig], "assessed": bases} for contig, bases in assessed.items()},
        "fractions": _fractions(sites, {contig: lengths[contig] for contig in assessed}),
        "runs": [_run(run, segments, sites[run.contig]) for run in runs],
        "inbreeding": inbreeding(unexplained, assessed, len(parents) == 2 and not strange),
        "parents": "not_of_this_child" if strange else _used(parents),
        "uniparental": [_segment(segment, lengths[segment.contig]) for segment in segments],
    }


def _uniparental(sites: Mapping[str, Sites], parents: Sequence[str], runs: Sequence[Run]) -> list[Segment]:
    if len(parents) == 2:
        return list(uniparental_segments(sites))
    return list(absent_segments(sites, parents[0], runs)) if parents else []


def _used(parents: Sequence[str]) -> str:
    """Whose genotypes were used: both parents', those of the mother or father alone, or nobody's."""
    return "used" if len(parents) == 2 else parents[0] if parents else "not_sequenced"


def _fractions(sites: Mapping[str, Sites], lengths: Mapping[str, int]) -> dict[str, list[tuple[int, float]]]:
    """(Position, fraction of the alternative allele) at some of the sites of the index, by the length of contigs."""
    found = {}
    for contig, length in lengths.items():
        one = sites[contig]
        known = np.flatnonzero(~np.isnan(one.fractions)) if one.fractions is not None else ()
        wanted = min(len(known), -(-POINTS * length // sum(lengths.values())))
        which = [known[at] for at in np.linspace(0, len(known) - 1, wanted).astype(int)] if wanted else []
        if which:
            found[contig] = [(int(one.positions[at]), round(float(one.fractions[at]), 3)) for at in which]
    return found


def _assessed(sites: Sites) -> int:
    """Bases between the first and the last site, without the gaps in which there is none."""
    ends = [sites.positions[indexes] for indexes in spans(sites.positions)]
    return int(sum(part[-1] - part[0] + 1 for part in ends))


def _explains(run: Run, segments: Iterable[Segment]) -> bool:
    """Whether most of the run lies in an isodisomy (of two copies) that the parents show."""
    shared = sum(
        run.within(segment.contig, segment.start, segment.end) for segment in segments if segment.kind != "heterodisomy"
    )
    return 2 * shared > run.length


def _run(run: Run, segments: Sequence[Segment], one: Sites) -> dict[str, Any]:
    place = {"contig": run.contig, "start": run.start, "end": run.end, "length": run.length}
    explained = {"one_copy": run.is_one_copy, "uniparental": _explains(run, segments)}
    return place | {"markers": run.markers, "depth": run.depth} | explained | {"suspect": _is_suspect(run, one)}


def _is_suspect(run: Run, one: Sites) -> bool:
    """Whether a run of an imprinted chromosome is so long that uniparental disomy should be thought of."""
    at_end = run.start - one.positions[0] < MAX_GAP or one.positions[-1] - run.end < MAX_GAP
    return bool(disorders(run.contig)) and run.length >= (SUSPECT_AT_END if at_end else SUSPECT)


def _segment(segment: Segment, length: int) -> dict[str, Any]:
    """`length`: of the contig. `disorder` of the parent's chromosome, and whether the segment lies over the region
    that causes it; both null where there is none."""
    place = {"contig": segment.contig, "start": segment.start, "end": segment.end, "length": segment.length}
    shown = ("parent", "kind", "whole", "informative", "contrary", "depth")
    disorder = disorders(segment.contig).get(segment.parent)
    where = position(segment.contig, segment.start, segment.end, length, segment.whole) if disorder else None
    return place | {name: getattr(segment, name) for name in shown} | {"disorder": disorder, "imprinted_region": where}
