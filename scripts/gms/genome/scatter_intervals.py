"""Splits the genome into shards that are worked on side by side, and gathers what they own.

Every shard sees more than it owns, so that a record does not depend on where shards begin: the same input gives the
same output whatever the size or number of shards. Coordinates are 0-based half-open.
"""

import itertools
import os
import subprocess
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from gms.base.errors import GmsError
from gms.base.rule_log import reported_errors
from gms.genome.intervals import Interval, merge, read_targets

# Bases; the same everywhere, for any number of cores. freebayes 1.3.6 keeps a prior from the first long haplotype that
# a process meets (its cache ignores the length): where shards began elsewhere, its QUAL might differ by some decibels.
SHARD_SIZE = 5_000_000
# Bases seen beyond what is owned where a shard ends within an interval: more than a caller's haplotype window.
PAD = 200
EDGE = 100  # the same where a target ends: an allele that reaches into what is owned from further away is longer
TARGET_MARGIN = 50  # bases owned on each side of a target, as the splice regions of an exon


class Shard(NamedTuple):
    """A stretch of one contig of length `contig_length` with the intervals in it that this shard owns, sorted.

    `before` is the end of the last interval that an earlier shard of the contig owns, 0 where there is none; `cut`:
    whether the first interval began in an earlier shard, and the last goes on in a later one.
    """

    contig: str
    contig_length: int
    owned: tuple[Interval, ...]
    before: int = 0
    cut: tuple[bool, bool] = (True, True)

    def seen(self, pad: int = PAD) -> list[Interval]:
        """Owned intervals with their surroundings, merged."""
        return merge(Interval(max(0, s - pad), min(self.contig_length, e + pad)) for s, e in self.owned)

    def called(self) -> list[Interval]:
        """Intervals that a caller is given: fewer bases than those seen, as it takes most of its time for them."""
        last = len(self.owned) - 1
        left = [PAD if number == 0 and self.cut[0] else EDGE for number in range(last + 1)]
        right = [PAD if number == last and self.cut[1] else EDGE for number in range(last + 1)]
        padded = zip(self.owned, left, right, strict=True)
        return merge(
            Interval(max(0, s - before), min(self.contig_length, e + after)) for (s, e), before, after in padded
        )

    def owns(self, start: int, end: int) -> bool:
        """Whether the shard owns an allele whose placements span [start, end): one that reaches into its intervals from
        wherever it starts, and into none of an earlier shard's."""
        index = bisect_left(self.owned, (end, 0)) - 1  # the last interval that begins before the end
        return index >= 0 and start < self.owned[index].end and start >= self.before


class ToolFailed(GmsError):
    """A tool inside a shard ended with an error."""

    def __init__(self, shard: Shard, code: int, stderr: str):
        said = stderr.strip().splitlines()
        last = " / ".join([line for line in said if "USER ERROR" in line] or said[-3:])  # GATK says much after it
        super().__init__(f"{shard.contig}:{shard.owned[0].start + 1}: exit code {code}: {last}")


def shards(contigs: dict[str, int], targets: Path | None, size: int) -> Iterator[Shard]:
    """Shards of at most `size` bases that together own each base of the genome, or of the targets, once."""
    asked = {contig: [Interval(0, length)] for contig, length in contigs.items()}
    if targets:
        found = read_targets(targets)
        asked = {
            c: merge(Interval(max(0, s - TARGET_MARGIN), min(n, e + TARGET_MARGIN)) for s, e in found.get(c, ()))
            for c, n in contigs.items()
        }
    for contig, length in contigs.items():
        before = 0
        for low in range(0, length, size):
            whole = [one for one in asked[contig] if one.start < low + size and one.end > low]
            owned = tuple(Interval(max(s, low), min(e, low + size)) for s, e in whole)
            if owned:
                yield Shard(contig, length, owned, before, (whole[0].start < low, whole[-1].end > low + size))
                before = owned[-1].end


@contextmanager
def parallel_map(threads: int) -> Iterator[Callable[..., Iterator]]:
    """`map` over as many processes as `threads`, in the order of what is given; over this one alone for one thread."""
    if threads < 2:
        yield map
        return
    with ProcessPoolExecutor(threads) as pool:
        yield pool.map


def run_shards(command: str, todo: Iterable[Shard], jobs: int) -> Iterator[tuple[Shard, Iterator[str]]]:
    """Run a shell command for each shard, `jobs` at a time; `{bed}` in it becomes the shard's file of seen intervals.

    Yields the shards in order with the lines of their output. Raises ToolFailed.
    """
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        started = [(p, pool.submit(run_shard, command, p, Path(folder, str(n)))) for n, p in enumerate(todo)]
        try:
            for shard, future in started:
                path = future.result()
                with open(path) as lines:
                    yield shard, lines
                path.unlink()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def run_shard(command: str, shard: Shard, stem: Path) -> Path:
    bed, out = stem.with_suffix(".bed"), stem.with_suffix(".vcf")
    bed.write_text("".join(f"{shard.contig}\t{start}\t{end}\n" for start, end in shard.called()))
    # cat writes the file, because freebayes 1.3.6 exits with 0 where its standard output cannot be written.
    command = f"{{ {command.replace('{bed}', quote(str(bed)))}; }} | cat > {quote(str(out))}"
    shell = ["bash", "-c", f"set -euo pipefail; {command}"]
    done = subprocess.run(shell, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise ToolFailed(shard, done.returncode, done.stderr)
    if errors := reported_errors(done.stderr.splitlines()):
        raise ToolFailed(shard, 0, f"but it reported {errors[0]}")
    if not is_whole_vcf(out):
        raise ToolFailed(shard, 0, "but its VCF is not complete")
    return out


def is_whole_vcf(path: Path) -> bool:
    """Whether a plain VCF has its line of column names and ends with a line end."""
    with open(path, "rb") as file:
        if not any(line.startswith(b"#CHROM") for line in itertools.takewhile(lambda line: line[:1] == b"#", file)):
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
