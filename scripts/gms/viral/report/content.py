"""What the pages of a plate and of its samples show: words and numbers, made from qc/plates/{plate}.json."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from gms.inputs.metrics import metric_words
from gms.report.labels import limit_words, value_words
from gms.viral.report.drawings import depth_drawing, plate_drawing

VERDICTS = {
    "pass": "Passed",
    "warn": "Passed with warnings",
    "fail": "Failed",
    "not_assessed": "Not fully assessed",
}
_SHOWN = (
    "virus_reads",
    "virus_depth_median",
    "virus_covered_10x",
    "consensus_n_fraction",
    "consensus_variants",
    "amplicons_dropped",
    "intermediate_sites",
)
FILTERS = {
    "PASS": "in the consensus",
    "AMBIGUOUS": "ambiguous: a code, or N for an indel",
    "MINOR": "minor, not in the consensus",
    "LOW_DEPTH": "too few reads: N",
    "LOW_QUALITY": "low quality: N",
    "OVERLAP": "excluded by a more frequent indel",
    "REFERENCE_N": "the reference is N: N",
    "CLIPPED": "next to an insertion that is not known in full: N",
}


def plate_content(plate: Mapping[str, Any], length: int, earlier: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The page of a plate; `length` of the genome, `earlier` records of plates before, in their order."""
    samples = plate["samples"]
    isolates = [one for one in samples if one["role"] == "isolate"]
    return {
        "plate": plate,
        "headline": _headline(isolates),
        "verdict": _verdict(plate, isolates),
        "words": VERDICTS,
        "drawing": plate_drawing(samples),
        "columns": [metric_words(name) for name in _SHOWN],
        "rows": [_row(one, length, plate["rules"]["min_depth"]) for one in samples],
        "dropouts": _dropouts(isolates),
        "controls": [one for one in samples if one["role"] == "control"],
        "findings": [(one["sample"], text) for one in samples for text in findings(one)],
        "lineages": _lineages([*earlier, plate]),
        "limits": limits(plate["rules"]),
    }


def _headline(isolates: Sequence[Mapping[str, Any]]) -> str:
    counts = Counter(one["verdict"] for one in isolates)
    parts = [f"{counts[verdict]} {words.lower()}" for verdict, words in VERDICTS.items() if counts[verdict]]
    return f"{len(isolates)} samples: {', '.join(parts)}" if isolates else "No samples, controls only"


def _verdict(plate: Mapping[str, Any], isolates: Sequence[Mapping[str, Any]]) -> str:
    """The colour of the page: that of the controls where they failed, else of the worst of the samples."""
    if plate["verdict"] == "fail":
        return "fail"
    states = {one["verdict"] for one in isolates}
    return "warn" if "fail" in states or "warn" in states else plate["verdict"]


def _row(one: Mapping[str, Any], length: int, least: int) -> dict[str, Any]:
    return {
        **{key: one[key] for key in ("sample", "role", "well", "scheme", "verdict")},
        "lineage": lineage_words(one),
        "values": [value_words(name, one["metrics"].get(name)) for name in _SHOWN],
        "depth": depth_drawing(one, length, least),
    }


def lineage_words(one: Mapping[str, Any]) -> str:
    """Lineage, else lineages by the centre's mutations, else why there is none."""
    if one["lineage"]["lineage"]:
        return one["lineage"]["lineage"]
    if one["marks"]:
        return f"mutations of {', '.join(mark['lineage'] for mark in one['marks'])}"
    return "not assigned"


def _dropouts(isolates: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lost amplicons: of how many samples, and which."""
    lost: dict[str, dict[str, Any]] = {}
    for one in isolates:
        for tile in one["amplicons"]:
            if tile["dropped"]:
                entry = lost.setdefault(f"{one['scheme']} {tile['amplicon']}", {**tile, "samples": []})
                entry["samples"].append(one["sample"])
    return [{"name": name, **entry} for name, entry in sorted(lost.items(), key=lambda item: -len(item[1]["samples"]))]


def findings(one: Mapping[str, Any]) -> list[str]:
    """What the checks of a sample found, as sentences."""
    found = []
    if one["metrics"].get("scheme_fits") is False:
        other = one["scheme_best"]
        meant = f"; they fit {other}" if other and other != one["scheme"] else "; no scheme of the assay fits"
        found.append(f"Wrong primer scheme? Its reads do not begin in the primers of {one['scheme']}{meant}.")
    for source in one["sources"]:
        found.append(
            f"Mixed with {source['sample']}? At {source['seen']} of {source['sites']} sites where the two differ, "
            f"second bases are those of {source['sample']}, at about {source['fraction']:.0%}."
        )
    for mark in one["second_marks"]:
        found.append(f"Marks of a second lineage, {mark['lineage']}, among the second bases: mixed.")
    if text := _second_bases(one):
        found.append(text)
    for other in one["shared"]:
        found.append(
            f"{other['shared']} second bases are those of {other['sample']} too: one source, or swapped indices?"
        )
    return found + _sites(one)


def _second_bases(one: Mapping[str, Any]) -> str:
    """Second bases whose source is not known."""
    if one["sources"]:
        return ""
    if one["second_bases_excess"]:
        return "Mixed: more sites have a second base than errors of amplification give; the source is not known."
    if any(gate["metric"] == "intermediate_sites" and gate["verdict"] in ("warn", "fail") for gate in one["gates"]):
        number = one["metrics"]["intermediate_sites"]
        return f"Mixed? {number} sites have a second base of 5 % and more, or few molecules were amplified."
    return ""


def _sites(one: Mapping[str, Any]) -> list[str]:
    """Findings at single places: shifted frames and variants that too few reads show."""
    found = []
    for frame in one["frameshifts"]:
        behind = "; the last one restores it" if frame["restored"] else ""
        found.append(f"Reading frame of {frame['gene']} shifted by {', '.join(frame['indels'])}{behind}.")
    for variant in one["variants"]:
        if variant["filter"] == "LOW_DEPTH":
            reads = f"{variant['depth']} reads, fewer than the minimum"
            found.append(f"{variant['variant']} has {reads}: N in the consensus.")
    return found


def lost_amplicons(one: Mapping[str, Any]) -> list[str]:
    """Names of the lost amplicons of a sample."""
    return [tile["amplicon"] for tile in one["amplicons"] if tile["dropped"]]


def _lineages(plates: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Samples by lineage and plate; only samples that did not fail."""
    counts = []
    for plate in plates:
        used = [one for one in plate["samples"] if one["role"] == "isolate" and one["verdict"] != "fail"]
        counts.append((plate["plate"], Counter(lineage_words(one) for one in used)))
    names = sorted({name for _, number in counts for name in number})
    return {"plates": [name for name, _ in counts], "rows": [(n, [c[n] for _, c in counts]) for n in names]}


def limits(rules: Mapping[str, float]) -> list[str]:
    """What the results rest on, in sentences."""
    return [
        f"A base is called from {rules['min_depth']} reads (base and mapping quality {rules['base_quality']} or more); "
        "fewer are N. Variants and consensus follow the same depth.",
        f"An allele is in the consensus from {rules['consensus_fraction']:.0%} of the reads; between "
        f"{rules['ambiguous_fraction']:.0%} and that the base is an IUPAC code, an indel is N.",
        f"Minor variants are reported from {rules['minor_fraction']:.0%} and {rules['minor_reads']} fragments; rarer "
        "ones are not looked for.",
        "Bases under primers are those of neighbouring amplicons only. The ends of the genome, before the first and "
        "after the last primer, cannot be read.",
    ]


def sample_content(plate: Mapping[str, Any], one: Mapping[str, Any], length: int) -> dict[str, Any]:
    """The page of a sample."""
    return {
        "plate": plate,
        "one": one,
        "words": VERDICTS,
        "lineage": lineage_words(one),
        "depth": depth_drawing(one, length, plate["rules"]["min_depth"]),
        "measures": [(metric_words(name), value_words(name, value)) for name, value in one["metrics"].items()],
        "gates": [_gate(gate) for gate in one["gates"]],
        "findings": findings(one),
        "variants": [_variant(variant) for variant in one["variants"] if variant["filter"] != "MINOR"],
        "minor": [_variant(variant) for variant in one["variants"] if variant["filter"] == "MINOR"],
        "lost": [tile for tile in one["amplicons"] if tile["dropped"]],
        "limits": limits(plate["rules"]),
    }


def _variant(variant: Mapping[str, Any]) -> dict[str, Any]:
    return {**variant, "words": FILTERS[variant["filter"]], "effect": variant.get("effect", "")}


def _gate(gate: Mapping[str, Any]) -> dict[str, Any]:
    name = gate["metric"]
    shown = {key: limit_words(name, gate[key]) for key in ("warn", "fail")}
    return {**gate, **shown, "name": metric_words(name), "value": value_words(name, gate["value"])}
