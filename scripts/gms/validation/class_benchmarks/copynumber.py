"""gms benchmark copynumber: copies by depth in a simulated trio, parents at half the depth, with GC bias and
duplicated segments. With --controls also stretches that lose reads in everybody; figures without and with a reference
of depth made of so many controls."""

import argparse
import gzip
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from gms.base.project import PROJECT
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.genome.vcf import info, record_lines, sample_values, write_vcf
from gms.normals.depth import depth_controls
from gms.validation.class_benchmarks.simulated import Molecule, align, simulate, write_reference
from gms.validation.class_benchmarks.structural import TRIO, merged_lines, trio_options
from gms.validation.class_benchmarks.structural_genome import SHARES, Elements, Planted, free_place, haplotypes
from gms.variants.copy_number.calls import Sample, Sources, call_copy_numbers
from gms.variants.copy_number.correction import write_controls
from gms.variants.structural.evidence import reverse

POLICY = PROJECT / "config" / "filters" / "wgs_rare_copy_number.yaml"
SIZES = (
    (2_000, 5_000, 8),
    (5_000, 10_000, 10),
    (10_000, 100_000, 16),
)  # bases, log-uniform; number
TRISOMY = "chr21"
PARTS = {"chr1": 0.7, "chr2": 0.2, TRISOMY: 0.1}  # of the genome
ISOCHORE, GC = 50_000, (0.34, 0.58)  # bases of like GC content
SEGMENTS, SEGMENT, APART = 3, 15_000, 0.002  # duplicated ones: number, bases, share of bases that differ
ELEMENT = 6_000  # bases for a copy of a mobile element
BEST, BIAS = 0.44, 3.0  # GC content that is read best, loss of pairs for each unit away from it
OVERLAP = 0.5  # reciprocal, of a call and what was planted
CERTAIN = 20
STRETCHES, STRETCH, LOST = 8, (4_000, 20_000), 0.45  # that lose reads: number, bases, share of pairs lost
WORD = 31  # bases at the beginning of read 1 by which a pair is known to be of such a stretch


class Call(NamedTuple):
    """A record: kind, place, copies and qualities by sample, whether the policy passes it and all of a contig."""

    kind: str
    contig: str
    start: int
    end: int
    copies: dict[str, int]
    qualities: dict[str, int]
    passed: bool
    whole: bool

    def is_of(self, event: Planted) -> bool:
        shared = min(self.end, event.end) - max(self.start, event.start)
        longest = max(self.end - self.start, event.end - event.start)
        return (self.kind, self.contig) == (event.kind, event.contig) and shared >= OVERLAP * longest

    @property
    def is_de_novo(self) -> bool:
        return all(self.copies[name] == 2 and self.qualities[name] >= CERTAIN for name in ("mother", "father"))


def main(argv: list[str]) -> int:
    asked = trio_options("copynumber", __doc__, 4_500_000)
    asked.add_argument("--controls", type=int, default=0, help="persons of a reference of depth, 10 or more")
    options = asked.parse_args(argv)
    print("Simulated reads of a made-up genome, with GC bias and duplicated segments; no waves, no real repeats.")
    with tempfile.TemporaryDirectory() as folder:
        for title, events, calls in measured(Path(folder), options):
            print(
                "\n".join(
                    [title, *figures(events, calls, options)] if options.controls else figures(events, calls, options)
                )
            )
    return 0


def measured(folder: Path, options: argparse.Namespace) -> Iterator[tuple[str, list[Planted], list[Call]]]:
    """What was planted, and the calls, without controls and, where they are asked for, with them."""
    generator = random.Random(options.seed)
    contigs = genome(generator, options.length)
    events = planted(generator, contigs)
    reference = write_reference(folder / "genome.fa", contigs)
    people = haplotypes(generator, contigs, events)
    people["child"].append([people["mother"][1][list(contigs).index(TRISOMY)]])
    lost = words(generator, contigs) if options.controls else frozenset()
    bams = []
    for number, (name, molecules) in enumerate(people.items()):
        depth = options.depth / (2 if name == "child" else 4)
        texts = [Molecule(text, depth) for haplotype in molecules for text in haplotype]
        mates = simulate(folder, name, texts, options.seed * 10 + number)
        bams.append(align(folder, name, reference, biased(generator, mates, lost)))
    write_vcf(merged_lines(folder, reference, bams), folder / "structural.vcf.gz")
    yield "without controls", events, list(called(folder, reference, bams))
    if options.controls:
        known = with_controls(folder, generator, contigs, lost, options)
        yield f"with {options.controls} controls", events, list(called(folder, reference, bams, known))


def with_controls(
    folder: Path,
    generator: random.Random,
    contigs: Mapping[str, str],
    lost: frozenset[str],
    options: argparse.Namespace,
) -> Path:
    """The reference of depth of persons without any of the events."""
    bams = []
    for number in range(options.controls):
        texts = [Molecule(text, options.depth / 2) for text in contigs.values() for _ in range(2)]
        mates = simulate(folder, f"n{number}", texts, options.seed * 100 + number)
        bams.append(align(folder, f"n{number}", folder / "genome.fa", biased(generator, mates, lost)))
    found = depth_controls(bams, ["female"] * len(bams), folder / "genome.fa", {}, starmap_all)
    write_controls(folder / "controls.npz", found)
    return folder / "controls.npz"


def starmap_all(function: Callable, jobs: Iterable[Sequence]) -> list:
    """Work on controls in this process."""
    return [function(*job) for job in jobs]


def words(generator: random.Random, contigs: Mapping[str, str]) -> frozenset[str]:
    """First bases of reads, of either strand, in stretches of which everybody's library has few fragments."""
    found = set()
    for _ in range(STRETCHES):
        contig, size = generator.choice([name for name in contigs if name != TRISOMY]), generator.randint(*STRETCH)
        start = generator.randrange(len(contigs[contig]) - size)
        for text in (contigs[contig][start : start + size], reverse(contigs[contig][start : start + size])):
            found.update(text[at : at + WORD] for at in range(len(text) - WORD))
    return frozenset(found)


def genome(generator: random.Random, length: int) -> dict[str, str]:
    """Contigs of stretches of varied GC content with copies of mobile elements; of some segments there are two."""
    elements, found = Elements(generator), {}
    for name, part in PARTS.items():
        bases: list[str] = []
        while sum(map(len, bases)) < length * part:
            gc = generator.uniform(*GC)
            weights = [(1 - gc) / 2, gc / 2, gc / 2, (1 - gc) / 2]
            for _ in range(ISOCHORE // ELEMENT):
                bases.append("".join(generator.choices("ACGT", weights, k=int(generator.expovariate(1 / ELEMENT)))))
                bases.append(elements.copy(generator.choice(["alu", "alu", "line"]), generator.uniform(0.01, 0.2)))
        found[name] = "".join(bases)[: int(length * part)]
    for _ in range(SEGMENTS):
        at, to = (generator.randrange(len(found["chr1"]) - SEGMENT) for _ in range(2))
        copied = found["chr1"][at : at + SEGMENT]
        changed = "".join(generator.choice("ACGT") if generator.random() < APART else base for base in copied)
        found["chr1"] = found["chr1"][:to] + changed + found["chr1"][to + SEGMENT :]
    return found


def planted(generator: random.Random, contigs: Mapping[str, str]) -> list[Planted]:
    """Deletions and duplications, the longest first; none on the contig of which the child has three copies."""
    taken: dict[str, list[tuple[int, int]]] = {name: [] for name in contigs}
    found = []
    wanted = [round(low * (high / low) ** ((n + 0.5) / number)) for low, high, number in SIZES for n in range(number)]
    usable = {name: text for name, text in contigs.items() if name != TRISOMY}
    for number, size in enumerate(sorted(wanted, reverse=True)):
        contig, start = free_place(generator, usable, taken, size)
        kind, text = ("DEL", "DUP")[number % 2], contigs[contig][start : start + size]
        bases = "" if kind == "DEL" else text * 2
        found.append(Planted(kind, contig, start, start + size, bases, generator.choice(SHARES)))
    return found


def biased(generator: random.Random, mates: tuple[Path, Path], lost: frozenset[str] = frozenset()) -> tuple[Path, Path]:
    """The FASTQ files without the pairs that a library loses because of their GC content or of their first bases."""
    kept = tuple(path.with_suffix(".biased.gz") for path in mates)
    with (
        gzip.open(mates[0], "rt") as one,
        gzip.open(mates[1], "rt") as two,
        gzip.open(kept[0], "wt", compresslevel=1) as first,
        gzip.open(kept[1], "wt", compresslevel=1) as second,
    ):
        while entry := list(islice(one, 4)):
            other = list(islice(two, 4))
            bases = entry[1] + other[1]
            gc = (bases.count("G") + bases.count("C")) / len(bases)
            share = (1 - BIAS * abs(gc - BEST)) * (1 - LOST if entry[1][:WORD] in lost else 1)
            if generator.random() < share:
                first.writelines(entry)
                second.writelines(other)
    return kept


def called(folder: Path, reference: Path, bams: list[Path], controls: Path | None = None) -> Iterator[Call]:
    """All records, with what the policy says of them as far as it asks the reads."""
    structural, every = folder / "structural.vcf.gz", folder / "annotated.vcf.gz"
    samples = [Sample(*one) for one in TRIO.items()]
    lines, _ = call_copy_numbers(Sources(reference, bams, None, structural, controls), samples, 1)
    write_vcf(("##gms_parts=none\n" + line if line.startswith("#CHROM") else line for line in lines), every)
    roles, policy = {"proband": "child", "mother": "mother", "father": "father"}, load_policy(POLICY, "copy_number")
    filter_vcf(every, policy, folder / "filtered.vcf.gz", folder / "reported.vcf.gz", roles)
    yield from map(read_call, record_lines(folder / "filtered.vcf.gz"))


def read_call(line: str) -> Call:
    fields = line.rstrip("\n").split("\t")
    values, names = info(fields[7]), list(TRIO)
    samples = [sample_values(fields[8], column) for column in fields[9:]]
    copies = {name: int(one["CN"]) for name, one in zip(names, samples, strict=True)}
    qualities = {name: int(one["GQ"]) for name, one in zip(names, samples, strict=True)}
    ends = int(fields[1]), int(values["END"])
    return Call(values["SVTYPE"], fields[0], *ends, copies, qualities, fields[6] == "PASS", "WHOLE" in values)


def figures(events: list[Planted], calls: list[Call], options: argparse.Namespace) -> Iterator[str]:
    """Lines of the result, of the child."""
    own = [event for event in events if event.carriers != "not inherited"]
    for low, high, _ in SIZES:
        ours = [event for event in own if low <= event.end - event.start < high]
        found = [(event, call) for event in ours for call in calls if call.is_of(event)]
        right = sum(call.copies["child"] == copies_of(event) for event, call in found)
        passed = sum(call.passed for _, call in found)
        result = f"{len(found)} of {len(ours)} found, copies right {right}, reported {passed}"
        yield f"  {low / 1000:g}-{high / 1000:g} kb  {result}"
    new = [event for event in own if event.carriers == "de novo"]
    passing = [call for call in calls if call.passed and not call.whole]
    shown = [event for event in new if any(call.is_de_novo and call.is_of(event) for call in passing)]
    false = [call for call in passing if not any(call.is_of(event) for event in own)]
    wrong = sum(call.is_de_novo and not any(call.is_of(event) for event in new) for call in passing)
    yield f"  de novo  {len(shown)} of {len(new)}, false {wrong}"
    strange = [call for call in calls if not call.whole and not any(call.is_of(event) for event in events)]
    yield f"  false  {len(false)} reported, {len(strange)} of all records, in {options.length / 1e6:g} Mb"
    whole = [call for call in calls if call.whole]
    yield f"  trisomy  {'found' if [call.contig for call in whole] == [TRISOMY] else 'not found'}"
    if options.verbose:
        yield from (f"  missed {e._replace(bases='')}" for e in own if not any(call.is_of(e) for call in calls))
        yield from (f"  false {call}" for call in strange)


def copies_of(event: Planted) -> int:
    """Copies that the child has."""
    change = 2 if event.carriers == "both" else 1
    return 2 - change if event.kind == "DEL" else 2 + change
