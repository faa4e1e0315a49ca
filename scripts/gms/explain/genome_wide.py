"""What was found of a case that is no record: copies of SMN1 and SMN2, homozygous and uniparental regions.

The laboratory's view: unlike the report it shows every sample of the case.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from gms.base.json_tables import read_json
from gms.base.results import named
from gms.biomarkers import smn
from gms.biomarkers.smn_results import GENES, concluded, result_words
from gms.explain.asked import Asked, Change, Gene, Place, Region, Regions, Symbolic
from gms.explain.question import not_made
from gms.homozygosity import runs, uniparental
from gms.homozygosity.inbreeding import MIN_LENGTH as MIN_SHARED
from gms.homozygosity.region_words import in_words, region_name, run_words, segment_words
from gms.inputs.row_files import shows_regions
from gms.inputs.run_model import Case, Run

Data = Mapping[str, Any]


def explain_smn(run: Run, case: Case, meant: Asked) -> Iterator[str]:
    """Copies of both genes in every sample, where one of them was asked for."""
    asked = (
        {meant.symbol} if isinstance(meant, Gene) else {meant.subject, meant.gene} if isinstance(meant, Change) else ()
    )
    if not {one.upper() for one in asked}.intersection(GENES):
        return
    if not shows_regions(run.assays, case):
        yield "Copies of SMN1 and SMN2 are counted in whole genomes of inherited disease, from reads."
        return
    yield "Copies of SMN1 and SMN2 (Chen 2020; exons 7 and 8):"
    for sample in case.samples:
        path = run.results / named("smn").at(sample=sample.name)
        if path.exists():
            (counted,) = concluded([read_json(path)], [{"sample": sample.name, "affected": sample.affected}])
            yield from _smn_lines(counted)
        else:
            yield f"  {sample.name}: not counted yet"


def _smn_lines(counted: Data) -> Iterator[str]:
    one, two = counted["results"]
    yield f"  {counted['sample']}: SMN1 {_known(one['value'])}, SMN2 {_known(two['value'])}"
    if found := counted["evidence"]:
        depth, total = found["depth"], found["total"]
        yield f"    depth {depth['both_genes']} of both genes, {depth['two_copies']} of two copies elsewhere:"
        yield f"    {total['value']} copies of both together, standard error {total['error']}"
        if at := found.get("c840"):
            yield f"    c.840: {at['reads_smn1']} reads of SMN1, {at['reads_smn2']} of SMN2"
            yield f"    copies of SMN1: {at['smn1_copies']} by c.840, {at['other_sites']} by the seven other sites"
        if counted["sites_agreeing"] is not None:
            yield f"    {counted['sites_agreeing']} of 8 sites agree (needs {smn.MIN_AGREEING})"
    yield f"    limit of SMN1: {one['limit']} ({one['verdict']})"
    yield f"    Result: {result_words(counted)}"


def _known(copies: int | None) -> str:
    return "not known" if copies is None else str(copies)


def explain_regions(run: Run, case: Case, meant: Asked) -> Iterator[str]:
    """Regions over a place that was asked for; all, of a chromosome or the genome, where these were (Regions), with
    what was looked for and how."""
    path = run.results / named("regions").at(case=case.name)
    if not isinstance(meant, Regions | Region | Place | Symbolic):
        return
    is_whole = isinstance(meant, Regions)
    if not path.exists():
        yield from [_no_regions(run, case)] * is_whole
        return
    found = in_words(read_json(path))
    yield from _looked_for(found, meant.chrom) if is_whole else ()
    lines = [*_segments(found, meant), *_runs(found, meant)]
    yield from lines or ["  None found."] * is_whole
    yield from _share(found["inbreeding"]) if is_whole else ()


def _no_regions(run: Run, case: Case) -> str:
    if shows_regions(run.assays, case):
        return not_made(run, run.results / named("regions").at(case=case.name))
    return "Homozygous regions and uniparental disomy are looked for in whole genomes of inherited disease, from reads."


def _looked_for(found: Data, chrom: str) -> Iterator[str]:
    yield f"Homozygous regions and uniparental disomy of {found['sample']}:"
    yield (
        f"  runs of homozygosity: {_megabases(runs.MIN_LENGTH)} or more, {runs.MIN_MARKERS} markers or more, one in "
        f"{runs.MAX_SPACING} bases (bcftools roh)"
    )
    yield (
        f"  uniparental disomy: {_megabases(uniparental.MIN_LENGTH)} or more, {uniparental.MIN_INFORMATIVE} informative"
        " sites or more"
    )
    yield f"  {found['looked_for']}"
    if chrom:
        known = found["contigs"].get(chrom)
        yield f"  {chrom}: " + (f"{known['assessed']} of {known['length']} bases assessed" if known else "not assessed")


def _segments(found: Data, meant: Asked) -> Iterator[str]:
    for one in found["uniparental"]:
        if _is_over(one, meant):
            whole = ", whole chromosome" if one["whole"] else ""
            yield f"  uniparental disomy {region_name(one)} ({_megabases(one['length'])}{whole})"
            yield f"    both copies from the {one['parent']}, {one['kind_words']}; {segment_words(one)}"
            if one["disorder"] and one["imprinted_region"] != "over":
                yield f"    {one['disorder_words']}"


def _runs(found: Data, meant: Asked) -> Iterator[str]:
    for one in found["runs"]:
        if _is_over(one, meant):
            yield f"  run of homozygosity {region_name(one)} ({_megabases(one['length'])}): {run_words(one)}"
            yield f"    {one['remark_words'] or 'no deletion, and no uniparental disomy known'}"


def _share(inbreeding: Data) -> Iterator[str]:
    if inbreeding["value"] is None:
        yield "  share of the genome in runs: not assessed, as it needs a whole genome"
        return
    alone = inbreeding["left_out"]
    without = f", without {alone['contig']}, which alone has {_megabases(alone['length'])}: isodisomy?" if alone else ""
    result = "the parents are probably related" if inbreeding["verdict"] == "warn" else "no sign of related parents"
    numbers = f"{100 * inbreeding['value']:.2f} % (limit {100 * inbreeding['limit']:.2f} %)"
    yield f"  share of the genome in runs of {_megabases(MIN_SHARED)} or more: {numbers}{without}: {result}"


def _is_over(region: Data, meant: Asked) -> bool:
    """Whether a region is one that was asked for, or overlaps the place."""
    if isinstance(meant, Regions):
        return meant.chrom in ("", region["contig"])
    start, end = (meant.start, meant.end) if isinstance(meant, Region) else (meant.pos, meant.pos)
    return region["contig"] == meant.chrom and region["start"] <= end and start <= region["end"]


def _megabases(bases: int) -> str:
    return f"{bases / 1_000_000:.2f} Mb"
