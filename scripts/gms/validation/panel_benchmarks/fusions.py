"""gms benchmark fusions: recall and names of fusions planted in a simulated panel at 5-50 %, false ones in normals."""

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gms.base.project import PROJECT
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.fusions.names import with_fusions
from gms.genome.intervals import read_contigs
from gms.genome.vcf import info, record_lines, write_vcf
from gms.validation.class_benchmarks.simulated import align, simulate, write_reference
from gms.validation.panel_benchmarks.fused_genes import Panel, Planted, made_up_panel, molecules, real_bases
from gms.variants.structural.calls import contract_lines
from gms.variants.structural.cases import Sample, call_events
from gms.variants.structural.commands import delly_lines

POLICY = PROJECT / "config" / "filters" / "panel_structural.yaml"
FRACTIONS = (0.05, 0.1, 0.2, 0.5)
NEAR = 10  # bases between a planted end and the one that is called


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="gms benchmark fusions", description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="panels, each with its fusions at every fraction")
    parser.add_argument("--seed", type=int, default=1, help="of the first panel")
    parser.add_argument("--depth", type=float, default=200)
    parser.add_argument("--fasta", type=Path, help="real bases for the genes and what is between them")
    parser.add_argument("--verbose", action="store_true", help="print what is missed and what is false")
    options = parser.parse_args(argv)
    print("Simulated reads: no GC bias, an upper bound; 1 in 2,000 fragments is joined from two by chance.")
    found: Counter[tuple[float, str]] = Counter()
    for seed in range(options.seed, options.seed + options.seeds):
        with tempfile.TemporaryDirectory() as folder:
            measured(Path(folder), seed, options, found)
    print("\n".join(figures(found)))
    return 0


def measured(folder: Path, seed: int, options: argparse.Namespace, found: Counter) -> None:
    """Add what was found in a panel, at fraction 0 in its normal, to the counts."""
    generator = random.Random(seed)
    panel = made_up_panel(generator, real_bases(options.fasta) if options.fasta else None)
    reference = write_reference(folder / "genome.fa", panel.contigs)
    for number, fraction in enumerate((0.0, *FRACTIONS)):
        name = f"sample{number}"
        reads = molecules(panel, fraction, options.depth, generator)
        bam = align(folder, name, reference, simulate(folder, name, reads, seed * 10 + number))
        calls = list(passed(folder, reference, bam, panel))
        found[fraction, "planted"] += len(panel.planted) if fraction else 0
        for key, lines in compared(panel.planted if fraction else [], calls).items():
            found[fraction, key] += len(lines)
            if options.verbose and key != "found":
                print("".join(f"  seed {seed}, {fraction:.0%}, {key}: {line}\n" for line in lines), end="", flush=True)


def passed(folder: Path, reference: Path, bam: Path, panel: Panel) -> Iterator[list[str]]:
    """Columns of the records that the policy passes in a tumour without a normal."""
    contigs, called = read_contigs(Path(f"{reference}.fai")), folder / "delly.vcf.gz"
    with open(folder / "log", "w") as log, tempfile.TemporaryDirectory(dir=folder) as work:
        lines = delly_lines(str(reference), [str(bam)], Path(work), log, 1)
        write_vcf(contract_lines("delly", lines, contigs), called)
    merged, _ = call_events(reference, {"delly": called}, [bam], [Sample("tumor", "female")], tumor=True)
    every, reported = folder / "annotated.vcf.gz", folder / "reported.vcf.gz"
    write_vcf(with_fusions(_with_parts(merged), panel.transcripts, panel.limits, tumor=True), every)
    filter_vcf(every, load_policy(POLICY, "structural"), folder / "filtered.vcf.gz", reported, {"tumor": "tumor"})
    yield from (line.rstrip("\n").split("\t") for line in record_lines(reported))


def _with_parts(lines: list[str]) -> Iterator[str]:
    """Every fusion counts as one that breaks a gene: what is away from genes is false as well."""
    for line in lines:
        if line.startswith("#CHROM"):
            yield "##gms_parts=genes\n"
        fields = line.split("\t")
        yield line if line.startswith("#") else "\t".join([*fields[:7], f"{fields[7]};IMPACT=HIGH", *fields[8:]])


def compared(planted: list[Planted], calls: list[list[str]]) -> dict[str, list[str]]:
    """Planted fusions that were found, missed, and found by a name that is not theirs; calls that are none of them."""
    found: dict[str, list[str]] = {"found": [], "missed": [], "wrong name": [], "false": []}
    for one in planted:
        own = [call for call in calls if is_of(call, one)]
        found["found" if own else "missed"].append(str(one))
        if own and not any(one.name in info(call[7]).get("FUSION_NAME", "").split(",") for call in own):
            found["wrong name"].append(f"{one} as {info(own[0][7]).get('FUSION_NAME')}")
    found["false"] = ["\t".join(call) for call in calls if not any(is_of(call, one) for one in planted)]
    return found


def is_of(call: list[str], planted: Planted) -> bool:
    """Whether both ends of a call are those of a planted fusion. Bases between the parts may be placed at either."""
    _, contig, cut, mate, other, *_ = call[2].split(".")
    ends = sorted([(contig, int(cut)), (mate, int(other))])
    own = sorted([(end.contig, end.cut) for end in planted.ends])
    return all(a[0] == b[0] and abs(a[1] - b[1]) <= NEAR + len(planted.filler) for a, b in zip(ends, own, strict=True))


def figures(found: Counter) -> Iterator[str]:
    for fraction in FRACTIONS:
        planted, seen = found[fraction, "planted"], found[fraction, "found"]
        named = seen - found[fraction, "wrong name"]
        yield f"  {fraction:4.0%}  {seen} of {planted} found, {named} named right, {found[fraction, 'false']} false"
    yield f"  normals  {found[0.0, 'false']} false"
