"""gms benchmark simulate: reads of a genome whose every variant is known, as a data set that accuracy can take."""

import argparse
import gzip
import shutil
import subprocess
from pathlib import Path

from gms.validation.benchmarks.datasets import DATA, SIMULATED, NoDataSet

BASE = "simbase-hg002-grch38-chr20-10mb"
DEPTH_OF_ONE = 15  # of each of two haplotypes: 30 x in all
SEED = 40
# Illumina-like: errors rise along the read, to 1 % in the first and 1.5 % in the second; no mutations, no random reads.
ERRORS = "-r 0 -y 0 -e 0.001-0.010 -E 0.002-0.015"
FRAGMENTS = "-1 150 -2 150 -d 420 -s 80"
LABEL = f"""SIMULATED reads, not real ones.
Genome: {BASE}, real sequence with the variants of HG002 (GIAB v4.2.1) put in by bcftools consensus, haplotype by
haplotype; unphased heterozygous variants are all on the second.
Reads: dwgsim -H {ERRORS} -C {DEPTH_OF_ONE} {FRAGMENTS}, seeds {SEED + 1} and {SEED + 2}.
"""


def main(argv: list[str]) -> int:
    """Make a simulated data set: both haplotypes of HG002 on 10 Mb of chromosome 20, 30 x, pairs of 150 bases."""
    parser = argparse.ArgumentParser(prog="gms benchmark simulate", description=main.__doc__)
    parser.add_argument("out", type=Path, help="folder to make")
    parser.add_argument("--base", type=Path, default=DATA / BASE, help="folder with sequence and truth")
    options = parser.parse_args(argv)
    simulate(options.base, options.out)
    print(f"{options.out} holds a simulated set; next: gms benchmark accuracy --set {options.out}")
    return 0


def simulate(base: Path, out: Path) -> None:
    """Write reads, reference, truth and BED into `out`. Raises NoDataSet."""
    sources = list(base.glob("reference.*.fa.gz")), list(base.glob("truth.*.vcf.gz"))
    if not all(sources):
        raise NoDataSet(f"{base} does not hold reference.*.fa.gz and truth.*.vcf.gz, from which reads are simulated")
    out.mkdir(parents=True, exist_ok=True)
    with gzip.open(sources[0][0]) as packed, open(out / "reference.fa", "wb") as plain:
        shutil.copyfileobj(packed, plain)
    for source, name in ((sources[1][0], "truth.vcf.gz"), (base / "confident.bed", "confident.bed")):
        shutil.copyfile(source, out / name)
    subprocess.run(["bcftools", "index", "--force", "--tbi", str(out / "truth.vcf.gz")], check=True)
    for haplotype in (1, 2):
        read_haplotype(out, haplotype)
    for mate in (1, 2):
        with open(out / f"reads_R{mate}.fastq.gz", "wb") as joined:
            for haplotype in (1, 2):
                part = out / f"h{haplotype}.bwa.read{mate}.fastq.gz"
                joined.write(part.read_bytes())
                part.unlink()
    (out / SIMULATED).write_text(LABEL)


def read_haplotype(out: Path, haplotype: int) -> None:
    """Reads of one haplotype as h<haplotype>.bwa.read<mate>.fastq.gz; the same for the same seed."""
    sequence = f"bcftools consensus -H {haplotype} -f reference.fa truth.vcf.gz > h{haplotype}.fa"
    options = f"-H {ERRORS} -C {DEPTH_OF_ONE} {FRAGMENTS} -z {SEED + haplotype} -o 1 -P h{haplotype}"
    reads = f"dwgsim {options} h{haplotype}.fa h{haplotype}"
    with open(out / f"h{haplotype}.log", "w") as log:
        subprocess.run(["bash", "-ec", f"{sequence}; {reads}"], cwd=out, stderr=log, check=True)
    for name in ("fa", "log", "mutations.txt", "mutations.vcf", "bwa.read1.fastq", "bwa.read2.fastq"):
        (out / f"h{haplotype}.{name}").unlink(missing_ok=True)
