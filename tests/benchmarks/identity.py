"""Compares contamination and relations with GATK and peddy: real reads mixed in silico, a real trio, a made-up one.

    gms benchmark identity --gatk 'FOLDER/*' --peddy PYTHON [--data DIR]

Both tools are installed apart: --gatk is a Java class path with GATK 4.5, --peddy a Python that can import peddy 0.4.8.
All are asked at the same sites. Slices of 50,000 bases hold no list of common variants: contamination is measured where
NA12878 or HG002 have a variant, with the frequency of the two persons and of one copy more.
"""

import argparse
import csv
import gzip
import random
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pysam

from gms.base.errors import GmsError
from gms.base.tables import table
from gms.genome.intervals import read_contigs, read_targets
from gms.qc import relations
from gms.qc.contamination import contamination
from gms.qc.fingerprint import HEADER, Fingerprint, count_sites, read_fingerprint
from gms.qc.sites import Site
from gms.validation.benchmarks.datasets import DATA, NoDataSet

HOST, GUEST, TRIO = "germline-na12878-50x-chr20-10mb", "germline-hg002-30x-chr20-10mb", "germline-trio-ceu-chr20-10kb"
MIXES = ("somatic-tn-mix30", "somatic-tn-mix54")
SHARES = (0.0, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3)
MEMBERS = {"child": "child_HG001", "mother": "mother_NA12892", "father": "father_NA12891"}
PEDIGREE = "#family\tsample\tfather\tmother\tsex\tstatus\nT\tchild\tfather\tmother\t2\t2\n"
PEDIGREE += "T\tmother\t0\t0\t2\t1\nT\tfather\t0\t0\t1\t1\n"
INDEX = "mkdir -p {to}; cp {data}/reference.fa {to}/; samtools faidx {fa}; samtools dict {fa} > {to}/reference.dict"
ALIGN = "bwa mem -R {group} {fa} {reads} | samtools fixmate -u -m - - | samtools sort -u - | samtools markdup - {bam}"
CALL = (
    "bcftools mpileup -f {fa} -q20 -Q20 {bams} | bcftools call -mv | bcftools view -v snps -m2 -M2 -i 'QUAL>30' > {out}"
)
_PEDDY = "import sys, peddy; v, p, s, out = sys.argv[1:]; peddy.Ped(p).ped_check(v, ncpus=1, sites=s).to_csv(out)"
_HEAD = '##fileformat=VCFv4.2\n{}##INFO=<ID=AF,Number=A,Type=Float,Description="x">\n'
_HEAD += (
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="x">\n##FORMAT=<ID=AD,Number=R,Type=Integer,Description="x">\n'
)


def main(argv: list[str]) -> int:
    """Print the tables; returns the exit code."""
    parser = argparse.ArgumentParser(prog="gms benchmark identity", description=__doc__.splitlines()[0])
    parser.add_argument("--gatk", required=True, help="class path of GATK 4.5, such as 'lib/*'")
    parser.add_argument("--peddy", required=True, help="a Python that can import peddy 0.4.8")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the public data sets")
    options = parser.parse_args(argv)
    if absent := [name for name in (HOST, GUEST, TRIO, *MIXES) if not (options.data / name).is_dir()]:
        raise NoDataSet(
            f"{options.data} lacks {', '.join(absent)}; the data lies outside the repository: give --data DIR"
        )
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        print(table(("family", "pair", "sites", "kinship", "peddy", "IBS0", "peddy"), family_rows(options, work)))
        print(table(("share of HG002", "contamination", "GATK"), mixed_rows(options, work)))
    return 0


class ToolFailed(GmsError):
    """A program that is not there or ended with an error."""


def run(command: list[str]) -> None:
    """Run a program. Raises ToolFailed with the last line that it printed."""
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise ToolFailed(f"{command[0]} cannot be run: {error.strerror}") from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise ToolFailed(f"{command[0]} ended with exit code {done.returncode}: {' '.join(said)}")


def shell(command: str, **values: object) -> None:
    """Run a line of bash, its {names} filled in. Raises ToolFailed."""
    words = {
        name: shlex.join(map(str, v)) if isinstance(v, list) else shlex.quote(str(v)) for name, v in values.items()
    }
    script = "set -euo pipefail; " + command.format(**words)
    run(["bash", "-c", script])


def reference_of(data: Path, work: Path) -> Path:
    """The indexed reference of a set."""
    fasta = work / data.name / "reference.fa"
    if not fasta.exists():
        shell(INDEX, data=data, to=fasta.parent, fa=fasta)
        shell("bwa index {fa}", fa=fasta)
    return fasta


def aligned(name: str, fasta: Path, reads: Sequence[Path]) -> Path:
    """A BAM file with duplicates marked."""
    bam = fasta.with_name(f"{name}.bam")
    group = rf"@RG\tID:{name}\tSM:{name}\tLB:{name}\tPL:ILLUMINA"
    shell(ALIGN, group=group, fa=fasta, reads=reads, bam=bam)
    shell("samtools index {bam}", bam=bam)
    return bam


def fingerprint(bam: Path, fasta: Path, sites: Sequence[Site]) -> Fingerprint:
    counts = bam.with_suffix(".tsv")
    rows = [HEADER, *count_sites(bam, fasta, sites)]
    counts.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))
    return read_fingerprint(counts)


def write_vcf(
    path: Path, sites: Sequence[Site], genotypes: dict[str, Sequence[int]], fasta: Path | None = None
) -> Path:
    """Sites with their frequency, and the genotypes (0, 1, 2) of persons; contigs of the reference, or of the sites."""
    contigs = (
        read_contigs(Path(f"{fasta}.fai")) if fasta else dict.fromkeys([site.chrom for site in sites], 250_000_000)
    )
    head = "".join(f"##contig=<ID={name},length={length}>\n" for name, length in contigs.items())
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
    columns += ["FORMAT", *genotypes] if genotypes else []
    calls = {0: "0/0:30,0", 1: "0/1:15,15", 2: "1/1:0,30"}
    lines = []
    for number, site in enumerate(sites):
        shown = ["GT:AD", *(calls[int(person[number])] for person in genotypes.values())] if genotypes else []
        fields = (site.chrom, str(site.pos), ".", site.ref, site.alt, "60", "PASS", f"AF={site.af:.4f}", *shown)
        lines.append("\t".join(fields) + "\n")
    path.write_text(_HEAD.format(head) + "\t".join(columns) + "\n" + "".join(lines))
    shell("bgzip -f {vcf}; tabix -p vcf {vcf}.gz", vcf=path)
    return Path(f"{path}.gz")


def family_rows(options: argparse.Namespace, work: Path) -> Iterator[tuple]:
    """Kinship and IBS0 of each pair, ours and peddy's, of the real trio and of a made-up one of 2,000 sites."""
    fasta = reference_of(options.data / TRIO, work)
    folder = options.data / TRIO
    reads = {name: [folder / f"{stem}_R{mate}.fastq.gz" for mate in (1, 2)] for name, stem in MEMBERS.items()}
    bams = [aligned(name, fasta, files) for name, files in reads.items()]
    shell(CALL, fa=fasta, bams=bams, out=work / "trio.vcf")
    with pysam.VariantFile(str(work / "trio.vcf")) as records:
        sites = [Site(record.chrom, record.pos, record.ref, record.alts[0], 0.5) for record in records]
    calls = {name: fingerprint(bam, fasta, sites).genotypes() for name, bam in zip(MEMBERS, bams, strict=True)}
    known = [index for index in range(len(sites)) if all(person[index] >= 0 for person in calls.values())]
    real = {name: person[known] for name, person in calls.items()}
    yield from compared(TRIO, options.peddy, [sites[index] for index in known], real, work)
    made_up, persons = made_up_family(2_000)
    yield from compared("made up", options.peddy, made_up, persons, work)


def made_up_family(number: int, seed: int = 1) -> tuple[list[Site], dict[str, np.ndarray]]:
    """Unlinked sites, and the genotypes of a trio at them."""
    rng = np.random.default_rng(seed)
    af = rng.uniform(0.1, 0.9, number)
    mother, father = (rng.binomial(1, af, (2, number)) for _ in range(2))
    child = [np.choose(rng.integers(0, 2, number), parent) for parent in (mother, father)]
    sites = [Site("chr1", 100_000 * (index + 1), "A", "C", float(value)) for index, value in enumerate(af)]
    return sites, {"child": sum(child), "mother": sum(mother), "father": sum(father)}


def compared(name: str, python: str, sites: list[Site], persons: dict[str, np.ndarray], work: Path) -> Iterator[tuple]:
    vcf = write_vcf(work / f"{len(sites)}.vcf", sites, persons)
    pedigree, places, out = (work / f"family.{kind}" for kind in ("ped", "sites", "csv"))
    pedigree.write_text(PEDIGREE)
    places.write_text("".join(f"{site.chrom}:{site.pos}:{site.ref}:{site.alt}\n" for site in sites))
    run([python, "-c", _PEDDY, *map(str, (vcf, pedigree, places, out))])
    with out.open() as lines:
        for row in csv.DictReader(lines):
            one, other = persons[row["sample_a"]], persons[row["sample_b"]]
            ours = relations.kinship(one, other), relations.ibs0(one, other)
            theirs = round(float(row["rel"]) / 2, 4), round(int(row["ibs0"]) / int(row["n"]), 4)
            pair = f"{row['sample_a']}, {row['sample_b']}"
            yield name, pair, len(sites), said(ours[0]), theirs[0], said(ours[1]), theirs[1]


def said(value: float | None) -> str:
    return "not assessed" if value is None else f"{value:.4f}"


def mixed_rows(options: argparse.Namespace, work: Path) -> Iterator[tuple]:
    """Share of the guest's bases, and the estimates of both programs."""
    data, fasta = options.data, reference_of(options.data / HOST, work)
    sites = differing_sites(data)
    vcf = write_vcf(work / "sites.vcf", sites, {}, fasta)
    host, guest = (read_pairs(data / name) for name in (HOST, GUEST))
    for share in SHARES:
        chosen = random.Random(7).sample(guest, round(share / (1 - share) * bases(host) / bases(guest) * len(guest)))
        reads = write_pairs(work / f"share{share}", [*host, *chosen])
        bam = aligned(f"share{share}", fasta, reads)
        true = bases(chosen) / (bases(host) + bases(chosen))
        yield f"{true:.3f}", contamination(fingerprint(bam, fasta, sites)), gatk(options.gatk, bam, vcf)
    for name in MIXES:
        bam = aligned(name, fasta, [data / name / f"tumour_R{mate}.fastq.gz" for mate in (1, 2)])
        yield name, contamination(fingerprint(bam, fasta, sites)), gatk(options.gatk, bam, vcf)


def differing_sites(data: Path) -> list[Site]:
    """Single-base variants of either person where both are known."""
    copies = [dict(snvs(data / name / "truth.vcf.gz")) for name in (HOST, GUEST)]
    confident = read_targets(data / GUEST / "confident.bed")
    inside = [k for k in sorted({*copies[0], *copies[1]}) if any(a < k[1] <= b for a, b in confident.get(k[0], ()))]
    return [Site(*key, (sum(person.get(key, 0) for person in copies) + 1) / 6) for key in inside]


def snvs(truth: Path) -> Iterator[tuple[tuple[str, int, str, str], int]]:
    with pysam.VariantFile(str(truth)) as records:
        for record in records:
            if len(record.ref) == 1 and len(record.alts) == 1 and len(record.alts[0]) == 1:
                yield (record.chrom, record.pos, record.ref, record.alts[0]), sum(record.samples[0]["GT"])


def read_pairs(folder: Path) -> list[tuple[list[str], list[str]]]:
    """(read 1, read 2) of each pair, four lines each."""
    mates = []
    for mate in (1, 2):
        with gzip.open(folder / f"reads_R{mate}.fastq.gz", "rt") as lines:
            text = lines.readlines()
        mates.append([text[at : at + 4] for at in range(0, len(text), 4)])
    return list(zip(*mates, strict=True))


def bases(pairs: Sequence[tuple[list[str], list[str]]]) -> int:
    return sum(len(read[1]) - 1 for pair in pairs for read in pair)


def write_pairs(stem: Path, pairs: Sequence[tuple[list[str], list[str]]]) -> list[Path]:
    paths = [stem.with_name(f"{stem.name}_R{mate}.fastq") for mate in (1, 2)]
    for mate, path in enumerate(paths):
        path.write_text("".join(f"@{n}\n" + "".join(pair[mate][1:]) for n, pair in enumerate(pairs)))
    return paths


def gatk(jars: str, bam: Path, vcf: Path) -> str:
    """Contamination by GetPileupSummaries and CalculateContamination, with its standard error."""
    java = ["java", "-cp", jars, "org.broadinstitute.hellbender.Main"]
    counts, out = f"{bam}.pileups", Path(f"{bam}.table")
    steps = [["GetPileupSummaries", "-I", bam, "-V", vcf, "-L", vcf, "-O", counts, "-max-af", "0.9", "-min-af", "0.05"]]
    steps += [["CalculateContamination", "-I", counts, "-O", out]]
    for step in steps:
        run([*java, *map(str, step)])
    value, error = map(float, out.read_text().splitlines()[1].split("\t")[1:3])
    return f"{value:.3f} +- {error:.3f}"
