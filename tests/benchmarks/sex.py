"""Compares sex chromosomes by depth with bcftools +guess-ploidy, which asks genotypes of X: simulated persons.

    gms benchmark sex [--persons N] [--seed N]

Men, women, 45,X and 47,XXY at 30 x and 10 x. A made-up chromosome 1, an X without pseudo-autosomal regions that has an
SNV of 30 % every 300 bases, and a Y. The tool is asked about genotypes that bcftools calls in all persons of a depth.
"""

import argparse
import random
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from gms.base.tables import table
from gms.qc.measure import Reads, depth_command
from gms.qc.records import sex_of

LENGTHS = {"chr1": 100_000, "chrX": 60_000, "chrY": 20_000}
KARYOTYPES = {"XX": "female", "XY": "male", "X": "female", "XXY": "male"}
DEPTHS = (30, 10)
STEP, FREQUENCY = 300, 0.3  # bases between SNVs, and the share of chromosomes with them
LENGTH, FRAGMENT = 150, 400
OTHER = dict(zip("ACGT", "GTAC", strict=True))
ALIGN = "bwa mem -v 1 -p -R '@RG\\tID:{name}\\tSM:{name}' genome.fa {name}.fq"
SORT = "samtools sort -O cram --reference genome.fa -o {name}.cram -; samtools index {name}.cram"
CALL = "bcftools mpileup -f genome.fa -q 20 -Q 20 -r chrX {crams} | bcftools call -mv -Oz -o {depth}.vcf.gz"


def main(argv: list[str]) -> int:
    """Print how many persons of each kind and depth are called what; returns the exit code."""
    parser = argparse.ArgumentParser(prog="gms benchmark sex", description=__doc__.splitlines()[0])
    parser.add_argument("--persons", type=int, default=6, help="persons of each kind (default: 6)")
    parser.add_argument("--seed", type=int, default=1, help="of the simulation (default: 1)")
    options = parser.parse_args(argv)
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        folder, rng = Path(temporary), random.Random(options.seed)
        genome = write_genome(folder, rng)
        for depth in DEPTHS:
            names = {f"{k}{n}at{depth}": k for k in KARYOTYPES for n in range(options.persons)}
            for name, karyotype in names.items():
                write_person(folder, name, genome, karyotype, depth, rng)
            rows += compared(folder, names, depth)
    head = ("simulated", "depth", "sex by depth", "chromosomes by depth", "bcftools +guess-ploidy")
    print(table(head, rows))
    return 0


def run(command: str, folder: Path) -> str:
    shell = ["bash", "-euo", "pipefail", "-c", command]
    return subprocess.run(shell, check=True, cwd=folder, capture_output=True, text=True).stdout


def write_genome(folder: Path, rng: random.Random) -> dict[str, str]:
    """Reference, its indexes and the table of its bases."""
    genome = {contig: "".join(rng.choices("ACGT", k=length)) for contig, length in LENGTHS.items()}
    (folder / "genome.fa").write_text("".join(f">{contig}\n{bases}\n" for contig, bases in genome.items()))
    rows = [f"{contig}\t{length}\t{length}\n" for contig, length in LENGTHS.items()]
    (folder / "bases.tsv").write_text("".join(["contig\tlength\tknown\n", *rows]))
    (folder / "all.bed").write_text("".join(f"{contig}\t0\t{length}\n" for contig, length in LENGTHS.items()))
    run("samtools faidx genome.fa; bwa index genome.fa", folder)
    return genome


def write_person(
    folder: Path, name: str, genome: dict[str, str], karyotype: str, depth: int, rng: random.Random
) -> None:
    """CRAM of reads of each of the person's chromosomes, half of `depth` of each."""
    sequences = [genome["chr1"]] * 2 + [genome["chrY"]] * karyotype.count("Y")
    sequences += [drawn(genome["chrX"], rng) for _ in range(karyotype.count("X"))]
    with open(folder / f"{name}.fq", "w") as out:
        for number, sequence in enumerate(sequences):
            for n in range(depth * len(sequence) // (4 * LENGTH)):
                start = rng.randrange(len(sequence) - FRAGMENT)
                ends = sequence[start : start + LENGTH], sequence[start + FRAGMENT - LENGTH : start + FRAGMENT]
                ends = ends[0], ends[1][::-1].translate(str.maketrans("ACGT", "TGCA"))
                out.writelines(f"@{number}:{n}\n{bases}\n+\n{'I' * LENGTH}\n" for bases in ends)
    run(f"{ALIGN.format(name=name)} | {SORT.format(name=name)}", folder)


def drawn(sequence: str, rng: random.Random) -> str:
    """One X of the population."""
    bases = list(sequence)
    for place in range(STEP, len(bases), STEP):
        if rng.random() < FREQUENCY:
            bases[place] = OTHER[bases[place]]
    return "".join(bases)


def compared(folder: Path, names: dict[str, str], depth: int) -> list[list[str]]:
    """A row for each kind of person at a depth."""
    run(CALL.format(crams=" ".join(f"{name}.cram" for name in names), depth=depth), folder)
    run(f"bcftools index {depth}.vcf.gz", folder)
    guessed = run(f"bcftools +guess-ploidy -t PL -r chrX {depth}.vcf.gz", folder)
    tool = {"F": "female", "M": "male", "U": "unknown"}
    by_genotypes = {line.split()[0]: tool[line.split()[1]] for line in guessed.splitlines() if not line.startswith("#")}
    rows = []
    for karyotype, stated in KARYOTYPES.items():
        own = [name for name, kind in names.items() if kind == karyotype]
        found = [by_depth(folder, name, stated) for name in own]
        columns = ([sex for sex, _ in found], [chromosomes for _, chromosomes in found], [by_genotypes[n] for n in own])
        rows.append([karyotype, str(depth), *map(counted, columns)])
    return rows


def by_depth(folder: Path, name: str, stated: str) -> tuple[str, str]:
    """Sex and sex chromosomes as the workflow measures them."""
    asked = Reads(f"{name}.cram", "genome.fa", "all.bed", False, 4, 10)
    run(" ".join(depth_command(asked, Path(name))), folder)
    found = sex_of(str(folder / name), folder / "bases.tsv", stated, targeted=False)
    return found["sex_inferred"], found["sex_chromosomes"]


def counted(values: list[str]) -> str:
    return ", ".join(f"{number} {value}" for value, number in Counter(values).most_common())
