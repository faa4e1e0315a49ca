"""gms benchmark structural: recall, genotypes, false calls and de novo events of a simulated trio with repeats."""

import argparse
import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from gms.base.project import PROJECT
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.genome.intervals import read_contigs
from gms.genome.vcf import info, record_lines, sample_values, write_vcf
from gms.validation.class_benchmarks.simulated import Molecule, align, simulate, write_reference
from gms.validation.class_benchmarks.structural_genome import (
    LOSING,
    SIZES,
    TRAPS,
    Elements,
    Planted,
    genome,
    haplotypes,
    planted,
)
from gms.variants.insertions.calls import CALLER
from gms.variants.insertions.calls import contract_lines as inserted_lines
from gms.variants.insertions.cases import Case, with_insertions
from gms.variants.insertions.search import search
from gms.variants.structural.calls import contract_lines
from gms.variants.structural.cases import Sample, call_events
from gms.variants.structural.commands import delly_lines, tiddit_lines

TRIO = {"child": "female", "mother": "female", "father": "male"}
POLICY = PROJECT / "config" / "filters" / "wgs_rare_structural.yaml"
AT_EVENT = 150  # bases from an end of a planted event, within which a call is not away from it
KINDS = (*SIZES, "BND", "INS", "mobile element", LOSING)  # of the events that must be found
CALLED = {**dict.fromkeys(TRAPS, "INS"), LOSING: "INV"}  # kinds that are called by another name
CERTAIN = 20  # GQ of parents who do not have an event that is called de novo


class Call(NamedTuple):
    """A record that the policy passes; genotypes by sample, of the parents None where it is uncertain."""

    kind: str
    ends: tuple[tuple[str, int], tuple[str, int]]
    genotypes: dict[str, str]
    qualities: dict[str, int]
    element: str = ""

    @property
    def is_de_novo(self) -> bool:
        parents = ("mother", "father")
        return all(self.genotypes[name] == "0/0" and self.qualities[name] >= CERTAIN for name in parents)

    def is_of(self, event: Planted) -> bool:
        """Same kind, both ends within 50 bases or a tenth of the length (500 at most); of a mobile element and a repeat
        an insertion."""
        reach = min(500, max(50, (event.end - event.start) // 10))
        return self.kind == CALLED.get(event.kind, event.kind) and all(
            one[0] == other[0] and abs(one[1] - other[1]) <= reach
            for one, other in zip(self.ends, ends_of(event), strict=True)
        )


def ends_of(event: Planted) -> tuple[tuple[str, int], tuple[str, int]]:
    return (event.contig, event.start), event.mate or (event.contig, event.end)


def main(argv: list[str]) -> int:
    parser = trio_options("structural", __doc__, 2_500_000)
    parser.add_argument("--losing", type=int, default=0, help="inversions more that lose 400 to 10,000 bases at an end")
    options = parser.parse_args(argv)
    print("Simulated reads of a made-up genome; no chimeric fragments, no GC bias: an upper bound.")
    with tempfile.TemporaryDirectory() as folder:
        events, calls = measured(Path(folder), options)
    print("\n".join(figures(events, calls, options)))
    return 0


def trio_options(name: str, description: str | None, length: int) -> argparse.ArgumentParser:
    """The command line of a benchmark of a simulated trio; `length`: bases of the genome unless it is given."""
    parser = argparse.ArgumentParser(prog=f"gms benchmark {name}", description=description)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--depth", type=float, default=30, help="of the child")
    parser.add_argument("--length", type=int, default=length, help="bases of the genome")
    parser.add_argument("--verbose", action="store_true", help="print what is missed and what is false")
    return parser


def measured(folder: Path, options: argparse.Namespace) -> tuple[list[Planted], list[Call]]:
    """What was planted, and what the child has by the policy."""
    generator = random.Random(options.seed)
    elements = Elements(generator)
    contigs = genome(generator, elements, options.length)
    events = planted(generator, elements, contigs, options.losing)
    reference = write_reference(folder / "genome.fa", contigs)
    bams = []
    for number, (name, pair) in enumerate(haplotypes(generator, contigs, events).items()):
        molecules = [Molecule(text, options.depth / 2) for haplotype in pair for text in haplotype]
        bams.append(align(folder, name, reference, simulate(folder, name, molecules, options.seed * 10 + number)))
    families = folder / "elements.fa"
    families.write_text(f">ALU\n{elements.alu}\n>L1\n{elements.line}\n")
    return events, list(passed(folder, reference, bams, families))


def merged_lines(
    folder: Path, reference: Path, bams: list[Path], families: Path | None = None, samples: Sequence[Sample] = ()
) -> list[str]:
    """The merged VCF of the trio (or of other `samples`); with `families` of mobile elements also insertions."""
    contigs, crams = read_contigs(Path(f"{reference}.fai")), list(map(str, bams))
    called = {name: folder / f"{name}.vcf.gz" for name in ("delly", "tiddit")}
    with open(folder / "log", "w") as log:
        printed = delly_lines(str(reference), crams, folder, log, 2), tiddit_lines(str(reference), crams, folder, log)
        for (caller, path), lines in zip(called.items(), printed, strict=True):
            write_vcf(contract_lines(caller, lines, contigs), path)
    samples = samples or [Sample(*one) for one in TRIO.items()]
    if families:
        called[CALLER] = folder / f"{CALLER}.vcf.gz"
        write_vcf(inserted_lines(search(reference, bams, families), contigs), called[CALLER])
    lines, facts = call_events(reference, called, bams, samples)
    return with_insertions(lines, facts, called[CALLER], Case(reference, bams, samples))[0] if families else lines


def passed(folder: Path, reference: Path, bams: list[Path], families: Path) -> Iterator[Call]:
    """Calls that the policy of rare disease passes, as far as it asks the reads."""
    lines = merged_lines(folder, reference, bams, families)
    every = folder / "annotated.vcf.gz"
    write_vcf(("##gms_parts=none\n" + line if line.startswith("#CHROM") else line for line in lines), every)
    roles = {"proband": "child", "mother": "mother", "father": "father"}
    reported = folder / "reported.vcf.gz"
    filter_vcf(every, load_policy(POLICY, "structural"), folder / "filtered.vcf.gz", reported, roles)
    yield from map(read_call, record_lines(reported))


def read_call(line: str) -> Call:
    fields = line.rstrip("\n").split("\t")
    values = info(fields[7])
    _, contig, cut, other, mate, *_ = fields[2].split(".")
    samples = [sample_values(fields[8], column) for column in fields[9:]]
    genotypes = {name: one["GT"] for name, one in zip(TRIO, samples, strict=True)}
    qualities = {name: int(one["GQ"]) for name, one in zip(TRIO, samples, strict=True)}
    element = values.get("MEINFO", "").partition(",")[0]
    return Call(values["SVTYPE"], ((contig, int(cut)), (other, int(mate))), genotypes, qualities, element)


def figures(events: Iterable[Planted], calls: list[Call], options: argparse.Namespace) -> Iterator[str]:
    """Lines of the result, of the child."""
    own = [event for event in events if event.carriers in ("mother", "father", "both", "de novo")]
    wanted = [event for event in own if event.kind in KINDS]
    found = {event: [call for call in calls if call.is_of(event)] for event in wanted}
    for kind in (kind for kind in KINDS if kind in {event.kind for event in wanted}):
        ours = [event for event in wanted if event.kind == kind]
        right = [event for event in ours if any(call.genotypes["child"] == _genotype(event) for call in found[event])]
        yield f"  {kind}  {sum(bool(found[event]) for event in ours)} of {len(ours)} found, genotype right {len(right)}"
    families = [call.element for event in wanted if event.kind == "mobile element" for call in found[event]]
    yield f"  mobile elements of known family  {sum(map(bool, families))} of {len(families)}"
    new = [event for event in wanted if event.carriers == "de novo"]
    shown = [event for event in new if any(call.is_de_novo for call in found[event])]
    true = [event for event in events if event.kind in (*KINDS, "repeat")]
    false = [call for call in calls if not any(call.is_of(event) for event in true)]
    away = [call for call in false if not any(_is_near(call, event) for event in events)]
    yield f"  de novo  {len(shown)} of {len(new)}, false {sum(call.is_de_novo for call in false)}"
    size = options.length / 1e6
    yield f"  false calls  {len(false)} in {size:g} Mb, of which {len(away)} away from anything planted"
    if options.verbose:
        yield from (f"  missed {event._replace(bases='')}" for event in wanted if not found[event])
        yield from (f"  false {call}" for call in false)


def _genotype(event: Planted) -> str:
    return "1/1" if event.carriers == "both" else "0/1"


def _is_near(call: Call, event: Planted) -> bool:
    return any(
        one[0] == other[0] and abs(one[1] - other[1]) < AT_EVENT for one in call.ends for other in ends_of(event)
    )
