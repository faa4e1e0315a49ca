"""regions/{case}.json: homozygous regions and uniparental disomy of the index of a case."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.homozygosity.runs import MIN_LENGTH, Run, runs_of_homozygosity, spans
from gms.homozygosity.sites import Sites
from gms.homozygosity.uniparental import Segment, uniparental_segments

# Parent from whom both copies come -> disorder, by chromosome (del Gaudio et al. 2020, Genet Med 22:1133, table 1).
IMPRINTED = PROJECT / "resources" / "imprinted_chromosomes.tsv"
# F_ROH (McQuillan et al. 2008, Am J Hum Genet 83:359): runs of 1.5 Mb or more over the autosomes assessed. Children of
# second cousins have 1/64, of first cousins 1/16. A part of a genome says nothing of the whole: 1 Gb at least.
F_MIN_LENGTH, F_LIMIT, F_MIN_ASSESSED = 1_500_000, 1 / 64, 1_000_000_000
# With parents, or a father, of someone else nearly all of the genome seems to come from one parent.
MAX_UNIPARENTAL = 0.5
POINTS = 2_000  # fractions of the alternative allele that are kept for the drawing


def regions_document(
    case: str, names: Sequence[str], sites: Mapping[str, Sites], lengths: Mapping[str, int]
) -> dict[str, Any]:
    """The content of the file. `names`: the index, then its mother and father if both were sequenced, the columns of
    `sites`; `lengths`: bases by contig. Contigs too short for any run are not listed."""
    known = {contig: _assessed(found) for contig, found in sites.items()}
    assessed = {contig: bases for contig, bases in known.items() if bases >= MIN_LENGTH}
    segments = list(uniparental_segments(sites)) if len(names) == 3 else []
    strange = sum(segment.length for segment in segments) > MAX_UNIPARENTAL * sum(assessed.values())
    segments = [] if strange else segments
    runs = runs_of_homozygosity(sites, lengths)
    return {
        "case": case,
        "sample": names[0],
        "contigs": {contig: {"length": lengths[contig], "assessed": bases} for contig, bases in assessed.items()},
        "fractions": _fractions(sites, {contig: lengths[contig] for contig in assessed}),
        "runs": [_run(run, segments) for run in runs],
        "inbreeding": _inbreeding(runs, segments, sum(assessed.values())),
        "parents": "not_sequenced" if len(names) < 3 else "not_of_this_child" if strange else "used",
        "uniparental": [_segment(segment) for segment in segments],
    }


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


def _inbreeding(runs: Iterable[Run], segments: Sequence[Segment], assessed: int) -> dict[str, Any]:
    """F_ROH, without what uniparental disomy or a deletion explains; null on less than F_MIN_ASSESSED bases."""
    if assessed < F_MIN_ASSESSED:
        return {"value": None, "limit": F_LIMIT, "verdict": "not_assessed"}
    kept = [run for run in runs if run.length >= F_MIN_LENGTH and not run.is_one_copy and not _explains(run, segments)]
    value = round(sum(run.length for run in kept) / assessed, 4)
    return {"value": value, "limit": F_LIMIT, "verdict": "warn" if value >= F_LIMIT else "pass"}


def _explains(run: Run, segments: Iterable[Segment]) -> bool:
    """Whether most of the run lies in an isodisomy (of two copies) that the parents show."""
    shared = sum(
        max(0, min(run.end, segment.end) - max(run.start, segment.start) + 1)
        for segment in segments
        if segment.contig == run.contig and segment.kind != "heterodisomy"
    )
    return 2 * shared > run.length


def _run(run: Run, segments: Sequence[Segment]) -> dict[str, Any]:
    place = {"contig": run.contig, "start": run.start, "end": run.end, "length": run.length}
    explained = {"one_copy": run.is_one_copy, "uniparental": _explains(run, segments)}
    return (
        place | {"markers": run.markers, "depth": run.depth} | explained | {"imprinted": bool(_disorders(run.contig))}
    )


def _segment(segment: Segment) -> dict[str, Any]:
    place = {"contig": segment.contig, "start": segment.start, "end": segment.end, "length": segment.length}
    shown = ("parent", "kind", "whole", "informative", "contrary", "depth")
    disorder = _disorders(segment.contig).get(segment.parent)
    return place | {name: getattr(segment, name) for name in shown} | {"disorder": disorder}


def _disorders(contig: str) -> dict[str, str]:
    """Parent from whom both copies of the chromosome come -> the imprinting disorder that this causes."""
    rows = read_table(IMPRINTED)
    return {row["parent"]: row["disorder"] for row in rows if row["chromosome"] == contig.removeprefix("chr")}
