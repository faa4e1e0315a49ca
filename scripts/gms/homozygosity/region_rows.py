"""Rows of the lists for homozygous and uniparental regions (regions/{case}.json)."""

from collections.abc import Iterator, Mapping
from typing import Any

from gms.homozygosity.region_words import region_name, run_remark, run_words, segment_words

Data = Mapping[str, Any]


def region_rows(regions: Data | None) -> Iterator[dict[str, Any]]:
    """Rows of the lists, by column: uniparental segments, the share of the genome in runs, each run."""
    if regions is None:
        return
    yield from map(_segment_row, regions["uniparental"])
    yield from _share_row(regions)
    yield from (_run_row(run, run_remark(run, regions["parents"])) for run in regions["runs"])


def segment_labels(segment: Data) -> list[str]:
    """Parent, whether it is the whole chromosome, and where it is to the region of the imprinting disorder."""
    labels = [f"from_{segment['parent']}"] + ["whole_chromosome"] * segment["whole"]
    return labels + ([f"imprinted_region_{segment['imprinted_region']}"] if segment["disorder"] else [])


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


def _run_row(run: Data, remark: str | None) -> dict[str, Any]:
    return {
        "section": "homozygosity",
        "reported": "yes" if remark else "no",
        "consequence": "run_of_homozygosity",
        "variant": region_name(run),
        "labels": remark,
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
