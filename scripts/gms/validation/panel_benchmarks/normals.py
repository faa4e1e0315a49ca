"""gms benchmark normals: time of ./gms normals build for a gene panel of 1.2 Mb, from simulated finished results.

Reads are put where they come from, without an aligner: 150 bases, a substitution in a quarter of them. Four libraries
are simulated; the other normals have their reads under other names.
"""

import argparse
import os
import random
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from gms.base.json_tables import write_json
from gms.base.project import PROJECT
from gms.base.results import named

ASSAY = "panel_solid"
CONTIGS = {"chr1": 20_000_000, "chr2": 10_000_000, "chrX": 2_000_000}
TARGETS, TARGET, OF_A_GENE = 4_800, 250, 9  # number, bases, targets of a gene
HOMOPOLYMER, EVERY = 15, 10  # bases in the middle of every tenth target
READ, ERRORS, BETWEEN = 150, 0.25, 0.2  # bases; share of reads with a substitution; depth between targets
LIBRARIES = 4
QUALITY = "F" * READ


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="gms benchmark normals", description=__doc__)
    parser.add_argument("--normals", type=int, default=36)
    parser.add_argument("--depth", type=float, default=500, help="reads over a base of the targets")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder, "results")
        make_results(results, options)
        start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [PROJECT / "gms", "normals", "build", results, "--assay", ASSAY, "--out", Path(folder, "panel")]
        subprocess.run(command, check=True)
        used, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - start
    processor = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    text = f"{options.normals} normals at {options.depth:g} x: {wall / 60:.1f} min, {processor / 60:.1f} of processors"
    print(f"{text}, largest process {used.ru_maxrss / 1024:.0f} MB; load of the machine {os.getloadavg()[1]:.1f}")
    return 0


def make_results(results: Path, options: argparse.Namespace) -> None:
    """What ./gms normals build reads of finished cases."""
    generator = random.Random(options.seed)
    genome = {name: generator.choices("ACGT", k=length) for name, length in CONTIGS.items()}
    targets = list(places())
    for number, (contig, start) in enumerate(targets):
        if number % EVERY == 0:
            genome[contig][start + 100 : start + 100 + HOMOPOLYMER] = "A" * HOMOPOLYMER
    bases = {name: "".join(one) for name, one in genome.items()}
    fasta, bed = results / named("genome").path, results / named("target_regions").at(assay=ASSAY)
    for path in (fasta, bed):
        path.parent.mkdir(parents=True, exist_ok=True)
    fasta.write_text("".join(f">{name}\n{text}\n" for name, text in bases.items()))
    subprocess.run(["samtools", "faidx", fasta], check=True)
    rows = (f"{c}\t{at}\t{at + TARGET}\tG{n // OF_A_GENE}#1\n" for n, (c, at) in enumerate(targets))
    bed.write_text("".join(rows))
    for number in range(options.normals):
        finished(results, number, lambda: records(generator, bases, targets, options.depth))


def places() -> Iterator[tuple[str, int]]:
    """Contig and start of the targets, evenly over the genome."""
    step = sum(CONTIGS.values()) // TARGETS
    for contig, length in CONTIGS.items():
        yield from ((contig, at) for at in range(step, length - step, step))


def finished(results: Path, number: int, reads) -> None:
    """A finished case of one normal; `reads`: makes the lines of a SAM file."""
    name, cram = f"N{number}", results / named("cram").at(sample=f"N{number}")
    document = {"case": {"assay": ASSAY}, "samples": [{"sample": name, "role": "normal"}]}
    record = {"verdict": "pass", "sex": "female", "metrics": {"sex_inferred": "female"}}
    for path, content in ((named("findings").at(case=name), document), (named("qc.json").at(sample=name), record)):
        (results / path).parent.mkdir(parents=True, exist_ok=True)
        write_json(results / path, content)
    cram.parent.mkdir(parents=True, exist_ok=True)
    header = "".join(f"@SQ\tSN:{contig}\tLN:{length}\n" for contig, length in CONTIGS.items()) + f"@CO\t{name}\n"
    if number < LIBRARIES:
        command = ["samtools", "view", "-C", "-T", results / named("genome").path, "-o", cram, "-"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as writer:
            writer.stdin.write(header)
            writer.stdin.writelines(reads())
    else:
        source, words = results / named("cram").at(sample=f"N{number % LIBRARIES}"), cram.with_suffix(".sam")
        known = subprocess.run(["samtools", "view", "-H", source], capture_output=True, text=True, check=True).stdout
        words.write_text(f"{known}@CO\t{name}\n")
        with open(cram, "wb") as out:
            subprocess.run(["samtools", "reheader", words, source], stdout=out, check=True)
        words.unlink()
    subprocess.run(["samtools", "index", cram], check=True)


def records(
    generator: random.Random, bases: Mapping[str, str], targets: list[tuple[str, int]], depth: float
) -> Iterator[str]:
    """SAM lines of a library, sorted: reads over the targets, few between them."""
    for number, (contig, at) in enumerate(targets):
        near = [generator.randrange(at - READ, at + TARGET) for _ in range(round(depth * (TARGET + READ) / READ))]
        far = generator.randrange(at + TARGET, at + TARGET + 2_000)
        places = sorted([*near, *[far] * round(BETWEEN * 6_600 / READ)])
        for start in places:
            text = bases[contig][start : start + READ]
            if generator.random() < ERRORS:
                where = generator.randrange(READ)
                text = text[:where] + generator.choice("ACGT") + text[where + 1 :]
            yield f"r{number}\t0\t{contig}\t{start + 1}\t60\t{READ}M\t*\t0\t0\t{text}\t{QUALITY}\n"
