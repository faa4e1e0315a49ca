"""Reads with UMIs to one pair of consensus reads for each molecule, aligned again: the sample's CRAM.

The lanes are aligned as they are, for the ends of their pairs; the pairs are sorted by ends and UMI on disk, so memory
does not grow with the reads; consensus reads carry RX (UMI), MI (number of the molecule), aD and bD (the most reads
over a base, of either strand). Duplicates are not marked: every pair is a molecule.
"""

import gzip
import os
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from gms.alignment.align_reads import (
    AlignmentFailed,
    LaneReads,
    Stream,
    align_reads,
    check_lanes,
    lane_command,
    reason,
    take_lanes,
    trimming_report,
)
from gms.alignment.consensus import MinReads, consensus, is_usable
from gms.alignment.read_counts import ReadsLost, lane_counts, require_taken
from gms.alignment.umi_extraction import extract
from gms.alignment.umi_families import BOTTOM, Fold, Pair, families

BATCH = 4_000  # pairs from which a consensus is made at once
SORT_MEMORY = "400M"
Family = tuple[bytes, list[Pair]]


def align_molecules(stream: Stream, umi: str, min_reads: MinReads, fasta: str, cram: str, log: Path) -> dict[str, Any]:
    """Write CRAM and index of the consensus reads; messages go to `log`.

    `umi` is the sheet's. Returns the numbers of reads as `align_reads` does, with `molecules`, the numbers of pairs and
    of families (see `Written`). Raises as `align_reads`, and NoUmi.
    """
    with TemporaryDirectory(dir=stream.tmpdir, prefix=f"gms-{stream.sample}-") as work:
        folder = Path(work)
        lanes, expected = take_lanes(stream, folder, log)
        stream = stream._replace(tmpdir=work)
        reads = check_lanes(stream._replace(lanes=lanes))
        require_taken(stream.sample, expected, zip((lane.bam for lane in lanes), reads, strict=True))
        tagged = stream._replace(lanes=[extract(lane, umi, folder) for lane in lanes])
        made = [str(folder / f"consensus.{mate}.fastq.gz") for mate in (1, 2)]
        fold, written = write_molecules(tagged, min_reads, made, log)
        reports = [trimming_report(tagged, number) if tagged.trim else None for number in range(len(lanes))]
        counts = lane_counts(
            stream.sample, {lane.name: number for lane, number in zip(lanes, reads, strict=True)}, reports
        )
        require_all_pairs(stream.sample, counts, fold, written)
        merged = LaneReads("molecules", *made, marked=True)
        again = stream._replace(lanes=[merged], trim=False, molecules=True)
        aligned = align_reads(again, fasta, cram, log)
    return aligned | {"lanes": counts, "molecules": summary(fold, written)}


def write_molecules(stream: Stream, min_reads: MinReads, fastqs: list[str], log: Path) -> tuple[Fold, "Written"]:
    """Align the lanes, and write the consensus reads of their molecules. Raises AlignmentFailed."""
    fold, written = Fold(), Written(min_reads)
    lanes = "; ".join(lane_command(stream, number) for number in range(len(stream.lanes)))
    sorting = ["sort", "-S", SORT_MEMORY, "-T", stream.tmpdir, f"--parallel={stream.threads}"]
    with open(log, "a") as messages, ThreadPoolExecutor(1) as beside:
        pipes = {"stderr": messages, "stdout": subprocess.PIPE}
        aligner = subprocess.Popen(["bash", "-c", f"set -euo pipefail; {lanes}"], **pipes)
        sorter = subprocess.Popen(sorting, stdin=subprocess.PIPE, env=os.environ | {"LC_ALL": "C"}, **pipes)
        given = beside.submit(_give, fold.lines(aligner.stdout), sorter.stdin)
        written.write(families(sorter.stdout), fastqs)
        given.result()
        codes = {"aligning its reads": aligner.wait(), "sorting its pairs": sorter.wait()}
    for what, code in codes.items():
        if code:
            said = reason(log.read_text(errors="replace"))
            raise AlignmentFailed(f"sample {stream.sample}: {what} ended with exit code {code}{said}")
    return fold, written


def _give(lines: Iterable[bytes], pipe: IO[bytes]) -> None:
    """Write lines to a pipe to their end; a tool that ended early says so by its exit code."""
    with suppress(BrokenPipeError), pipe:
        pipe.writelines(lines)
    for _ in lines:  # the aligner need not wait for a reader
        pass


def _batches(found: Iterable[Family]) -> Iterator[list[Family]]:
    """Families in lists of about BATCH pairs; a larger family has one of its own."""
    batch, size = [], 0
    for family in found:
        if batch and size + len(family[1]) > BATCH:
            yield batch
            batch, size = [], 0
        batch.append(family)
        size += len(family[1])
    if batch:
        yield batch


class Written:
    """Writes consensus reads, and counts families: `sizes` by their pairs, `duplex` those with pairs of both strands,
    `left_out` those without a consensus by reason, `pairs` all pairs in families."""

    def __init__(self, min_reads: MinReads):
        self.min_reads = min_reads
        self.sizes: Counter[int] = Counter()
        self.left_out: Counter[str] = Counter()
        self.duplex = self.molecules = self.pairs = 0

    def write(self, found: Iterable[Family], fastqs: Sequence[str]) -> None:
        """Write the pairs of reads of all families to two FASTQ files."""
        with gzip.open(fastqs[0], "wb", 1) as one, gzip.open(fastqs[1], "wb", 1) as two:
            enough = (family for family in found if self._has_enough(family[1]))
            for batch in _batches(enough):
                for first, second in self.reads(batch):
                    one.write(first)
                    two.write(second)

    def _has_enough(self, pairs: list[Pair]) -> bool:
        """Count a family; whether it has reads enough for a consensus."""
        bottom = sum(pair.strand == BOTTOM for pair in pairs)
        self.pairs += len(pairs)
        self.sizes[len(pairs)] += 1
        self.duplex += 0 < bottom < len(pairs)
        enough = bool(self.min_reads.enough(len(pairs) - bottom, bottom))
        self.left_out["too_few_reads"] += not enough
        return enough

    def reads(self, batch: Sequence[Family]) -> Iterator[tuple[bytes, bytes]]:
        """R1 and R2 of each molecule as FASTQ. R1 is that of the top strand, or of the only strand that was read."""
        ends = consensus([pairs for _, pairs in batch], self.min_reads)
        for number, usable in enumerate(is_usable(ends)):
            if not usable:
                self.left_out["too_many_n"] += 1
                continue
            self.molecules += 1
            umi, pairs = batch[number]
            bottom = sum(pair.strand == BOTTOM for pair in pairs)
            reads = [(*end.depth[number], *end.text(number)) for end in ends]
            if bottom == len(pairs):
                reads.reverse()
                umi = b"-".join(reversed(umi.split(b"-")))
            start = b"@molecule:%d RX:Z:%s\tMI:Z:%d" % (self.molecules, umi, self.molecules)
            yield tuple(start + b"\taD:i:%d\tbD:i:%d\n%s\n+\n%s\n" % read for read in reads)


def require_all_pairs(sample: str, lanes: dict[str, dict[str, int]], fold: Fold, written: Written) -> None:
    """Raise ReadsLost where the aligner gave back other pairs than it was given, or sorting did."""
    given = sum(lane["reads"] - lane["trimmed_away"] for lane in lanes.values())
    if 2 * fold.pairs != given:
        raise ReadsLost(sample, f"the aligner was given {given} reads and gave back {2 * fold.pairs}")
    if (sorted_pairs := fold.pairs - fold.dropped.total()) != written.pairs:
        raise ReadsLost(
            sample, f"{sorted_pairs} pairs of its reads were sorted by molecule and {written.pairs} came back"
        )


def summary(fold: Fold, written: Written) -> dict[str, Any]:
    """What became of the pairs and of the families, as qc/{sample}.qc.json shows it under `molecules`."""
    return {
        "pairs": fold.pairs,
        "pairs_left_out": dict(sorted(fold.dropped.items())),
        "families": written.sizes.total(),
        "duplex_families": written.duplex,
        "families_left_out": {why: number for why, number in sorted(written.left_out.items()) if number},
        "consensus_pairs": written.molecules,
        "family_sizes": {str(size): number for size, number in sorted(written.sizes.items())},
    }
