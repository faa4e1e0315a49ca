"""What callers and reads say about one place: calls with their counts, or depth, bases and mapping quality."""

import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pysam

from gms.base.json_tables import read_table
from gms.base.results import named
from gms.genome import vcf
from gms.genome.alleles import Allele, shortened
from gms.genome.intervals import read_bed
from gms.inputs.row_files import starts_from_vcf
from gms.inputs.run_model import Case, Run, Sample
from gms.variants.evidence.observe import SKIPPED

CALLABLE_MAPQ = 20  # mapping quality from which a read counts towards callability
_EVIDENCE = {
    "MQ_ALT": "mapping quality",
    "BQ_ALT": "base quality",
    "END_ALT": "bases to read end",
    "SBP": "strand bias",
}


def explain_calls(run: Run, case: Case, line: str) -> Iterator[str]:
    """Who called an annotated record, with which counts; then the evidence recounted from the reads."""
    columns = line.split("\t")
    info = vcf.known(vcf.info(columns[7]))
    name = unquote(" ".join(info[key] for key in ("GENE", "HGVSP", "HGVSC", "CONSEQUENCE") if key in info))
    yield f"{columns[0]}:{columns[1]}:{columns[3]}:{columns[4]}  {name}"
    if "PART_OF" in info:
        yield f"  its molecules carry more changes: they are one joined allele, {info['PART_OF']}"
    calls = named("calls")
    for caller in ["external"] if starts_from_vcf(case) else run.assays[case.assay].callers["small"]:
        path = run.results / calls.at(caller=caller, case=case.name)
        for part in info["PARTS"].split(",") if "PARTS" in info else [None]:
            alleles = part.rsplit(":", 3) if part else [columns[i] for i in (0, 1, 3, 4)]
            yield f"  {caller:<10} {f'{part}: ' if part else ''}{_call(path, *alleles)}"
    for sample, counts in zip(_header_samples(run, case), columns[9:], strict=False):
        yield f"  {sample:<10} {_counts(columns[8], counts)}"
    evidence = [f"{words} {info[key]}" for key, words in _EVIDENCE.items() if key in info]
    if evidence:
        yield f"  its reads  {', '.join(evidence)} (means)"


def _header_samples(run: Run, case: Case) -> list[str]:
    return vcf.samples_of(vcf.header_of(run.results / named("annotated").at(case=case.name)))


def _call(path: Path, chrom: str, pos: str, ref: str, alt: str) -> str:
    if not path.exists():
        return "its calls are not kept"
    for line in vcf.records_at(path, chrom, int(pos) - 1, int(pos)):
        other = line.split("\t")
        if (other[1], other[3]) == (pos, ref) and alt in other[4].split(","):
            return f"quality {other[5]}, " + "; ".join(_counts(other[8], sample) for sample in other[9:])
    return "did not call it"


def _counts(keys: str, values: str) -> str:
    fields = vcf.known(vcf.sample_values(keys, values))
    shown = [("GT", "genotype"), ("AD", "reads (reference,allele)"), ("DP", "depth"), ("AF", "fraction")]
    shown += [("GQ", "genotype quality"), ("ADF", "forward"), ("ADR", "reverse")]
    return ", ".join(f"{words} {fields[key]}" for key, words in shown if key in fields)


def explain_reads(run: Run, case: Case, chrom: str, pos: int, allele: Allele | None) -> Iterator[str]:
    """Whether a place (0-based) was looked at and what each sample's reads show there."""
    assay = run.assays[case.assay]
    if assay.targets:
        yield f"  targets    {'inside' if is_inside(assay.targets, chrom, pos) else 'OUTSIDE'} {assay.targets.name}"
    if starts_from_vcf(case):
        yield "  reads      not assessed: the case starts from a VCF of another workflow"
        return
    for sample in case.samples:
        yield f"  {sample.name:<10} {_reads(run, sample, chrom, pos, assay.callable_depth, allele)}"


def explain_coverage(run: Run, case: Case, gene: str) -> Iterator[str]:
    """How much of a gene's coding bases each sample could be analysed in, as far as the gene is known."""
    depth, known = run.assays[case.assay].callable_depth, starts_from_vcf(case)
    if known:
        yield "  coverage   not assessed: the case starts from a VCF of another workflow"
    for sample in case.samples:
        path = run.results / named("genes.tsv").at(sample=sample.name)
        rows = [row for row in read_table(path) if row["gene"] == gene] if path.exists() else []
        known = known or bool(rows) or not path.exists()
        for row in rows:
            share = f"{float(row['callable_fraction']):.1%} of its {row['bases']} coding bases callable ({depth} reads)"
            yield f"  {sample.name:<10} {share}, mean depth {row['mean_depth']}"
    if not known:
        yield f"  no coding bases of {gene} were measured: outside the targets, or not the symbol the gene models use"


def reference_fasta(run: Run) -> Path:
    """The reference as the run indexed it; the user's own folder may be without an index and not ours to write to."""
    made = run.results / named("genome").at()
    return made if made.exists() else run.reference.fasta


def _reads(run: Run, sample: Sample, chrom: str, pos: int, callable_depth: int, allele: Allele | None) -> str:
    path = run.results / named("cram").at(sample=sample.name)
    if not path.exists():
        return f"{path.name} is not there any more"
    qualities, seen = fragments(path, reference_fasta(run), chrom, pos)
    good = sum(quality >= CALLABLE_MAPQ for quality in qualities)
    counts = ", ".join(f"{what} {number}" for what, number in sorted(seen.items(), key=lambda pair: -pair[1]))
    mean = f"{sum(qualities) / len(qualities):.1f}" if qualities else "-"
    text = f"depth {len(qualities)} ({counts or 'no reads'}), mean mapping quality {mean}; {good} with "
    text += f"mapping quality {CALLABLE_MAPQ} or more, so "
    text += "callable" if good >= callable_depth else f"NOT callable (needs {callable_depth})"
    return text + (f"; {seen[_word(allele)]} show {shortened(allele.ref)}>{shortened(allele.alt)}" if allele else "")


def _word(allele: Allele) -> str:
    if len(allele.ref) == len(allele.alt):
        return allele.alt
    return f"{len(allele.alt) - len(allele.ref):+d}"


def fragments(path: Path, fasta: Path, chrom: str, pos: int) -> tuple[list[int], Counter[str]]:
    """Mapping quality of each fragment over a 0-based position, and how many show each base, '-' or indel (+2, -1).

    Both mates of a pair count once; an indel is counted at its anchor base instead of that base.
    """
    seen: dict[str, tuple[int, str]] = {}
    options = {"truncate": True, "min_base_quality": 0, "max_depth": 1_000_000, "flag_filter": SKIPPED}
    with pysam.AlignmentFile(str(path), reference_filename=str(fasta)) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pysam says that a CRAM has one iterator; one is used
        for column in file.pileup(chrom, pos, pos + 1, stepper="samtools", ignore_orphans=False, **options):
            for read in column.pileups:
                if read.is_refskip:
                    continue
                base = "-" if read.is_del else read.alignment.query_sequence[read.query_position]
                word = f"{read.indel:+d}" if read.indel else base
                seen.setdefault(read.alignment.query_name, (read.alignment.mapping_quality, word))
    return [quality for quality, _ in seen.values()], Counter(word for _, word in seen.values())


def is_inside(bed: Path, chrom: str, pos: int) -> bool:
    """Whether a 0-based position lies in an interval (0-based, half-open) of a BED file."""
    return any(region.chrom == chrom and region.start <= pos < region.end for region in read_bed(bed))
