"""What homozygous and uniparental regions (regions/{case}.json) mean, in the words of the report and of gms why."""

from collections.abc import Mapping
from typing import Any

Data = Mapping[str, Any]

_ONE_PARENT = (
    "Uniparental disomy of autosomes was looked for with the {0}'s genotypes: stretches of 2 Mb or more without a "
    "chromosome of {1}, which are the {2}'s (ends are known within 200 kb). Both copies from the {0} are not "
    "recognised without the {2}'s sample. X was not assessed."
)
# By whose genotypes were used (`parents`).
PARENTS = {
    "used": "Uniparental disomy of autosomes was looked for with both parents' genotypes, over stretches of 2 Mb or "
    "more. X was not assessed.",
    "mother": _ONE_PARENT.format("mother", "hers", "father"),
    "father": _ONE_PARENT.format("father", "his", "mother"),
    "not_sequenced": "A parent's sample is needed to recognise uniparental disomy of the other parent, both for that "
    "of either; without them isodisomy looks like a run of homozygosity. X was not assessed.",
    "not_of_this_child": "Most of the genome seems to come from one parent: the samples are not a child with its "
    "parents, so uniparental disomy was not assessed.",
}
KINDS = {
    "isodisomy": "isodisomy (one chromosome twice)",
    "heterodisomy": "heterodisomy (both chromosomes)",
    "mixed": "isodisomy and heterodisomy",
    "unknown": "iso- or heterodisomy: too few sites where that parent is heterozygous",
}
REMARKS = {
    "one_copy": "one copy: a deletion explains it",
    "uniparental": "uniparental disomy, which the parents' genotypes show",
    "uniparental_possible": "long run of an imprinted chromosome: uniparental disomy possible",
}


def in_words(regions: Data | None) -> dict[str, Any] | None:
    """The document with what was looked for (`looked_for`), the kind and the disorder of each segment (`kind_words`,
    `disorder_words`), and of each run its `remark` and `remark_words`."""
    if regions is None:
        return None
    segments = [
        {**one, "kind_words": KINDS[one["kind"]], "disorder_words": _disorder_words(one)}
        for one in regions["uniparental"]
    ]
    runs = [_run(run, run_remark(run, regions["parents"])) for run in regions["runs"]]
    return {**regions, "looked_for": PARENTS[regions["parents"]], "uniparental": segments, "runs": runs}


def _run(run: Data, remark: str | None) -> dict[str, Any]:
    return {**run, "remark": remark, "remark_words": REMARKS.get(remark, "")}


def run_remark(run: Data, parents: str) -> str | None:
    """What a run of homozygosity means: one_copy, a deletion explains it; uniparental, an isodisomy that the parents
    show; uniparental_possible, long and of an imprinted chromosome, without both parents; None."""
    if run["one_copy"]:
        return "one_copy"
    if run["uniparental"]:
        return "uniparental"
    return "uniparental_possible" if run["suspect"] and parents != "used" else None


def region_name(region: Data) -> str:
    """chr15:22000000-26000000; 1-based, ends included."""
    return f"{region['contig']}:{region['start']}-{region['end']}"


def _disorder_words(segment: Data) -> str:
    """The imprinting disorder, named where the segment is over the region that causes it; empty without any."""
    if not segment["disorder"] or segment["imprinted_region"] == "over":
        return segment["disorder"] or ""
    if segment["imprinted_region"] == "outside":
        return "an imprinted chromosome, but not its imprinted region"
    return f"chromosome of {segment['disorder']}; where the imprinted region of this reference is, is not known"


def segment_words(segment: Data) -> str:
    """The disorder that it causes, where it is over the imprinted region, and the evidence."""
    named = [segment["disorder"]] if segment["disorder"] and segment["imprinted_region"] == "over" else []
    sites = f"{segment['informative']} sites for, {segment['contrary']} against"
    return "; ".join([*named, sites, f"depth {segment['depth']:.2f} of the usual"])


def run_words(run: Data) -> str:
    """The evidence."""
    return f"{run['markers']} markers, depth {run['depth']:.2f} of the usual"
