"""The one stream from a sample's FASTQ files to its sorted, duplicate-marked CRAM.

The CRAM has the same bytes in every run: header lines name no command lines, paths or processes, and duplicate marking
compresses in its own thread. With helper threads, even a single one, samtools 1.16 chooses codecs by which thread is
first: on a busy machine 7 of 40 files differed with `-@ 1` and none without, which is no slower (1.6 million reads:
3.6 s).
"""

import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from gms.alignment.read_counts import lane_counts, require_all_reads, require_taken
from gms.alignment.taken_reads import take_reads
from gms.base.errors import GmsError
from gms.genome.fastq import MatesDiffer, NoReads, UnequalReads, are_mates, check_mates, first_reads
from gms.inputs.run_model import Assay, Sample

STAR = "star"  # the aligner of RNA (gms.alignment.star)
# ISA-L takes a third of the processor time of zlib, with which aligners read gzipped files.
DECOMPRESS = f"{quote(sys.executable)} -m isal.igzip -dc"
# Drops .1 and .2 from the names of mates, which aligners take for two reads; they drop /1 and /2 themselves.
DROP_MATE_NUMBER = r"sed -E '1~4s/^(@\S+)[.][12](\s|$)/\1\2/'"
NEW_LINE = "\\n"  # for bwa to read as one
# sed reads byte by byte (-u) as far as the first read; cat passes the others on, in a third of the time of sed.
DROP_COMMAND_LINE = r"{ sed -u -E '/^@PG\t/s/\tCL:.*//;/^[^@]/q'; cat; }"
DROP_HEADER = "{ sed -u -n '/^[^@]/{p;q}'; cat; }"
# Turns the comment of a read that failed the sequencer's control (bwa -C) into its flag.
RESTORE_FAILED = r"""awk -F'\t' -v OFS='\t' '/^@/{print;next}sub(/\tYF:i:1/,""){$2+=512}1'"""
REASON = re.compile(r"\berror\b|failed to |\[E::|no space left", re.IGNORECASE)  # how tools begin to tell it


class LaneReads(NamedTuple):
    """One sequenced lane: its name and FASTQ files; `numbered`: the names of mates end with .1 and .2. `bam`: a file to
    take the reads from first; `marked`: comments mark reads that failed the sequencer's control."""

    name: str
    fastq_1: str
    fastq_2: str
    numbered: bool = False
    bam: str = ""
    marked: bool = False


class Stream(NamedTuple):
    """What the stream of one sample needs: `index` is the aligner's, `trim` asks for adapter and quality trimming;
    `cram_fasta`: the genome that CRAM files among the lanes were written with; `molecules`: no pair is
    marked as duplicate, as each is a molecule, or all of an amplicon have the same ends."""

    sample: str
    lanes: Sequence[LaneReads]
    index: str
    aligner: str
    trim: bool
    threads: int
    tmpdir: str
    cram_fasta: str = ""
    molecules: bool = False


class LaneUnusable(GmsError):
    """The FASTQ files of a lane do not hold pairs."""


class AlignmentFailed(GmsError):
    """A tool of the stream ended with an error."""


def lane_params(sample: Sample) -> list[tuple]:
    """The fields of each lane's LaneReads."""
    return [
        (lane.name, "", "", False, str(lane.bam)) if lane.bam else (lane.name, *map(str, lane.files))
        for lane in sample.lanes
    ]


def has_alignments(sample: Sample) -> bool:
    """Whether reads of the sample are in BAM or CRAM files."""
    return any(lane.bam for lane in sample.lanes)


def align_params(assay: Assay) -> dict[str, Any]:
    """How the reads of the assay's samples are aligned: the fields of a Stream that no sample changes."""
    index = "reference/star" if assay.aligner == STAR else f"reference/{assay.aligner}/genome.fa"
    return {"aligner": assay.aligner, "index": index, "trim": assay.trim, "molecules": assay.amplicon}


def molecule_params(sample: Sample, assays: Mapping[str, Assay]) -> tuple[str, tuple[int, int, int]] | None:
    """Where the reads of a sample have UMIs, and how many a consensus needs; None where they are not joined."""
    min_reads = assays[sample.assay].min_reads
    return (sample.umi, min_reads) if sample.umi and min_reads else None


def read_group(sample: str, lane: str) -> str:
    return f"@RG\\tID:{sample}.{lane}\\tSM:{sample}\\tLB:{sample}\\tPU:{lane}\\tPL:ILLUMINA"


def lane_command(stream: Stream, number: int) -> str:
    """SAM of one lane; the first brings the header with every lane's read group, the others bring reads only.

    A fixed batch of input bases (-K) keeps the result the same for any number of threads.
    """
    lane = stream.lanes[number]
    fastq_1, fastq_2 = quote(lane.fastq_1), quote(lane.fastq_2)
    batch = "-K 100000000 -Y -C" if lane.marked else "-K 100000000 -Y"
    command = f"{stream.aligner} mem -t {stream.threads} {batch} -R '{read_group(stream.sample, lane.name)}'"
    if number == 0 and (others := stream.lanes[1:]):
        command += f" -H '{NEW_LINE.join(read_group(stream.sample, other.name) for other in others)}'"
    if stream.trim:
        trimmed = f"fastp --in1 {fastq_1} --in2 {fastq_2} --stdout --thread 1 --html /dev/null"
        # fastp copies its command line into its JSON without escaping quotes, which a folder's name may have.
        trimmed += f" --json /dev/fd/9 9> {quote(trimming_report(stream, number))}"
        trimmed += f" | {DROP_MATE_NUMBER}" if lane.numbered else ""
        command = f"{trimmed} | {command} -p {stream.index} /dev/stdin"
    else:
        named = f" | {DROP_MATE_NUMBER}" if lane.numbered else ""
        command += f" {stream.index} <({DECOMPRESS} {fastq_1}{named}) <({DECOMPRESS} {fastq_2}{named})"
    command += f" | {RESTORE_FAILED}" if lane.marked else ""
    return f"{command} | {DROP_COMMAND_LINE}" if number == 0 else f"{command} | {DROP_HEADER}"


def trimming_report(stream: Stream, number: int) -> str:
    """Where fastp writes the counts of a lane."""
    return f"{stream.tmpdir}/fastp-{number}.json"


def stream_command(stream: Stream, fasta: str, cram: str) -> str:
    """The whole stream; its temporary files are in `stream.tmpdir`, where the large ones do not outlive it."""
    lanes = "; ".join(lane_command(stream, number) for number in range(len(stream.lanes)))
    return (
        f'work={quote(stream.tmpdir)}; trap \'rm -f "$work"/sort.* "$work"/markdup.*\' EXIT; {{ {lanes}; }}'
        f"{to_cram(stream, fasta, cram)}"
    )


def to_cram(stream: Stream, fasta: str, cram: str) -> str:
    """The end of a stream: mates completed, alignments sorted, duplicates marked unless `stream.molecules`."""
    helpers = max(1, stream.threads // 4)  # sort works beside the aligner; markdup begins when that has ended
    # samtools writes the absolute path of the reference to the header (UR); this one is the same everywhere.
    reference = fasta if fasta.startswith("/") else f"/proc/self/cwd/{fasta}"
    last = "view --no-PG" if stream.molecules else 'markdup --no-PG -T "$work"/markdup'
    output = f"-o {quote(cram)} -" if stream.molecules else f"- {quote(cram)}"
    return (
        " | samtools fixmate --no-PG -u -m - -"
        f' | samtools sort --no-PG -u -@ {helpers} -m 1G -T "$work"/sort -'
        f" | samtools {last} --reference {quote(reference)} -O cram --write-index {output}"
    )


def has_numbered_mates(lane: LaneReads) -> bool:
    """Whether the names of the lane's mates end with .1 and .2, as in files of the Sequence Read Archive."""
    try:
        first, second = (first_reads(Path(path), whole=False)[0].name for path in (lane.fastq_1, lane.fastq_2))
    except NoReads:  # refused before the run, but for viral samples
        return False
    return first != second and first.endswith(b".1") and are_mates(first, second)


def align_reads(stream: Stream, fasta: str, cram: str, log: Path) -> dict[str, Any]:
    """Write CRAM and index; messages go to `log`. Returns the numbers of reads and raises as `run_stream`."""
    return run_stream(stream, lambda ready: stream_command(ready, fasta, f"{cram}##idx##{cram}.crai"), cram, log)


def run_stream(stream: Stream, command: Callable[[Stream], str], alignment: str, log: Path) -> dict[str, Any]:
    """Run what `command` makes of the stream, once the names of its mates are known; messages go to `log`.

    Returns the numbers of reads, see `read_counts`: all are in the `alignment` that the command writes.
    Raises UnequalReads, LaneUnusable, BrokenFastq, AlignmentFailed, ReadsLost.
    """
    with TemporaryDirectory(dir=stream.tmpdir, prefix=f"gms-{stream.sample}-") as work, ThreadPoolExecutor(1) as beside:
        lanes, expected = take_lanes(stream, Path(work), log)
        stream = stream._replace(lanes=lanes, tmpdir=work)
        # Tools end well on unequal and, some, on truncated files: lanes are counted while they are aligned.
        counted = beside.submit(check_lanes, stream)
        with open(log, "a") as messages:
            script = f"set -euo pipefail; {command(stream)}"
            code = subprocess.run(["bash", "-c", script], stderr=messages).returncode
        reads = counted.result()
        require_taken(stream.sample, expected, zip((lane.bam for lane in lanes), reads, strict=True))
        if code:
            said = reason(log.read_text(errors="replace"))
            raise AlignmentFailed(f"sample {stream.sample}: aligning its reads ended with exit code {code}{said}")
        reports = [trimming_report(stream, number) if stream.trim else None for number in range(len(lanes))]
        counts = lane_counts(stream.sample, {lane.name: n for lane, n in zip(lanes, reads, strict=True)}, reports)
    return require_all_reads(stream.sample, counts, alignment)


def take_lanes(stream: Stream, work: Path, log: Path) -> tuple[list[LaneReads], dict[str, int]]:
    """The lanes as FASTQ files, and the number of reads that each BAM or CRAM file must have given. Raises
    ReadsNotTaken."""
    lanes, expected = [], {}
    for number, lane in enumerate(stream.lanes):
        if not lane.bam:
            lanes.append(lane)
            continue
        with open(log, "a") as messages:
            folder = work / f"lane-{number}"
            taken = take_reads(Path(lane.bam), lane.name, stream.cram_fasta, folder, stream.threads, messages)
        expected[lane.bam] = taken.reads
        lanes += [
            LaneReads(part.lane, part.fastq_1, part.fastq_2, bam=lane.bam, marked=part.marked) for part in taken.parts
        ]
    return [lane._replace(numbered=has_numbered_mates(lane)) for lane in lanes], expected


def reason(said: str) -> str:
    """The first thing that a tool called an error, ready to end a sentence; what bash and bwa tell is left out."""
    lines = (line for line in said.splitlines() if not line.startswith(("bash: ", "[main]", "[M::")))
    found = next((line.strip() for line in lines if REASON.search(line)), None)
    return f": {found}" if found else "; its tools' messages are above"


def check_lanes(stream: Stream) -> list[int]:
    """Number of reads of each lane, R1 and R2 together, whose files are read to their end.

    Raises UnequalReads, LaneUnusable, BrokenFastq for the one at fault.
    """
    return [count_lane(stream.sample, lane) for lane in stream.lanes]


def count_lane(sample: str, lane: LaneReads) -> int:
    try:
        counts = check_mates(Path(lane.fastq_1), Path(lane.fastq_2))
    except MatesDiffer as error:
        raise LaneUnusable(f"sample '{sample}', lane '{lane.name}': {error}") from None
    if counts[0] != counts[1]:
        raise UnequalReads(sample, lane.name, Path(lane.fastq_1), Path(lane.fastq_2), counts)
    return sum(counts)
