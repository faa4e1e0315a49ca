"""gms benchmark sexchromosomes: copy number and structural variants on X and Y of a simulated trio.

The contigs X and Y begin as man's do: a pseudo-autosomal region (PAR), which the reference has on X alone, then what
is theirs. Reads are made of the end of the PAR and all behind it.
"""

import argparse
import random
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from gms.genome.ploidy import PAR_OF_PART
from gms.genome.vcf import info, sample_values
from gms.validation.class_benchmarks.copynumber import genome
from gms.validation.class_benchmarks.simulated import Molecule, align, simulate, write_reference
from gms.validation.class_benchmarks.structural import merged_lines, trio_options
from gms.validation.class_benchmarks.structural_genome import with_snvs
from gms.variants.copy_number.calls import Sample, Sources, call_copy_numbers
from gms.variants.copy_number.chromosomes import chromosome_words

# Haplotypes of the sex chromosomes: M1, M2 of the mother, F and Y of the father; the child's by its karyotype.
KARYOTYPES = {"XX": ("M1", "F"), "XY": ("M1", "Y"), "X": ("M1",), "XXY": ("M1", "M2", "Y"), "XYY": ("M1", "Y", "Y")}
PARENTS = {"mother": ("M1", "M2"), "father": ("F", "Y")}
PAR_END = {"chrX": PAR_OF_PART["x"][0][1], "chrY": PAR_OF_PART["y"][0][1]}
READ_OF_PAR, X_OWN, Y_OWN, AUTOSOME = 160_000, 1_800_000, 600_000, 1_000_000  # bases
# Kind, contig, bases behind the end of its PAR (before it: negative), length, haplotypes; 'new' of the child's M1.
EVENTS = (
    ("DEL", "chrX", 100_000, 12_000, ("M1",)),
    ("DUP", "chrX", 200_000, 15_000, ("M1",)),
    ("DEL", "chrX", 300_000, 40_000, ("new",)),
    ("DUP", "chrX", 400_000, 25_000, ("new",)),
    ("DEL", "chrX", 500_000, 20_000, ("M2",)),
    ("DUP", "chrX", 600_000, 30_000, ("F",)),
    ("DEL", "chrX", 700_000, 15_000, ("F", "M2")),
    ("DEL", "chrX", 800_000, 3_000, ("M1",)),
    ("DUP", "chrX", 850_000, 3_000, ("M1",)),
    ("DEL", "chrX", 950_000, 18_000, ("M1", "F")),
    ("DEL", "chrX", -120_000, 12_000, ("M1",)),
    ("DUP", "chrX", -60_000, 14_000, ("F", "Y")),
    ("DEL", "chrY", 100_000, 20_000, ("Y",)),
    ("DUP", "chrY", 250_000, 25_000, ("Y",)),
    ("DEL", "chrY", 400_000, 3_000, ("Y",)),
)
Haplotypes = tuple[str, ...]


class Event(NamedTuple):
    """Bases `start` to `end` (0-based, half-open) of a contig, and the haplotypes that lack or repeat them."""

    kind: str
    contig: str
    start: int
    end: int
    haplotypes: Haplotypes

    def on(self, haplotypes: Haplotypes) -> int:
        """Chromosomes of a person with the event."""
        return sum(name in self.haplotypes for name in haplotypes)

    def places(self, haplotypes: Haplotypes) -> int:
        """Chromosomes of a person that have the place."""
        if self.contig == "chrX" and self.start < PAR_END["chrX"]:
            return sum(name != "new" for name in haplotypes)
        return sum(name != "new" and (name == "Y") == (self.contig == "chrY") for name in haplotypes)

    def is_of(self, contig: str, start: int, end: int, kind: str) -> bool:
        shared = min(end, self.end) - max(start, self.start)
        return (contig, kind) == (self.contig, self.kind) and 2 * shared >= max(end - start, self.end - self.start)


def main(argv: list[str]) -> int:
    made = trio_options("sexchromosomes", __doc__, AUTOSOME)
    made.add_argument("--child", choices=KARYOTYPES, default="XY", help="sex chromosomes of the child")
    options = made.parse_args(argv)
    print(f"Simulated reads of a made-up genome; the child has the sex chromosomes {options.child}.")
    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(measured(Path(folder), options)))
    return 0


def measured(folder: Path, options: argparse.Namespace) -> Iterator[str]:
    """Lines of the result."""
    generator, people = random.Random(options.seed), {"child": KARYOTYPES[options.child], **PARENTS}
    contigs = reference_bases(generator, options.length)
    reference = write_reference(folder / "genome.fa", contigs)
    texts, bams = haplotype_bases(generator, contigs), []
    for number, (name, own) in enumerate(people.items()):
        depth = options.depth / (2 if name == "child" else 4)
        molecules = [Molecule(text, depth) for text in molecules_of(name, own, contigs, texts)]
        bams.append(align(folder, name, reference, simulate(folder, name, molecules, options.seed * 10 + number)))
    samples = [Sample(name, "male" if "Y" in own else "female") for name, own in people.items()]
    measured = [one._replace(sex=sexes_of(people[one.name])) for one in samples]
    structural = merged_lines(folder, reference, bams, samples=measured)
    written = folder / "structural.vcf"
    written.write_text("".join(structural))
    copies, facts = call_copy_numbers(Sources(reference, bams, None, written), samples, 1)
    child = (*people["child"], "new")
    yield from figures("copy number", copies, child, {"whole": "WHOLE"}, options.verbose)
    yield from figures("structural", structural, child, {"second mate": "SECOND"}, options.verbose)
    yield from (f"  {one['sample']}: {'; '.join(chromosome_words(one)) or 'as usual'}" for one in facts["samples"])


def sexes_of(own: Haplotypes) -> str:
    """The sex chromosomes as measured: XX, XXY …"""
    return "X" * sum(name != "Y" for name in own) + "Y" * own.count("Y")


def reference_bases(generator: random.Random, length: int) -> dict[str, str]:
    """Contigs of the reference: unknown bases for what is not read, and for the PAR of Y."""
    made = genome(generator, 5 * max(length, READ_OF_PAR + X_OWN))["chr1"]
    sizes = (length, READ_OF_PAR + X_OWN, Y_OWN)
    one, x, y = (made[sum(sizes[:n]) : sum(sizes[: n + 1])] for n in range(3))
    return {
        "chr1": one,
        "chrX": "N" * (PAR_END["chrX"] - READ_OF_PAR) + x,
        "chrY": "N" * PAR_END["chrY"] + y,
    }


def haplotype_bases(generator: random.Random, contigs: Mapping[str, str]) -> dict[str, list[str]]:
    """Bases of each haplotype: of the autosome, of the PAR, and of what is behind it; each with its SNVs."""
    start, found = PAR_END["chrX"] - READ_OF_PAR, {}
    for name in ("M1", "M2", "F", "Y"):
        contig = "chrY" if name == "Y" else "chrX"
        parts = contigs["chr1"], contigs["chrX"][start : PAR_END["chrX"]], contigs[contig][PAR_END[contig] :]
        found[name] = [with_snvs(generator, text) for text in parts]
    return found


def molecules_of(
    name: str, own: Haplotypes, contigs: Mapping[str, str], texts: Mapping[str, list[str]]
) -> Iterator[str]:
    """Molecules of a person: each sex chromosome from its PAR on, and two copies of the autosome."""
    for number, haplotype in enumerate(own):
        names = (haplotype, "new") if name == "child" and number == 0 else (haplotype,)
        _, par, rest = texts[haplotype]
        contig = "chrY" if haplotype == "Y" else "chrX"
        own_events = [event for event in events() if set(names) & set(event.haplotypes)]
        paired = [event for event in own_events if event.contig == "chrX" and event.start < PAR_END["chrX"]]
        behind = [event for event in own_events if event not in paired and event.contig == contig]
        yield changed(par, paired, PAR_END["chrX"] - READ_OF_PAR) + changed(rest, behind, PAR_END[contig])
    yield from (texts[haplotype][0] for haplotype in (("M1", "F") if name == "child" else own))


def events() -> Iterator[Event]:
    for kind, contig, behind, length, haplotypes in EVENTS:
        start = PAR_END[contig] + behind
        yield Event(kind, contig, start, start + length, haplotypes)


def changed(text: str, own: list[Event], offset: int) -> str:
    """A sequence that begins at `offset` of its contig, with events."""
    for event in sorted(own, reverse=True, key=lambda event: event.start):
        first, last = event.start - offset, event.end - offset
        text = text[:first] + text[first:last] * (0 if event.kind == "DEL" else 2) + text[last:]
    return text


def figures(title: str, lines: list[str], child: Haplotypes, apart: Mapping[str, str], verbose: bool) -> Iterator[str]:
    """What the child has of what was planted, and what was not planted."""
    calls = [fields for line in lines if not line.startswith("#") if "1" in (fields := line.split("\t"))[9][:3]]
    (key,) = apart.values()
    calls = [fields for fields in calls if key not in info(fields[7])]
    own = [event for event in events() if event.on(child) and event.places(child)]
    found = {event: [fields for fields in calls if is_of(event, fields)] for event in own}
    right = [event for event, ours in found.items() if any(is_right(event, fields, child) for fields in ours)]
    yield f"  {title}: {sum(map(bool, found.values()))} of {len(own)} found, genotype and copies right {len(right)}"
    strange = [fields for fields in calls if not any(is_of(event, fields) for event in own)]
    yield f"  {title}: not planted {len(strange)}"
    if verbose:
        yield from (f"    missed {event}" for event, ours in found.items() if not ours)
        yield from (f"    wrong {event} {f[8:10]}" for event, ours in found.items() if event not in right for f in ours)
        yield from (f"    not planted {' '.join(fields[:10])}" for fields in strange)


def is_of(event: Event, fields: list[str]) -> bool:
    values = info(fields[7])
    return "END" in values and event.is_of(fields[0], int(fields[1]), int(values["END"]), values["SVTYPE"])


def is_right(event: Event, fields: list[str], child: Haplotypes) -> bool:
    """Whether all chromosomes with the place have the event, or some; and the number of its copies."""
    sample, places, have = sample_values(fields[8], fields[9]), event.places(child), event.on(child)
    copies = places - have if event.kind == "DEL" else places + have
    genotype = "1/1" if places == have else "0/1"
    return sample["GT"] == genotype and int(sample.get("CN", copies)) == copies
