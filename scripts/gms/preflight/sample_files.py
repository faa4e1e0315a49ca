"""Files of the sample sheet, before anything runs: FASTQ files of pairs; BAM and CRAM files that are whole and of one
sample, that of their row; VCF files that are readable, of this assembly, with the genotypes of the sample.

Of a VCF the first records are looked at; the job that takes its calls (external_variants) checks all of them.
"""

import gzip
import itertools
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pysam

from gms.alignment.taken_reads import ReadsNotTaken, header, read_groups
from gms.base.digests import CHECKSUMS
from gms.base.personal_numbers import mask_personal_numbers
from gms.base.problems import Findings, shown
from gms.base.results import FILES
from gms.base.whole_files import BGZF_END
from gms.genome.fastq import BrokenFastq, MatesDiffer, NoReads, Read, are_mates, first_reads
from gms.inputs.assay_files import named_files
from gms.inputs.run_model import Lane, Run, Sample
from gms.preflight.reference_bases import ReferenceBases
from gms.variants.external.genotypes import BASES
from gms.variants.external.source import UnusableCalls, quiet, source_of

# The containers with which whole files end (CRAM 3.0 and 2.1, section 9).
CRAM_END = bytes.fromhex("0f000000ffffffff0fe0454f4600000000010005bdd94f0001000606010001000100ee63014b")
CRAM_2_END = bytes.fromhex("0b000000ffffffff0fe0454f460000000001000001000606010001000100")
_LOOKED_AT = 2_000  # records
_WORKFLOW = {
    (name,) for name in ("config", "containers", "docs", "profiles", "resources", "scripts", "tests", "workflow")
}
_MADE = {file.path.split("/")[0] for file in FILES} | {CHECKSUMS, "logs", "benchmarks", ".snakemake", "reanalysis"}
_BGZF = b"\x1f\x8b\x08\x04"


def as_written(path: Path, run: Run) -> str:
    """The path as the sheet has it: relative to the sheet's folder where it lies below."""
    return str(path).removeprefix(f"{run.sheet.parent}/")


def check_results(run: Run, findings: Findings) -> None:
    """Note a results folder that is a file, a part of the workflow, or that has what the run reads where results are.

    Snakemake removes the file of a result before the job that makes it starts, also where that job would read it.
    Other folders of it, as `fastq`, are left alone.
    """
    results, project = run.results.resolve(), run.project.resolve()
    if results.exists() and not results.is_dir():
        findings.add(run.configfile, None, f"results '{run.results.name}' is a file; name a folder")
    elif results.is_relative_to(project) and results.parts[len(project.parts) :][:1] in _WORKFLOW:
        text = f"results '{results.relative_to(project)}' is a folder of the workflow itself; name another"
        findings.add(run.configfile, None, text)
    lanes = (lane for sample in (*run.samples.values(), *run.viral_samples.values()) for lane in sample.lanes)
    read = (*named_files(run), *itertools.chain.from_iterable(lane.files for lane in lanes))
    inside = [path for path in (run.configfile, run.project) if path.resolve().is_relative_to(results)]
    inside += [path for path in read if any(path.resolve().is_relative_to(results / name) for name in _MADE)]
    if inside:
        text = f"'{as_written(inside[0], run)}', which the run reads, is in the results folder, where a result would"
        findings.add(run.configfile, None, f"{text} take its place; move it, or name another folder under results:")


def lane_problems(sample: Sample, lane: Lane, whole: set[Path], run: Run) -> list[tuple[str, bool]]:
    """What is wrong with a lane's files, and whether that is damage. A viral sample may have no reads: a clean control,
    an empty well."""
    if lane.bam:
        wrong = alignment_problems(lane.bam, as_written(lane.bam, run))
        swapped = None if wrong else named_otherwise(sample, lane, run)
        return [(swapped, False)] if swapped else wrong
    texts, heads, empty = [], [], []
    for column, path in (("fastq_1", lane.fastq_1), ("fastq_2", lane.fastq_2)):
        try:
            heads.append(first_reads(path, path in whole))
        except BrokenFastq as broken:
            written = as_written(path, run)
            hint = "" if path.exists() or written.startswith("/") else "; paths are relative to the sheet"
            is_nothing = isinstance(broken, NoReads) and sample.name in run.viral_samples
            (empty if is_nothing else texts).append((f"{column} '{written}' {broken.reason}{hint}", broken.is_damage))
    if heads and empty:  # of one mate only
        texts += empty
    if len(heads) == 2 and not lane.fastq_1.samefile(lane.fastq_2):
        texts += [(text, False) for text in _pair_problems(*heads)]
    return texts


def _pair_problems(reads_1: list[Read], reads_2: list[Read]) -> Iterator[str]:
    """What shows that two files do not hold the first and the second reads of pairs."""
    if [read[1:] for read in reads_1] == [read[1:] for read in reads_2]:
        yield "fastq_1 and fastq_2 hold the same reads. fastq_2 must hold the second reads of the pairs"
    for number, (one, two) in enumerate(zip(reads_1, reads_2, strict=False), start=1):
        if not are_mates(one.name, two.name):
            yield str(MatesDiffer(number, one.name, two.name))
            return


def alignment_problems(path: Path, written: str) -> list[tuple[str, bool]]:
    """What is wrong with a BAM or CRAM file, and whether that is damage; `written`: its path as the sheet has it."""
    head = f"bam '{written}'"
    try:
        if not path.is_file():
            problem = "is not a regular file" if path.exists() else "does not exist"
            return [(f"{head} {problem}{hint(path, written)}", False)]
        with open(path, "rb") as file:
            magic = file.read(4)
            file.seek(max(0, path.stat().st_size - 64))
            end = file.read()
        if magic[:2] == b"\x1f\x8b":
            with gzip.open(path) as content:
                magic = content.read(4)
    except (OSError, EOFError, zlib.error) as error:
        return [(f"{head} cannot be read: {getattr(error, 'strerror', None) or 'its data are damaged'}", False)]
    if magic not in (b"BAM\x01", b"CRAM"):
        return [(f"{head} is neither a BAM nor a CRAM file", False)]
    if not end.endswith((BGZF_END,) if magic != b"CRAM" else (CRAM_END, CRAM_2_END)):
        return [(f"{head} is truncated (it has no end-of-file marker). Copy it again", True)]
    try:
        read_groups(header(path), path)
    except ReadsNotTaken as error:
        return [(f"{head}: {error}", False)]
    return []


def hint(path: Path, written: str) -> str:
    """Where relative paths start, of a file that is not there."""
    return "" if path.exists() or written.startswith("/") else "; paths are relative to the sheet"


def named_otherwise(sample: Sample, lane: Lane, run: Run) -> str | None:
    """What is wrong with the name of the sample in a BAM or VCF: that of another sample of the sheet. Of any other
    name, as other laboratories give, a warning is printed, without it: it may be a person's. `vcf_sample` says which
    one is meant."""
    if lane.bam:
        column, path, names = "bam", lane.bam, {group.sample for group in read_groups(header(lane.bam), lane.bam)}
    else:
        column, path, names = "vcf", lane.vcf, {lane.vcf_sample or source_of(lane.vcf, sample.name, "").name}
    head, other = f"{column} '{as_written(path, run)}'", next(iter(names - {"", sample.name, lane.vcf_sample}), None)
    if other in run.samples:
        way_out = "correct the header by samtools reheader" if lane.bam else "write it in vcf_sample"
        text = f"{head} has sample '{other}' in its header, which is another sample of this sheet"
        return f"{text}; were rows swapped? If not, {way_out}"
    if other:
        text = mask_personal_numbers(f"{head} has another name than '{sample.name}' in its header")
        print(f"warning: {shown(run.sheet)} line {lane.line}: {text}", file=sys.stderr)
    return None


def vcf_problem(sample: Sample, lane: Lane, run: Run, bases: ReferenceBases | None) -> str | None:
    """What is wrong with the VCF of a sample; None if nothing."""
    path, written = lane.vcf, as_written(lane.vcf, run)
    head = f"vcf '{written}'"
    if not path.is_file():
        there = path.exists()
        hint = "" if there or written.startswith("/") else "; paths are relative to the sheet"
        return f"{head} {'is not a regular file' if there else 'does not exist'}{hint}"
    try:
        if is_cut(path):
            return f"{head} is truncated (it has no end-of-file marker). Copy it again"
        source = source_of(path, sample.name, lane.vcf_sample)
        with quiet(), pysam.VariantFile(str(path)) as file:
            problem = _contigs(file, bases) or _records(file, source.name, bases)
        return f"{head} {problem}" if problem else named_otherwise(sample, lane, run)
    except UnusableCalls as wrong:
        return f"vcf {wrong}"
    except (OSError, ValueError) as error:
        return f"{head} is damaged, or has a record that is no VCF: {error}"


def proposal_problem(path: Path, samples: Sequence[str], bases: ReferenceBases | None) -> str | None:
    """What is wrong with a VCF of another caller whose alleles are proposed for these samples; None if nothing."""
    head = f"deepvariant '{shown(path)}'"
    if not path.is_file():
        return f"{head} does not exist"
    if not any(Path(f"{path}{ending}").is_file() for ending in (".tbi", ".csi")):
        return f"{head} has no index; make one:  bcftools index {shown(path.name)}"
    try:
        if is_cut(path):
            return f"{head} is truncated (it has no end-of-file marker). Copy it again"
        with quiet(), pysam.VariantFile(str(path)) as file:
            names = list(file.header.samples)
            if lacking := [name for name in samples if name not in names]:
                return f"{head} lacks sample {lacking[0]}; rename it:  bcftools reheader --samples"
            problem = _contigs(file, bases) or _records(file, samples[0], bases)
            return f"{head} {problem}" if problem else None
    except (OSError, ValueError, NotImplementedError) as error:
        return f"{head} is damaged, or is not a bgzipped VCF: {error}"


def is_cut(path: Path) -> bool:
    """Whether a bgzipped file lacks the block with which whole ones end."""
    with open(path, "rb") as file:
        if file.read(len(_BGZF)) != _BGZF:
            return False
        file.seek(max(0, path.stat().st_size - len(BGZF_END)))
        return file.read() != BGZF_END


def _contigs(file: pysam.VariantFile, bases: ReferenceBases | None) -> str | None:
    """Contigs of the header against those of the reference."""
    lengths = bases.lengths if bases else {}
    known = {name: contig.length for name, contig in file.header.contigs.items()}
    for name, length in known.items():
        if length and lengths.get(name, length) != length:
            text = f"is of another assembly: its {name} has {length:,} bases, the reference's {lengths[name]:,}"
            return f"{text}; start from calls on the reference of the config"
    if known and lengths and not known.keys() & lengths.keys():
        text = f"has no contig in common with the reference (its first is '{next(iter(known))}', the reference's"
        return f"{text} '{next(iter(lengths))}'); rename them: bcftools annotate --rename-chrs"
    return None


def _records(file: pysam.VariantFile, name: str, bases: ReferenceBases | None) -> str | None:
    """The first records: their genotypes, and REF against the reference."""
    number = 0
    for number, record in enumerate(itertools.islice(file, _LOOKED_AT), start=1):  # noqa: B007
        if "GT" not in record.samples[name]:
            return f"has no genotype (FORMAT/GT) at {record.chrom}:{record.pos}; a case starts from genotypes"
        found = bases.fetch(record.chrom, record.start, record.start + len(record.ref)) if bases else None
        if found is not None and _differ(found, record.ref.upper()):
            text = f"is of another assembly: {record.chrom}:{record.pos} has REF {record.ref[:20]}, the reference"
            return f"{text} {found[:20] or 'no base'} there; start from calls on the reference of the config"
    return None if number else "has no records: nothing was called, or the file was cut"


def _differ(found: str, ref: str) -> bool:
    """Whether two sequences differ at a base that both know."""
    return len(found) != len(ref) or any(a != b and {a, b} <= BASES for a, b in zip(found, ref, strict=True))
