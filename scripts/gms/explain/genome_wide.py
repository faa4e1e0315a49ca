"""What was found of a case that is no record: copies of SMN1 and SMN2, homozygous and uniparental regions.

The laboratory's view: unlike the report it shows every sample of the case.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from gms.base.json_tables import read_json
from gms.base.results import named
from gms.biomarkers import smn
from gms.biomarkers.smn_results import GENES, concluded
from gms.explain.asked import Asked, Change, Gene, Place, Region, Regions, Symbolic
from gms.homozygosity import runs, uniparental
from gms.homozygosity.inbreeding import MIN_LENGTH as MIN_SHARED
from gms.homozygosity.region_rows import region_name, run_words, segment_words, with_remarks
from gms.inputs.row_files import shows_regions
from gms.inputs.run_model import Case, Run

Data = Mapping[str, Any]
CONCLUSIONS = {
    "no_copy": "no copy of SMN1: spinal muscular atrophy",
    "one_copy": "one copy of SMN1: carrier, or spinal muscular atrophy if this copy has a small variant",
    "carrier": "one copy of SMN1: carrier",
    "two_or_more": "two copies of SMN1 or more; two on one chromosome and none on the other (a silent carrier) look so",
    "c840_lost": "c.840 disagrees: without c.840C no copy works, the disease is not excluded; confirm by MLPA",
    "c840_alone": "c.840 disagrees: with c.840C a copy may work, the disease is neither shown nor excluded",
    "c840_differs": "c.840 disagrees: whether the person is a carrier is not known; confirm by MLPA",
}
REASONS = {
    "no_region": "the reference lacks SMN1 or SMN2, or is of another assembly (reference: smn)",
    "no_controls": "too few regions to compare the depth with",
    "low_depth": f"fewer than {smn.MIN_DEPTH:g} reads cover the regions that the depth is compared with",
    "few_reads": f"fewer than {smn.MIN_SITE_READS} reads tell the genes apart at a site",
    "between_copies": f"no number of copies has a posterior of {smn.MIN_POSTERIOR}",
    "sites_disagree": f"fewer than {smn.MIN_AGREEING} of 8 sites agree, or with a posterior below {smn.MIN_POSTERIOR}",
}
PARENTS = {
    "used": "both parents' genotypes were compared",
    "mother": "the mother's genotypes were compared: disomy of the father shows, that of the mother does not",
    "father": "the father's genotypes were compared: disomy of the mother shows, that of the father does not",
    "not_sequenced": "not looked for, as it needs a parent's sample; isodisomy looks like a run of homozygosity",
    "not_of_this_child": "not assessed, as the samples are not a child with its parents",
}
REMARKS = {
    "one_copy": f"depth below {runs.ONE_COPY} of the usual: one copy, a deletion explains it",
    "uniparental": "the parents show isodisomy here",
    "uniparental_possible": "long run of an imprinted chromosome, without both parents: uniparental disomy possible",
    None: "no deletion, and no uniparental disomy known",
}


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
    yield f"    Result: {CONCLUSIONS.get(counted['conclusion']) or 'not assessed: ' + REASONS[counted['reason']]}"


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
    found = with_remarks(read_json(path))
    yield from _looked_for(found, meant.chrom) if is_whole else ()
    lines = [*_segments(found, meant), *_runs(found, meant)]
    yield from lines or ["  None found."] * is_whole
    yield from _share(found["inbreeding"]) if is_whole else ()


def _no_regions(run: Run, case: Case) -> str:
    if shows_regions(run.assays, case):
        return f"{named('regions').at(case=case.name)} does not exist yet."
    return "Homozygous regions and uniparental disomy are looked for in whole genomes of inherited disease, from reads."


def _looked_for(found: Data, chrom: str) -> Iterator[str]:
    yield f"Homozygous regions and uniparental disomy of {found['sample']}:"
    yield (
        f"  runs of homozygosity: {_megabases(runs.MIN_LENGTH)} or more, {runs.MIN_MARKERS} markers or more, one in "
        f"{runs.MAX_SPACING} bases (bcftools roh)"
    )
    yield (
        f"  uniparental disomy: {_megabases(uniparental.MIN_LENGTH)} or more, {uniparental.MIN_INFORMATIVE} informative"
        f" sites or more; {PARENTS[found['parents']]}"
    )
    if chrom:
        known = found["contigs"].get(chrom)
        yield f"  {chrom}: " + (f"{known['assessed']} of {known['length']} bases assessed" if known else "not assessed")


def _segments(found: Data, meant: Asked) -> Iterator[str]:
    for one in found["uniparental"]:
        if _is_over(one, meant):
            whole = ", whole chromosome" if one["whole"] else ""
            kind = "iso- or heterodisomy not known" if one["kind"] == "unknown" else one["kind"]
            yield f"  uniparental disomy {region_name(one)} ({_megabases(one['length'])}{whole})"
            yield f"    {kind}, both copies from the {one['parent']}; {segment_words(one)}"
            if one["disorder"] and one["imprinted_region"] != "over":
                yield f"    chromosome of {one['disorder']}; imprinted region: {one['imprinted_region']}"


def _runs(found: Data, meant: Asked) -> Iterator[str]:
    for one in found["runs"]:
        if _is_over(one, meant):
            yield f"  run of homozygosity {region_name(one)} ({_megabases(one['length'])}): {run_words(one)}"
            yield f"    {REMARKS[one['remark']]}"


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
