"""gms benchmark rna: recall and names of fusions planted in made-up RNA, exons left out, false fusions in normals."""

import argparse
import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from gms.alignment.align_reads import LaneReads, Stream
from gms.alignment.star import align_rna, make_index
from gms.annotation.transcripts import Transcripts
from gms.base.project import PROJECT
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.fusions.rna_case import call_rna
from gms.genome.intervals import Interval
from gms.genome.vcf import info, record_lines, write_vcf
from gms.validation.class_benchmarks.simulated import write_reference
from gms.validation.panel_benchmarks.rna_genes import Genes, gff3, made_up_genes
from gms.validation.panel_benchmarks.rna_reads import (
    SKIPPED,
    fusion_fragments,
    normal_fragments,
    planted,
    skipping_fragments,
    write_reads,
)

POLICY = PROJECT / "config" / "filters" / "panel_rna.yaml"
FRAGMENTS = (3, 5, 10, 20, 50)
SHARES = (0.0, 0.05, 0.15, 0.3)
MEMORY = 2_000  # MB for the index of the made-up genome


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="gms benchmark rna", description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="genomes, each with fusions of every number of fragments")
    parser.add_argument("--seed", type=int, default=1, help="the first of them")
    parser.add_argument("--verbose", action="store_true", help="print what is missed and what is false")
    options = parser.parse_args(argv)
    print("Simulated reads, 2 x 100 bases: even along transcripts, an upper bound.")
    found: Counter[tuple[object, str]] = Counter()
    for seed in range(options.seed, options.seed + options.seeds):
        with tempfile.TemporaryDirectory() as folder:
            measured(Path(folder), seed, options.verbose, found)
    print("\n".join(figures(found)))
    return 0


def measured(folder: Path, seed: int, verbose: bool, found: Counter) -> None:
    """Add what was found in a genome to the counts: in its normal (0 fragments), with fusions, with exons left out."""
    generator = random.Random(seed)
    genes = made_up_genes(generator)
    prepare(folder, genes)
    fusions = planted(genes, generator)
    for number, share in zip((0, *FRAGMENTS), (*SHARES, 0.5, 0.5), strict=True):
        fragments = [*normal_fragments(genes, generator), *skipping_fragments(genes, share, generator)]
        for fusion in fusions if number else ():
            fragments += fusion_fragments(genes, fusion, number, generator)
        calls = [info(call[7]) | {"sample": call[9]} for call in passed(folder, genes, fragments, generator)]
        named = {call["FUSION_NAME"]: call for call in calls if "FUSION_NAME" in call}
        wanted = {one.name for one in fusions} if number else set()
        found[number, "planted"] += len(wanted)
        found[number, "found"] += len(wanted & named.keys())
        found[number, "false"] += len(named.keys() - wanted)
        found[share, "skipped"] += sum("SPLICE_EVENT" in call for call in calls)
        found[share, "events"] += len(SKIPPED)
        if verbose:
            print(f"  seed {seed}, {number} fragments, missed: {sorted(wanted - named.keys())}")
            print(f"    false: {[named[name] for name in sorted(named.keys() - wanted)]}", flush=True)


def prepare(folder: Path, genes: Genes) -> None:
    """Genome, gene models and STAR's index in a folder, which is then the working folder: paths of the chain are
    relative to the results."""
    os.chdir(folder)
    write_reference(folder / "genome.fa", genes.contigs)
    models, index = Path("genes.gff3"), Path("reference/star")
    models.write_text("".join(gff3(genes)))
    index.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=folder) as work, open("index.log", "w") as log:
        make_index("genome.fa", models, index, Path(work), 2, MEMORY, log)


def passed(folder: Path, genes: Genes, fragments: Iterable[str], generator: random.Random) -> Iterator[list[str]]:
    """Columns of the records that the policy passes."""
    files = write_reads(folder, fragments, generator)
    stream = Stream("T", [LaneReads("L1", *files)], "reference/star", "star", False, 2, str(folder))
    align_rna(stream, "genome.fa", "T.cram", folder / "log")
    targets = {contig: [Interval(0, len(text))] for contig, text in genes.contigs.items()}
    lines, _ = call_rna(Path("genome.fa"), Path("T.cram"), Transcripts(genes.lines()), "T", targets)
    every, reported = folder / "every.vcf.gz", folder / "reported.vcf.gz"
    write_vcf((f"##gms_parts=none\n{line}" if line.startswith("#CHROM") else line for line in lines), every)
    filter_vcf(every, load_policy(POLICY, "rna"), folder / "filtered.vcf.gz", reported, {"tumor": "T"})
    yield from (line.rstrip("\n").split("\t") for line in record_lines(reported))


def figures(found: Counter) -> Iterator[str]:
    for number in FRAGMENTS:
        one = {key: found[number, key] for key in ("planted", "found", "false")}
        yield f"  {number:3} fragments  {one['found']} of {one['planted']} found, named right; {one['false']} false"
    yield f"  normals        {found[0, 'false']} false"
    for share in (*SHARES, 0.5):
        yield f"  exons left out by {share:4.0%}  {found[share, 'skipped']} of {found[share, 'events']} reported"
