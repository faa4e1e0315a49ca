"""The one stream from a sample's FASTQ files to its sorted, duplicate-marked CRAM."""

import re
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

from gms.base.errors import GmsError
from gms.genome.fastq import UnequalReads, read_counts
from gms.inputs.run_model import Assay, Sample

NEW_LINE = "\\n"  # for bwa to read as one
UNEQUAL = "has fewer sequences"  # bwa's warning, after which it goes on and ends well
REASON = re.compile(r"\berror\b|failed to |\[E::|no space left", re.IGNORECASE)  # how tools begin to tell it


class LaneReads(NamedTuple):
    """One sequenced lane: its name and FASTQ files."""

    name: str
    fastq_1: str
    fastq_2: str


class Stream(NamedTuple):
    """What the stream of one sample needs: `index` is the aligner's, `trim` asks for adapter and quality trimming."""

    sample: str
    lanes: Sequence[LaneReads]
    index: str
    aligner: str
    trim: bool
    threads: int
    tmpdir: str


class AlignmentFailed(GmsError):
    """A tool of the stream ended with an error."""


def lane_params(sample: Sample) -> list[tuple[str, str, str]]:
    """The fields of each lane's LaneReads."""
    return [(lane.name, str(lane.fastq_1), str(lane.fastq_2)) for lane in sample.lanes]


def align_params(assay: Assay) -> dict[str, Any]:
    """How the reads of the assay's samples are aligned: the fields of a Stream that no sample changes."""
    return {"aligner": assay.aligner, "index": f"reference/{assay.aligner}/genome.fa", "trim": assay.trim}


def read_group(sample: str, lane: str) -> str:
    return f"@RG\\tID:{sample}.{lane}\\tSM:{sample}\\tLB:{sample}\\tPU:{lane}\\tPL:ILLUMINA"


def lane_command(stream: Stream, number: int) -> str:
    """SAM of one lane; the first brings the header with every lane's read group, the others bring reads only.

    A fixed batch of input bases (-K) keeps the result the same for any number of threads.
    """
    lane = stream.lanes[number]
    fastq_1, fastq_2 = quote(lane.fastq_1), quote(lane.fastq_2)
    command = f"{stream.aligner} mem -t {stream.threads} -K 100000000 -Y -R '{read_group(stream.sample, lane.name)}'"
    if number == 0 and (others := stream.lanes[1:]):
        command += f" -H '{NEW_LINE.join(read_group(stream.sample, other.name) for other in others)}'"
    if stream.trim:
        trimmed = f"fastp --in1 {fastq_1} --in2 {fastq_2} --stdout --thread 1 --json /dev/null --html /dev/null"
        command = f"{trimmed} | {command} -p {stream.index} /dev/stdin"
    else:
        command += f" {stream.index} {fastq_1} {fastq_2}"
    return command if number == 0 else f"{command} | grep -v '^@'"


def stream_command(stream: Stream, fasta: str, cram: str) -> str:
    lanes = "; ".join(lane_command(stream, number) for number in range(len(stream.lanes)))
    helpers = max(1, stream.threads // 4)  # sort works beside the aligner; markdup begins when that has ended
    return (
        f"work={quote(stream.tmpdir)}/gms-{stream.sample}-$$; trap 'rm -f \"$work\"*' EXIT; {{ {lanes}; }}"
        " | samtools fixmate -u -m - -"
        f' | samtools sort -u -@ {helpers} -m 1G -T "$work".sort -'
        f' | samtools markdup -@ {stream.threads} -T "$work".markdup --reference {fasta} -O cram'
        f" --write-index - {cram}"
    )


def align_reads(stream: Stream, fasta: str, cram: str, log: Path) -> None:
    """Write CRAM and index; the tools' messages go to `log`. Raises UnequalReads, BrokenFastq, AlignmentFailed."""
    with ThreadPoolExecutor(1) as beside:
        # fastp ends well on unequal and on truncated files, so trimmed lanes are counted while they are aligned.
        counted = beside.submit(check_lanes, stream) if stream.trim else None
        with open(log, "a") as messages:
            script = f"set -euo pipefail; {stream_command(stream, fasta, f'{cram}##idx##{cram}.crai')}"
            code = subprocess.run(["bash", "-c", script], stderr=messages).returncode
    said = log.read_text(errors="replace")
    if counted:
        counted.result()
    elif code or UNEQUAL in said:
        check_lanes(stream)
    if code:
        raise AlignmentFailed(f"sample {stream.sample}: aligning its reads ended with exit code {code}{reason(said)}")


def reason(said: str) -> str:
    """The first thing that a tool called an error, ready to end a sentence; what bash and bwa tell is left out."""
    lines = (line for line in said.splitlines() if not line.startswith(("bash: ", "[main]", "[M::")))
    found = next((line.strip() for line in lines if REASON.search(line)), None)
    return f": {found}" if found else "; its tools' messages are above"


def check_lanes(stream: Stream) -> None:
    """Read every lane's files to their end and say which is at fault."""
    for lane in stream.lanes:
        counts = read_counts(Path(lane.fastq_1), Path(lane.fastq_2))
        if counts[0] != counts[1]:
            raise UnequalReads(stream.sample, lane.name, Path(lane.fastq_1), Path(lane.fastq_2), counts)
