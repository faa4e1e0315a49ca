"""What is said of homozygous and uniparental regions (regions/{case}.json): codes for the report, rows of the lists."""

from collections.abc import Iterator, Mapping
from typing import Any

Data = Mapping[str, Any]


def run_remark(run: Data, parents: str) -> str | None:
    """What a run of homozygosity means: one_copy, a deletion explains it; uniparental, an isodisomy that the parents
    show; uniparental_possible, long and of an imprinted chromosome, without both parents; None."""
    if run["one_copy"]:
        return "one_copy"
    if run["uniparental"]:
        return "uniparental"
    return "uniparental_possible" if run["suspect"] and parents != "used" else None


def with_remarks(regions: Data | None) -> dict[str, Any] | None:
    """The document with a `remark` of each run."""
    if regions is None:
        return None
    return {**regions, "runs": [{**run, "remark": run_remark(run, regions["parents"])} for run in regions["runs"]]}


def region_rows(regions: Data | None) -> Iterator[dict[str, Any]]:
    """Rows of the lists, by column: uniparental segments, the share of the genome in runs, each run."""
    if regions is None:
        return
    yield from map(_segment_row, regions["uniparental"])
    yield from _share_row(regions)
    yield from (_run_row(run) for run in with_remarks(regions)["runs"])


def region_name(region: Data) -> str:
    """chr15:22000000-26000000; 1-based, ends included."""
    return f"{region['contig']}:{region['start']}-{region['end']}"


def segment_labels(segment: Data) -> list[str]:
    """Parent, whether it is the whole chromosome, and where it is to the region of the imprinting disorder."""
    labels = [f"from_{segment['parent']}"] + ["whole_chromosome"] * segment["whole"]
    return labels + ([f"imprinted_region_{segment['imprinted_region']}"] if segment["disorder"] else [])


def segment_words(segment: Data) -> str:
    """The disorder that it causes, where it is over the imprinted region, and the evidence."""
    named = [segment["disorder"]] if segment["disorder"] and segment["imprinted_region"] == "over" else []
    sites = f"{segment['informative']} sites for, {segment['contrary']} against"
    return "; ".join([*named, sites, f"depth {segment['depth']:.2f} of the usual"])


def run_words(run: Data) -> str:
    """The evidence."""
    return f"{run['markers']} markers, depth {run['depth']:.2f} of the usual"


def _segment_row(segment: Data) -> dict[str, Any]:
    kind = "disomy" if segment["kind"] == "unknown" else segment["kind"]
    return {
        "section": "uniparental_disomy",
        "reported": "yes",
        "consequence": f"uniparental_{kind}",
        "variant": region_name(segment),
        "labels": ", ".join(segment_labels(segment)),
        "length": segment["length"],
        "remark": segment_words(segment),
    }


def _run_row(run: Data) -> dict[str, Any]:
    return {
        "section": "homozygosity",
        "reported": "yes" if run["remark"] else "no",
        "consequence": "run_of_homozygosity",
        "variant": region_name(run),
        "labels": run["remark"],
        "length": run["length"],
        "remark": run_words(run),
    }


def _share_row(regions: Data) -> Iterator[dict[str, Any]]:
    """The share of the genome in runs of 1.5 Mb or more, where a whole genome was assessed."""
    found = regions["inbreeding"]
    if found["value"] is None:
        return
    alone = found["left_out"]
    labels = ["parents_probably_related"] * (found["verdict"] == "warn") + ["isodisomy_possible"] * bool(alone)
    yield {
        "section": "homozygosity",
        "reported": "yes" if labels else "no",
        "consequence": "share_of_genome",
        "labels": ", ".join(labels),
        "remark": f"without {alone['contig']}, which alone has {alone['length']} bases of runs" if alone else None,
        "samples": {regions["sample"]: {"fraction": found["value"]}},
    }
