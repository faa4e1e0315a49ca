"""qc/viral/{sample}.json: what is measured of a sample alone, before its plate is looked at."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

from gms.viral.chain.consensus import longest_run, runs
from gms.viral.chain.decide import LOW_DEPTH, PASS, Called, Decision
from gms.viral.chain.read_indels import ReadEnds
from gms.viral.checks.amplicons import fits
from gms.viral.checks.second_bases import SecondBases

_BINS = 300  # of the drawing of depth


class Measured(NamedTuple):
    """What the steps before gave; `sequence` is the consensus, `clipped` the fraction of reads with primers."""

    decision: Decision
    depth: Sequence[int]
    sequence: str
    ends: ReadEnds
    clipped: float | None
    amplicons: list[dict[str, Any]]
    shares: Mapping[str, float | None]
    second: SecondBases
    frames: list[dict[str, Any]]
    effects: Mapping[str, str]


def sample_record(sample: Mapping[str, str], rules: Mapping[str, float], seen: Measured) -> dict[str, Any]:
    """The record; positions are 1-based, intervals include both ends."""
    is_fitting, best = fits(seen.shares, sample["scheme"], rules["primer_ends"])
    return {
        **sample,
        "metrics": _metrics(sample, rules, seen, is_fitting),
        "reads": seen.ends.reads,
        "scheme_best": best,
        "schemes": seen.shares,
        "amplicons": seen.amplicons,
        "depth": _bins(seen.depth),
        "not_called": [[start + 1, end, why] for start, end, why in runs(seen.decision.masked)],
        "variants": [_variant(one, seen.effects) for one in seen.decision.called],
        "second_bases": seen.second.sites,
        "second_bases_excess": seen.second.excess,
        "frameshifts": seen.frames,
    }


def _metrics(sample: Mapping[str, str], rules: Mapping[str, float], seen: Measured, fitting: bool | None) -> dict:
    length, filters = len(seen.depth), Counter(one.filter for one in seen.decision.called)
    assessed = seen.second.assessed
    return {
        "virus_reads": seen.ends.mapped,
        "virus_depth_median": int(median(seen.depth)),
        "virus_covered_fraction": sum(reads >= rules["min_depth"] for reads in seen.depth) / length,
        "virus_covered_10x": sum(reads >= 10 for reads in seen.depth) / length,
        "consensus_n_fraction": seen.sequence.count("N") / max(1, len(seen.sequence)),
        "consensus_longest_run": longest_run(seen.sequence),
        "consensus_variants": filters[PASS],
        "low_depth_variants": filters[LOW_DEPTH],
        "frameshifts": len(seen.frames),
        "primer_trimmed_fraction": seen.clipped,
        "primer_ends_fraction": seen.shares[sample["scheme"]],
        "scheme_fits": fitting,
        "amplicons_dropped": sum(tile["dropped"] for tile in seen.amplicons),
        "intermediate_sites": seen.second.frequent if assessed else None,
        "intermediate_share": seen.second.frequent / assessed if assessed else None,
    }


def _variant(one: Called, effects: Mapping[str, str]) -> dict[str, Any]:
    seen = one.observed
    name = f"{one.pos + 1}:{seen.allele.ref}:{seen.allele.alt}"
    facts = {"variant": name, "filter": one.filter, "fraction": round(seen.fraction, 4), "depth": one.depth}
    return facts | {"effect": effects.get(name, "")}


def _bins(depth: Sequence[int]) -> list[int]:
    """Lowest depth of each of equal parts of the genome: a hole of any length stays visible."""
    edges = [len(depth) * number // _BINS for number in range(_BINS + 1)]
    return [min(depth[start:end], default=0) for start, end in zip(edges, edges[1:], strict=False)]
