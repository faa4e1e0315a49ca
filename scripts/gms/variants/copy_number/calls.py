"""From the depth of reads to the VCF of copy numbers of a case, and the facts for the report.

Reads are counted in bins, corrected for GC content and mappability within the sample, and segmented. Every event is
then looked at in all samples; ends come from the structural variant of the same event where there is one.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pysam

from gms.genome.intervals import read_contigs
from gms.genome.ploidy import Ploidy, Y
from gms.genome.scatter_intervals import parallel_map
from gms.genome.vcf import header_lines, record_lines
from gms.variants.copy_number import chromosomes
from gms.variants.copy_number.chromosomes import y_of_women
from gms.variants.copy_number.correction import Controls, Expected, expected_reads, read_controls, unique_share
from gms.variants.copy_number.depth import BIN, Reads, count_reads, gc_content, looked_at, within_reads
from gms.variants.copy_number.events import (
    NOTHING,
    Track,
    events_of,
    levelled,
    merged,
    not_counted,
    shown_in,
    track,
)
from gms.variants.copy_number.header import HEADER
from gms.variants.copy_number.junctions import beyond, ends_of_contigs, joined_ends, read_junctions, same_event
from gms.variants.copy_number.records import CALLER, Found, carriers, record
from gms.variants.copy_number.small_variants import balance, heterozygous_snvs


class Sample(NamedTuple):
    """A sample of a case; `sex` as measured or registered: female, male or unknown."""

    name: str
    sex: str


class Sources(NamedTuple):
    """Files of a case: reads of each sample, index first; merged small and structural variants and the depth of
    control samples, None without."""

    fasta: Path
    alignments: Sequence[Path]
    small: Path | None
    structural: Path | None
    controls: Path | None = None


def call_copy_numbers(sources: Sources, samples: Sequence[Sample], threads: int) -> tuple[list[str], dict[str, Any]]:
    """Lines of the VCF, its header alone where the index cannot be assessed, and the facts; samples index first."""
    contigs = read_contigs(Path(f"{sources.fasta}.fai"))
    header = list(header_lines(contigs, HEADER, [sample.name for sample in samples]))
    lengths = looked_at(contigs)
    controls = read_controls(sources.controls) if sources.controls else None
    expected, reads = measured(sources, lengths, threads, controls)
    facts = {"caller": CALLER, "assessed": expected[0].is_enough, "reason": _reason(expected[0]), "bin": BIN}
    facts["controls"] = controls.facts["normals"] if controls else 0
    if not expected[0].is_enough:
        return header, {**facts, "structural": False, "samples": [], "events": {}}
    ploidy = Ploidy(contigs)
    tracks = list(map(tracks_of, samples, reads, expected, [ploidy] * len(samples)))
    found = list(_found(tracks, expected, lengths, sources))
    facts["structural"] = sources.structural is not None
    facts["samples"] = [
        {"sample": sample.name, **chromosomes.facts(one, known, sample.sex, y_of_women(ploidy, own, known, sample.sex))}
        for sample, one, known, own in zip(samples, tracks, expected, reads, strict=True)
    ]
    facts["events"] = {kind: sum(one.event.kind == kind for one in found) for kind in ("DEL", "DUP")}
    return [*header, *_lines(found, sources.fasta, list(contigs))], facts


def tracks_of(sample: Sample, reads: Mapping[str, Reads], expected: Expected, ploidy: Ploidy) -> dict[str, Track]:
    """The contigs of a sample; none without enough reads."""
    found, y = {}, 1
    order = sorted(expected.reads, key=lambda contig: contig not in Y) if expected.is_enough else ()
    for contig in order:
        two = expected.reads[contig]
        copies = chromosomes.usual_copies(ploidy, contig, len(two), sample.sex, y)
        extra = expected.extra + expected.more.get(contig, 0.0)
        found[contig] = levelled(contig, track(reads[contig].unique, two, copies, extra))
        y += found[contig].shift if contig in Y else 0
    return {contig: found[contig] for contig in expected.reads if contig in found}


def measured(
    sources: Sources, lengths: Mapping[str, int], threads: int, controls: Controls | None = None
) -> tuple[list[Expected], list]:
    """Reads that two copies give, and those that were counted, of each sample."""
    number = len(sources.alignments)
    with parallel_map(min(threads, number)) as each:
        reads = list(each(count_reads, sources.alignments, [sources.fasta] * number, [lengths] * number))
    gc, share = within_reads(reads, gc_content(sources.fasta, lengths)), unique_share(reads, lengths)
    return [expected_reads(one, gc, share, controls) for one in reads], reads


def _reason(expected: Expected) -> str | None:
    """Why nothing can be said; None where it can."""
    if not expected.reads:
        return "few_bins"
    return None if expected.is_enough else "few_reads"


def _found(
    tracks: Sequence[Mapping[str, Track]], expected: Sequence[Expected], lengths: Mapping[str, int], sources: Sources
) -> Iterator[Found]:
    """Events of the samples that can be assessed, with everything that is known of them."""
    events = merged(events_of(one, lengths) for one, known in zip(tracks, expected, strict=True) if known.is_enough)
    junctions = read_junctions(_records(sources.structural))
    snvs = heterozygous_snvs(_records(sources.small if events else None), events)
    ends = ends_of_contigs(junctions)
    for event, sites in zip(events, snvs, strict=True):
        shown = [shown_in(event, one[event.contig]) if one else NOTHING for one in tracks]
        if who := carriers(event.kind, shown):
            known = balance(sites, shown[0].copies, shown[0].usual, shown[0].bins * BIN)
            own, same = tracks[min(who)][event.contig], same_event(event, who, junctions)
            around = not_counted(event, own, lengths[event.contig]), beyond(event, same, own)
            yield Found(event, shown, same, joined_ends(event, who, ends), known, *around)


def _records(path: Path | None) -> Iterator[str]:
    """Lines of the records of a VCF; none without one."""
    return record_lines(path) if path else iter(())


def _lines(found: Sequence[Found], fasta: Path, order: list[str]) -> list[str]:
    lines = []
    with pysam.FastaFile(str(fasta)) as reference:
        for one in found:
            at = max(1, one.ends[0])
            base = reference.fetch(one.event.contig, at - 1, at).upper()
            lines.append((order.index(one.event.contig), at, record(one, base)))
    return [line for *_, line in sorted(lines)]
