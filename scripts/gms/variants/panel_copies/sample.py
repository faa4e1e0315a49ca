"""Copy number of a sample: from its aligned reads to the VCF of the class, and the facts that the report shows."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import pysam

from gms.genome.intervals import read_contigs
from gms.genome.ploidy import AUTOSOME
from gms.variants.panel_copies.arms import arms, codeletion
from gms.variants.panel_copies.copies import copies, interval, standard_error, warnings
from gms.variants.panel_copies.depth import window_depths
from gms.variants.panel_copies.events import (
    Found,
    Profile,
    error_of,
    events,
    inherited,
    is_in,
    levels,
    marked_windows,
    own_level,
    profile,
    usual_copies,
)
from gms.variants.panel_copies.inherited import in_normals
from gms.variants.panel_copies.records import Event, record, sorted_records
from gms.variants.panel_copies.reference import OFF_TARGET, Reference, Window, read_reference
from gms.variants.panel_copies.windows import Ratio, relative_spread

CALLER = "cnvkit"
FEWEST_WINDOWS = 50  # in targets: fewer are no panel to centre the depth of
LEAST_DEPTH = 20.0  # reads, median of the targets' windows
NOISY = 0.4  # log2, of single windows; a good library shows 0.1 to 0.25 (TR55: 0.19)
POINTS = 1_200  # of the drawing


class Asked(NamedTuple):
    """A sample: `sex` is female, male or unknown, `purity` 0-1 or None; `method` of segmentation."""

    name: str
    sex: str
    purity: float | None
    method: str


def sex_of(registered: str, quality: Sequence[Mapping[str, Any]]) -> str:
    """female, male or unknown: as in the sheet, else as measured in the normal, which has not lost Y, or in the index.
    Unknown where the two contradict each other, so that X and Y are not compared: the sheet or a tube is wrong, or the
    marrow a donor's. A tumour of a male without Y contradicts nothing. `quality`: qc.json of the samples, index first.
    """
    ordered = sorted(quality, key=lambda record: record.get("role") != "normal")
    found = ((record["metrics"].get("sex_inferred"), record.get("role")) for record in ordered)
    sex, role = next((one for one in found if one[0] in ("female", "male")), (registered, None))
    has_lost_y = (registered, sex) == ("male", "female") and role != "normal"
    if registered in (sex, "unknown"):
        return sex
    return registered if has_lost_y else "unknown"


def call_copies(
    crams: Sequence[Path], fasta: Path, reference: Path, asked: Asked, threads: int
) -> tuple[list[str], dict]:
    """Records of events, none where the sample cannot be assessed, and the facts. `crams`: of the sample, then of its
    normal where there is one. Raises UnreadableReference, DepthFailed."""
    contigs = read_contigs(Path(f"{fasta}.fai"))
    known = read_reference(reference)
    windows = [window for window in known.of_sex(asked.sex) if window.contig in contigs]
    depths, *of_normal = [window_depths(cram, fasta, windows, threads) for cram in crams]
    if reason := _reason(windows, depths):
        return [], _facts(asked, known, reason)
    from gms.variants.panel_copies import cnvkit  # seconds to load

    edges = known.facts.get("edges", True)  # references made before it was stated are corrected
    ratios = cnvkit.ratios(windows, depths, edges)
    shown = profile(ratios, cnvkit.segments(ratios, asked.method))
    normal = next((baseline(windows, own, edges) for own in of_normal if not _reason(windows, own)), None)
    found = [with_normals(one, known) for one in events(shown, contigs, asked.sex, asked.purity, normal)]
    facts = _facts(asked, known, None) | {"normal": normal is not None} | described(shown, found, contigs, asked)
    return sorted_records(_records(found, fasta), contigs), facts


def with_normals(one: Found, known: Reference) -> Found:
    """An event with the share of the reference's normals that show it as well."""
    marks = (*one.event.marks, *in_normals(one.kind, one.event.genes, known.facts))
    return one._replace(event=one.event._replace(marks=marks))


def baseline(windows: Sequence[Window], depths: Sequence[float], edges: bool) -> list[Ratio]:
    """Windows of a normal, with the median of its targets on autosomes at 0."""
    from gms.variants.panel_copies import cnvkit  # seconds to load

    ratios = cnvkit.ratios(windows, depths, edges)
    shift = median(one.log2 for one in ratios if one.on_target and AUTOSOME.fullmatch(one.contig))
    return [one._replace(log2=one.log2 - shift) for one in ratios]


def _reason(windows: Sequence[Window], depths: Sequence[float]) -> str | None:
    on_target = [depth for window, depth in zip(windows, depths, strict=True) if window.gene != OFF_TARGET]
    if len(on_target) < FEWEST_WINDOWS:
        return "few_windows"
    return "shallow" if median(on_target) < LEAST_DEPTH else None


def _facts(asked: Asked, known: Reference, reason: str | None) -> dict[str, Any]:
    return {
        "assessed": reason is None,
        "reason": reason,
        "caller": CALLER,
        "method": asked.method,
        "sample": asked.name,
        "sex": asked.sex,
        "sex_chromosomes": asked.sex in known.facts["sexes"],
        "purity": asked.purity,
        "reference": {"version": known.facts["version"], "normals": known.facts["normals"]},
    }


def _records(found: Sequence[Found], fasta: Path) -> Iterator[str]:
    with pysam.FastaFile(str(fasta)) as bases:
        for one in found:
            pos = max(0, one.event.start - 1)
            base = bases.fetch(one.event.contig, pos, pos + 1).upper()
            yield record(one.event, one.kind, base, CALLER, one.copies)


def described(shown: Profile, found: Sequence[Found], contigs: Mapping[str, int], asked: Asked) -> dict[str, Any]:
    """What the report shows of the tumour's cells: noise, warnings, arms, genes, and points and segments of a drawing,
    all without what is inherited, which the policy reports with consent alone."""
    apart = inherited(found)
    seen = list(arms(marked_windows(shown, apart), contigs, partial(error_of, shown)))
    warned = ["noisy"] * (shown.noise > NOISY) + warnings(levels(shown.segments), asked.purity)
    is_codeleted, reason = codeletion(seen, asked.purity, warned)
    return {
        "windows": sum(window.on_target for window in shown.windows),
        "noise": round(shown.noise, 3),
        "between_genes": round(shown.between, 3),
        "between_genes_measured": shown.measured,
        "shift": round(shown.shift, 3),
        "warnings": warned,
        "arms": seen,
        "codeletion_1p19q": is_codeleted,
        "codeletion_reason": reason,
        "genes": list(_genes(shown, found, apart, contigs, asked)),
        "points": list(points([one for one in shown.windows if not is_in(one, apart)])),
        "segments": [[*one[:3], round(one.log2, 3), one.bins] for one in shown.segments if not is_in(one, apart)],
        "contigs": {window.contig: contigs[window.contig] for window in shown.windows},
    }


def _genes(
    shown: Profile, found: Sequence[Found], apart: Sequence[Event], contigs: Mapping[str, int], asked: Asked
) -> Iterator[dict[str, Any]]:
    """Each gene of the targets that is not in an event `apart`: what its own windows and its segment show, copies by
    the call where there is one."""
    called = {(gene, one.event.contig): one for one in found for gene in one.event.genes}
    for gene in (gene for gene in shown.genes if not any(is_in(window, apart) for window in gene.windows)):
        one = called.get((gene.name, gene.contig))
        log2 = one.copies.log2 if one else own_level(gene, shown, found)
        usual = usual_copies(contigs, gene.contig, (gene.start + gene.end) // 2, asked.sex)
        error = relative_spread(gene.windows) * standard_error(shown.noise, len(gene.windows), shown.between, 1)
        ends = (one.copies.low, one.copies.high) if one else interval(log2, error, usual, asked.purity)
        yield {
            "gene": gene.name,
            "place": {"contig": gene.contig, "start": gene.start + 1, "end": gene.end},
            "windows": len(gene.windows),
            "own_log2": round(gene.median, 3),
            "log2": round(log2, 3),
            "copies": round(one.copies.copies if one else copies(log2, usual, asked.purity), 2),
            "interval": [round(end, 2) for end in ends],
            "usual": usual,
            "state": _state(one),
            "marks": list(one.event.marks) if one else [],
            **(_next_to_inherited(one) if one and one.event.normal_log2 is not None else {}),
        }


def _next_to_inherited(one: Found) -> dict[str, float]:
    """Of a second loss the log2 of the normal, and the copies that explain the depth as well."""
    other = {} if one.copies.other is None else {"other_copies": round(one.copies.other, 2)}
    return {"normal_log2": round(one.event.normal_log2, 3), **other}


def _state(one: Found | None) -> str:
    return {"DEL": "deletion", "DUP": "duplication"}[one.kind] if one else "unchanged"


def points(shown: Sequence[Ratio]) -> Iterator[list]:
    """[contig, middle, log2] of neighbouring windows joined to POINTS at most: their medians, the drawing's points."""
    size = ceil(len(shown) / POINTS)
    for contig, group in groupby(shown, key=lambda window: window.contig):
        windows = list(group)
        for at in range(0, len(windows), size):
            part = windows[at : at + size]
            middle = (part[0].start + part[-1].end) // 2
            yield [contig, middle, round(median(window.log2 for window in part), 3)]
