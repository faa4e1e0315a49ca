"""Numbers of reads from the lanes of a sample to its CRAM: none is lost on the way but those that trimming reports.

A read is one FASTQ entry; in a CRAM, a record that is neither secondary nor supplementary.
"""

import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.json_tables import read_json

REPEATED = "0x900"  # samtools' flags of secondary and supplementary records
_FLAGS_ONLY = "required_fields=0x2"  # decode nothing else: 15 million records a second


class ReadsLost(GmsError):
    """A step gave back another number of reads than it was given."""

    def __init__(self, sample: str, text: str):
        super().__init__(
            f"sample {sample}: {text}. A tool ended early without an error. Run again; its messages are above"
        )


def lane_counts(sample: str, reads: Mapping[str, int], reports: Sequence[str | None]) -> dict[str, dict[str, int]]:
    """{lane: {reads, trimmed_away}} of `reads` by lane and fastp's JSON report of each, None where nothing is trimmed.

    Raises ReadsLost where fastp read another number of reads than the lane has.
    """
    counts = {}
    for (lane, number), report in zip(reads.items(), reports, strict=True):
        before, after = trimming_counts(sample, lane, Path(report)) if report else (number, number)
        if before != number:
            raise ReadsLost(sample, f"lane {lane} has {number} reads, of which fastp read {before}")
        counts[lane] = {"reads": number, "trimmed_away": before - after}
    return counts


def trimming_counts(sample: str, lane: str, report: Path) -> tuple[int, int]:
    """Reads before and after trimming. Raises ReadsLost without a whole report."""
    try:
        summary = read_json(report)["summary"]
        return tuple(summary[when]["total_reads"] for when in ("before_filtering", "after_filtering"))
    except (OSError, ValueError, KeyError):
        raise ReadsLost(sample, f"fastp wrote no whole report of lane {lane}") from None


def require_all_reads(sample: str, lanes: Mapping[str, Mapping[str, int]], cram: str) -> dict[str, Any]:
    """The counts as alignment/{sample}.reads.json: `lanes`, and `reads` in the CRAM. Raises ReadsLost."""
    given, dropped = (sum(lane[key] for lane in lanes.values()) for key in ("reads", "trimmed_away"))
    found = primary_reads(sample, cram)
    if found != given - dropped:
        less = f", {dropped} of which were trimmed away" if dropped else ""
        raise ReadsLost(sample, f"its lanes have {given} reads{less}, but its CRAM has {found}")
    return {"sample": sample, "lanes": lanes, "reads": found}


def require_taken(sample: str, expected: Mapping[str, int], found: Iterable[tuple[str, int]]) -> None:
    """Compare the primary reads of each BAM or CRAM file with those `found` in the lanes made from it. Raises
    ReadsLost."""
    counts: Counter[str] = Counter()
    for source, number in found:
        counts[source] += number
    for source, number in expected.items():
        if counts[source] != number:
            text = f"{Path(source).name} has {number} primary reads, of which {counts[source]} were taken out"
            raise ReadsLost(sample, text)


def primary_reads(sample: str, cram: str) -> int:
    """Number of records that are neither secondary nor supplementary. Raises ReadsLost where they cannot be counted."""
    command = ["samtools", "view", "--count", "--exclude-flags", REPEATED, "--input-fmt-option", _FLAGS_ONLY, cram]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode or not done.stdout.strip().isdigit():
        raise ReadsLost(sample, f"the reads in {cram} cannot be counted")
    return int(done.stdout)
