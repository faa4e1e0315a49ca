"""Fusions and listed splice events in the RNA of one sample: lines of the VCF, and the facts for the report."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pysam

from gms.annotation.transcripts import Transcripts
from gms.fusions.expected import read_expected
from gms.fusions.likeness import complexity, copies, similarity
from gms.fusions.parts import End
from gms.fusions.splicing import Borders, borders, counted, read_events
from gms.fusions.transcribed import Fused, border, fused, is_between_genes, partners_of
from gms.genome.intervals import Interval, read_contigs
from gms.genome.vcf import header_lines
from gms.variants.rna import junctions
from gms.variants.rna.calls import CALLER, Counts, fusion_lines, skipping_line
from gms.variants.rna.header import HEADER
from gms.variants.rna.junctions import Junction, Split, by_place, merged, spanning
from gms.variants.rna.reads import Seen, crossing, look

MIN_SPLIT = 2  # fragments; of most junctions by chance there is one
Targets = Mapping[str, Sequence[Interval]] | None  # by contig; None where nothing was captured


def call_rna(
    fasta: Path, cram: Path, transcripts: Transcripts, sample: str, targets: Targets
) -> tuple[list[str], dict[str, Any]]:
    """Lines of the VCF, whatever their support from MIN_SPLIT fragments, and the facts."""
    contigs = read_contigs(Path(f"{fasta}.fai"))
    listed = list(borders(events := read_events(), transcripts))
    own = frozenset(one for event in listed for one in (event.without, *event.usual))
    with (
        pysam.AlignmentFile(str(cram), reference_filename=str(fasta)) as alignment,
        pysam.FastaFile(str(fasta)) as reference,
    ):
        seen = look(alignment, lambda one: one in own or is_between_genes(*_ends(one), transcripts))
        found = _fusions(seen, own, transcripts)
        lines = [*_fusion_lines(found, seen, alignment, reference, targets), *_skipping(listed, seen, reference)]
    order = {name: number for number, name in enumerate(contigs)}
    lines.sort(key=lambda line: (order[line.split("\t", 1)[0]], int(line.split("\t", 2)[1]), line))
    facts = {
        "assessed": True,
        "reason": None,
        "callers": [CALLER],
        "samples": [{"sample": sample, "fragments": seen.fragments, "chimeric": seen.chimeric}],
        "events": [counted(one, seen.splits) for one in listed],
        "without_models": [one.name for one in events if one not in [known.event for known in listed]],
    }
    return [*header_lines(contigs, HEADER, [sample]), *lines], facts


def _ends(junction: Junction) -> tuple[End, End]:
    return End(*junction[0]), End(*junction[1])


def _fusions(
    seen: Seen, own: frozenset[Junction], transcripts: Transcripts
) -> list[tuple[Fused, Junction, Mapping[str, Split]]]:
    """Fusions of MIN_SPLIT fragments and more."""
    limits, found = read_expected(), []
    for junction, shown in merged(seen.splits, own).items():
        if len(shown) >= MIN_SPLIT and junction not in own:
            one = fused(*_ends(junction), transcripts, limits)
            if one:
                found.append((one, junction, shown))
    return found


def _fusion_lines(
    found, seen: Seen, alignment: pysam.AlignmentFile, reference: pysam.FastaFile, targets: Targets
) -> Iterator[str]:
    pairs, partners = by_place(seen.pairs), partners_of([one for one, *_ in found])
    unreal = copies([(one, len(shown)) for one, _, shown in found], reference.fetch)
    for one, junction, shown in found:
        across = spanning(junction, pairs, shown)
        cuts = map(border, one.ends, (one.five, one.three))
        usual = [crossing(alignment, junctions.End(*end), shown) for end in cuts]
        counts = Counts(
            split=len(shown),
            pairs=len(across),
            usual=min(usual),
            overhang=max(split.overhang for split in shown.values()),
            unique=sum(split.unique for split in shown.values()) / len(shown),
        )
        bases = [_base(reference, end) for end in one.ends]
        more = ["COPY"] if one.ends in unreal else []
        more += [] if has_target(one, targets) else ["OUTSIDE"]
        yield from fusion_lines(one.ends, bases, counts, [*_info(one, partners, reference), *more])


def has_target(one: Fused, targets: Targets) -> bool:
    """Whether a target lies within either gene; of an assay without targets, every gene is one."""
    if targets is None:
        return True
    genes = [partner.model.transcript for partner in (one.five, one.three)]
    return any(part.start < tx.end and part.end > tx.start for tx in genes for part in targets.get(tx.chrom, ()))


def _info(one: Fused, partners: Mapping[str, int], reference: pysam.FastaFile) -> list[str]:
    five, three = one.five.part, one.three.part
    fields = [f"GENES={five.gene},{three.gene}", f"FUSION={one.genes}", f"FUSION_NAME={one.name}"]
    fields.append(f"FUSION_FRAME={one.frame}")
    fields += [f"FUSION_TRANSCRIPTS={five.transcript}::{three.transcript}", f"SPLICE_SITES={one.splice_sites}"]
    fields += [f"FUSION_EXPECTED={one.fragments}"] if one.fragments is not None else []
    fields += ["FUSION_LISTED"] if one.listed else []
    fields += [f"DISTANCE={one.distance}"] if one.distance is not None else []
    fields.append(f"PARTNER_GENES={max(partners[five.gene], partners[three.gene])}")
    fields += [f"CODING={int(five.coding) + int(three.coding)}"]
    fields.append(f"SIMILARITY={similarity(one, reference.fetch):.2f}")
    fields.append(f"COMPLEXITY={complexity(one, reference.fetch):.2f}")
    return fields


def _skipping(listed: list[Borders], seen: Seen, reference: pysam.FastaFile) -> Iterator[str]:
    """A record of each listed event that a fragment shows."""
    for one in listed:
        found = counted(one, seen.splits)
        if found["without"]:
            yield skipping_line(one.without, _base(reference, End(*one.without[0])), found)


def _base(reference: pysam.FastaFile, end: End) -> str:
    """The base that is kept next to a cut."""
    kept = end.cut - 1 if end.side == "3" else end.cut
    return reference.fetch(end.contig, kept, kept + 1).upper() or "N"
