"""STAR on the RNA of one sample: its index of genome and gene models, and the stream from FASTQ files to the CRAM.

Chimeric alignments stay among the others (WithinBAM), so that the CRAM holds all that is known of a fusion. STAR takes
no path with a blank or a comma: it runs in the temporary folder, where `here` is the folder of results. Its threads
write in any order, so reads are sorted by name before mates are put together.
"""

import math
import subprocess
from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import IO, Any

from gms.alignment.align_reads import DECOMPRESS, Stream, run_stream, to_cram, trimming_report
from gms.genome.intervals import open_text

# The least of a read on either side of a junction is 10 bases; mates that overlap are joined before they are aligned.
# Scores and limits are those that Arriba's manual gives for STAR (Uhrig 2021, Genome Research 31:448), but a junction
# without GT-AG keeps its penalty, which puts the others exactly between exons.
CHIMERIC = (
    "--chimSegmentMin 10 --chimOutType WithinBAM SoftClip --chimJunctionOverhangMin 10 --chimScoreDropMax 30"
    " --chimScoreSeparation 1 --chimSegmentReadGapMax 3 --chimMultimapNmax 50 --peOverlapNbasesMin 10"
    " --alignSplicedMateMapLminOverLmate 0.5 --alignSJstitchMismatchNmax 5 -1 5 5 --outFilterMultimapNmax 50"
)
OUTPUT = (
    "--outStd BAM_Unsorted --outSAMtype BAM Unsorted --outSAMunmapped Within --outBAMcompression 0"
    " --outSAMattributes NH HI NM AS --outFileNamePrefix star/"
)
DROP_COMMAND_LINES = r"sed -E '/^@CO\t/d;/^@PG\t/s/\tCL:.*//'"


def index_bases(length: int) -> int:
    """Bases of the pieces in the index of the suffix array, fewer for a small genome (STAR's manual, 2.2.5)."""
    return max(4, min(14, int(math.log2(max(length, 2)) / 2 - 1)))


def make_index(fasta: str, genes: Path, folder: Path, work: Path, threads: int, megabytes: int, log: IO[str]) -> None:  # noqa: PLR0913
    """Write the index of a genome and its gene models (GFF3, compressed or not) into a folder that exists.

    `megabytes`: the most memory that STAR may use.
    """
    models = work / "genes.gff3"
    with open_text(genes) as lines, models.open("w") as plain:
        plain.writelines(lines)
    with open(f"{fasta}.fai") as lines:
        length = sum(int(line.split("\t")[1]) for line in lines)
    (work / "here").symlink_to(Path.cwd())
    command = ["STAR", "--runMode", "genomeGenerate", "--genomeDir", f"here/{folder}", "--runThreadN", str(threads)]
    command += ["--genomeFastaFiles", f"here/{fasta}", "--sjdbGTFfile", models.name, "--sjdbOverhang", "100"]
    command += ["--sjdbGTFtagExonParentTranscript", "Parent", "--genomeSAindexNbases", str(index_bases(length))]
    command += ["--limitGenomeGenerateRAM", str(megabytes * 1_000_000), "--outFileNamePrefix", "star-"]
    subprocess.run(command, stdout=log, stderr=log, check=True, cwd=work)


def align_rna(stream: Stream, fasta: str, cram: str, log: Path) -> dict[str, Any]:
    """Write CRAM and index; messages go to `log`. Returns the numbers of reads and raises as `run_stream`."""
    return run_stream(stream, lambda ready: stream_command(ready, fasta, f"{cram}##idx##{cram}.crai"), cram, log)


def stream_command(stream: Stream, fasta: str, cram: str) -> str:
    """The whole stream; STAR's temporary files are in `stream.tmpdir`, beside those of samtools."""
    helpers = max(1, stream.threads // 4)
    return (
        f"work={quote(stream.tmpdir)};"
        ' trap \'rm -rf "$work"/star "$work"/names.* "$work"/sort.* "$work"/markdup.*\' EXIT;'
        f' ln -sfn "$PWD" "$work"/here; {prepared(stream)}'
        f' {{ cd "$work"; mkdir star; {star_command(stream)}; }}'
        f' | ( cd "$work"; samtools sort --no-PG -n -@ {helpers} -m 1G -T names -O sam - ) | {DROP_COMMAND_LINES}'
        f"{to_cram(stream, fasta, cram)}"
    )


def prepared(stream: Stream) -> str:
    """Commands that put the reads of each lane where STAR reads them: trimmed, or links without special characters."""
    commands = []
    for number, lane in enumerate(stream.lanes):
        files = lane.fastq_1, lane.fastq_2
        if stream.trim:
            one, two = (f'"$work"/{name}' for name in names(stream, number))
            trimmed = f"fastp --in1 {quote(files[0])} --in2 {quote(files[1])} --out1 {one} --out2 {two} --thread 1"
            trimmed += f" --html /dev/null --json /dev/fd/9 9> {quote(trimming_report(stream, number))}"
            commands.append(trimmed)
            continue
        for path, name in zip(files, names(stream, number), strict=True):
            target = quote(path) if path.startswith("/") else f'"$PWD"/{quote(path)}'
            commands.append(f'ln -sfn {target} "$work"/{name}')
    return "".join(f"{command};" for command in commands)


def names(stream: Stream, number: int) -> tuple[str, str]:
    """Files of the mates of a lane in the temporary folder."""
    ending = "fastq" if stream.trim else "fastq.gz"
    return f"reads-{number}_1.{ending}", f"reads-{number}_2.{ending}"


def star_command(stream: Stream) -> str:
    """STAR on all lanes together, a read group each."""
    files = [names(stream, number) for number in range(len(stream.lanes))]
    ones, twos = (",".join(column) for column in zip(*files, strict=True))
    groups = " , ".join(read_group(stream.sample, lane.name) for lane in stream.lanes)
    unpack = "" if stream.trim else f" --readFilesCommand {DECOMPRESS}"
    return (
        f"STAR --runThreadN {stream.threads} --genomeDir here/{stream.index} --readFilesIn {ones} {twos}{unpack}"
        f" --outSAMattrRGline {groups} {OUTPUT} {CHIMERIC}"
    )


def read_group(sample: str, lane: str) -> str:
    return f"ID:{sample}.{lane} SM:{sample} LB:{sample} PU:{lane} PL:ILLUMINA"


def index_files(folder: str) -> Sequence[str]:
    """Files of an index."""
    tables = ("chrLength", "chrName", "chrNameLength", "chrStart", "genomeParameters", "sjdbInfo")
    lists = ("exonGeTrInfo", "exonInfo", "geneInfo", "sjdbList.fromGTF.out", "sjdbList.out", "transcriptInfo")
    names = ["Genome", "SA", "SAindex", *(f"{name}.txt" for name in tables), *(f"{name}.tab" for name in lists)]
    return [f"{folder}/{name}" for name in names]
