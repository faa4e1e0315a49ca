"""The one stream from a sample's FASTQ files to its sorted, duplicate-marked CRAM."""

import re
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

from gms.base.errors import GmsError
from gms.genome.fastq import MatesDiffer, UnequalReads, are_mates, check_mates, first_reads
from gms.inputs.run_model import Assay, Sample

# Drops .1 and .2 from the names of mates, which aligners take for two reads; they drop /1 and /2 themselves.
DROP_MATE_NUMBER = r"sed -E '1~4s/^(@\S+)[.][12](\s|$)/\1\2/'"
NEW_LINE = "\\n"  # for bwa to read as one
UNEQUAL = "has fewer sequences"  # bwa's warning, after which it goes on and ends well
REASON = re.compile(r"\berror\b|failed to |\[E::|no space left", re.IGNORECASE)  # how tools begin to tell it


class LaneReads(NamedTuple):
    """One sequenced lane: its name and FASTQ files; `numbered`: the names of mates end with .1 and .2."""

    name: str
    fastq_1: str
    fastq_2: str
    numbered: bool = False


class Stream(NamedTuple):
    """What the stream of one sample needs: `index` is the aligner's, `trim` asks for adapter and quality trimming."""

    sample: str
    lanes: Sequence[LaneReads]
    index: str
    aligner: str
    trim: bool
    threads: int
    tmpdir: str


class LaneUnusable(GmsError):
    """The FASTQ files of a lane do not hold pairs."""


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
        trimmed += f" | {DROP_MATE_NUMBER}" if lane.numbered else ""
        command = f"{trimmed} | {command} -p {stream.index} /dev/stdin"
    elif lane.numbered:
        command += f" {stream.index}"
        command += "".join(f" <(gzip -dc {file} | {DROP_MATE_NUMBER})" for file in (fastq_1, fastq_2))
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


def has_numbered_mates(lane: LaneReads) -> bool:
    """Whether the names of the lane's mates end with .1 and .2, as in files of the Sequence Read Archive."""
    first, second = (first_reads(Path(path), whole=False)[0].name for path in (lane.fastq_1, lane.fastq_2))
    return first != second and first.endswith(b".1") and are_mates(first, second)


def align_reads(stream: Stream, fasta: str, cram: str, log: Path) -> None:
    """Write CRAM and index; the tools' messages go to `log`.

    Raises UnequalReads, LaneUnusable, BrokenFastq, AlignmentFailed.
    """
    stream = stream._replace(lanes=[lane._replace(numbered=has_numbered_mates(lane)) for lane in stream.lanes])
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
    """Read every lane's files to their end. Raises UnequalReads, MatesDiffer, BrokenFastq for the one at fault."""
    for lane in stream.lanes:
        try:
            counts = check_mates(Path(lane.fastq_1), Path(lane.fastq_2))
        except MatesDiffer as error:
            raise LaneUnusable(f"sample '{stream.sample}', lane '{lane.name}': {error}") from None
        if counts[0] != counts[1]:
            raise UnequalReads(stream.sample, lane.name, Path(lane.fastq_1), Path(lane.fastq_2), counts)
