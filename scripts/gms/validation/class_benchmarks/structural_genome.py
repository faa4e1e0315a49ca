"""A made-up genome with repeats, and a trio with structural variants, mobile elements and expanded repeats in it.

Mobile elements and microsatellites are as frequent as in man, so that reads of the copies that the trio has at new
places are placed at old ones. Positions are 0-based.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gms.annotation.changes import reverse_complement
from gms.validation.class_benchmarks.simulated import TRANSITION, random_bases

ALU, LINE = 300, 3_000  # bases of the elements; LINE is cut at its 5' end
EVERY = {"alu": 3_000, "line": 15_000, "repeat": 4_000}  # bases of genome for one (Lander 2001: 10 and 17 % of it)
MOTIFS = ("CA", "TA", "AAAG", "AAAT", "GAA", "AAAAC", "GGAA")
SIZES = {"DEL": (50, 60_000, 24), "DUP": (100, 60_000, 16), "INV": (300, 40_000, 10)}  # log-uniform; number
TRAPS = {"mobile element": 20, "repeat": 20}
LOSING = "INV with loss"  # an inversion that loses bases at one of its ends
LOST = (400, 10_000)  # bases that it loses; log-uniform
INSERTED = (50, 1_500, 16)  # bases found nowhere else; log-uniform; number
# Who has an event: haplotypes of mother (0, 1) and father (2, 3); the child has 0 and 2, and what is de novo.
CARRIERS = {"mother": (0,), "father": (2,), "both": (0, 2), "de novo": (), "not inherited": (1, 3)}
SHARES = ["mother"] * 5 + ["father"] * 5 + ["both"] * 3 + ["de novo"] * 2 + ["not inherited"] * 2
MARGIN = 1_000  # bases between events, and to the ends of contigs
SNVS = 1_000  # bases for each single-base variant of a haplotype


class Planted(NamedTuple):
    """An event: its kind (of a trap, its name), place and bases instead; `mate`: of a translocation the second contig
    and cut, of an inversion with loss the second end of its first junction."""

    kind: str
    contig: str
    start: int
    end: int
    bases: str
    carriers: str
    mate: tuple[str, int] | None = None


class Elements:
    """The families of mobile elements of a genome."""

    def __init__(self, generator: random.Random):
        self.generator = generator
        self.alu, self.line = random_bases(generator, ALU), random_bases(generator, LINE)

    def copy(self, kind: str, divergence: float) -> str:
        """A copy with its poly-A tail, in either direction; `divergence`: share of its bases that differ."""
        generator = self.generator
        text = self.alu if kind == "alu" else self.line[generator.choice([0, generator.randrange(LINE - 300)]) :]
        changed = (generator.choice("ACGT") if generator.random() < divergence else base for base in text)
        copied = "".join(changed) + "A" * generator.randint(12, 40)
        return copied if generator.random() < 0.5 else reverse_complement(copied)


def genome(generator: random.Random, elements: Elements, length: int) -> dict[str, str]:
    """Two contigs, the second a quarter as long."""
    return {"chr1": _contig(generator, elements, length * 4 // 5), "chr2": _contig(generator, elements, length // 5)}


def _contig(generator: random.Random, elements: Elements, length: int) -> str:
    weights, parts, size = [1 / every for every in EVERY.values()], [], 0
    while size < length:
        part = random_bases(generator, int(generator.expovariate(sum(weights))))
        (kind,) = generator.choices(list(EVERY), weights)
        if kind == "repeat":
            part += generator.choice(MOTIFS) * generator.randint(6, 20)
        else:
            part += elements.copy(kind, generator.uniform(0.01, 0.2))
        parts.append(part)
        size += len(part)
    return "".join(parts)[:length]


def planted(generator: random.Random, elements: Elements, contigs: Mapping[str, str], losing: int = 0) -> list[Planted]:
    """Two translocations (de novo, and the father's), then events from the longest, then traps and insertions; last
    `losing` inversions with loss."""
    taken: dict[str, list[tuple[int, int]]] = {name: [] for name in contigs}
    found = []
    for carriers in ("de novo", "father"):
        (_, here), (_, there) = (free_place(generator, contigs, taken, 0, name) for name in contigs)
        found.append(Planted("BND", "chr1", here, here, "", carriers, ("chr2", there)))
    wanted = [(size, kind) for kind, bounds in SIZES.items() for size in log_uniform(*bounds)]
    for size, kind in sorted(wanted, reverse=True):
        contig, start = free_place(generator, contigs, taken, size)
        text = contigs[contig][start : start + size]
        bases = {"DEL": "", "DUP": text * 2, "INV": reverse_complement(text)}[kind]
        found.append(Planted(kind, contig, start, start + size, bases, generator.choice(SHARES)))
    for kind, number in TRAPS.items():
        for _ in range(number):
            contig, start = free_place(generator, contigs, taken, 0)
            bases = _trap(generator, elements, kind, contigs[contig][start - 15 : start])
            found.append(Planted(kind, contig, start, start, bases, generator.choice(SHARES)))
    for size in log_uniform(*INSERTED):
        contig, start = free_place(generator, contigs, taken, 0)
        found.append(Planted("INS", contig, start, start, random_bases(generator, size), generator.choice(SHARES)))
    return [*found, *_losing(generator, contigs, taken, losing)]


def _losing(generator: random.Random, contigs: Mapping[str, str], taken: dict, number: int) -> Iterator[Planted]:
    """Inversions that lose bases at one end, the longest first."""
    lost = generator.sample(log_uniform(*LOST, number), number)
    for size, less in zip(reversed(log_uniform(*SIZES["INV"][:2], number)), lost, strict=True):
        contig, start = free_place(generator, contigs, taken, size + less)
        end, cut = start + size + less, generator.choice([0, less])
        bases = reverse_complement(contigs[contig][start + cut : start + cut + size])
        share = generator.choice(SHARES)
        yield Planted(LOSING, contig, start, end, bases, share, (contig, end if cut else end - less))


def log_uniform(low: int, high: int, number: int) -> list[int]:
    """Sizes from low to high, as many of each order of magnitude."""
    return [round(low * (high / low) ** ((n + 0.5) / number)) for n in range(number)]


def _trap(generator: random.Random, elements: Elements, kind: str, before: str) -> str:
    """A new copy of an element with its target-site duplication, or many copies of a motif."""
    if kind == "repeat":
        return generator.choice(MOTIFS) * generator.randint(30, 300)
    return elements.copy(generator.choice(["alu", "alu", "alu", "line"]), 0.005) + before


def free_place(generator, contigs, taken, size: int, contig: str | None = None) -> tuple[str, int]:
    """A place of `size` bases that no other event has; it is taken then."""
    while True:
        name = contig or generator.choices(list(contigs), [len(text) for text in contigs.values()])[0]
        start = generator.randrange(MARGIN, len(contigs[name]) - size - MARGIN)
        if all(start + size + MARGIN <= first or last + MARGIN <= start for first, last in taken[name]):
            taken[name].append((start, start + size))
            return name, start


def haplotypes(
    generator: random.Random, contigs: Mapping[str, str], events: Iterable[Planted]
) -> dict[str, list[list[str]]]:
    """Molecules of both haplotypes of child, mother and father."""
    small = [{name: with_snvs(generator, text) for name, text in contigs.items()} for _ in range(4)]
    events = list(events)

    def molecules(number: int, is_child: bool) -> list[str]:
        new = ["de novo"] if is_child and number == 0 else []
        own = [event for event in events if number in CARRIERS[event.carriers] or event.carriers in new]
        return rearranged(small[number], own)

    parents = {"mother": (0, 1), "father": (2, 3)}
    found = {name: [molecules(number, False) for number in pair] for name, pair in parents.items()}
    return {"child": [molecules(number, True) for number in (0, 2)], **found}


def with_snvs(generator: random.Random, text: str) -> str:
    """Bases of a haplotype with single-base variants, one for SNVS of them."""
    bases = list(text)
    for at in generator.sample(range(len(bases)), len(bases) // SNVS):
        bases[at] = TRANSITION.get(bases[at], bases[at])
    return "".join(bases)


def rearranged(contigs: Mapping[str, str], events: Iterable[Planted]) -> list[str]:
    """The contigs with events, one translocation at most."""
    parts: dict[str, list[str]] = {}
    for name, text in contigs.items():
        cuts = [(e.start, e.end, e.bases) for e in events if e.contig == name and e.kind != "BND"]
        joined = [end for e in events if e.kind == "BND" for end in ((e.contig, e.start), e.mate)]
        cuts += [(at, at, None) for contig, at in joined if contig == name]
        pieces, last = [""], 0
        for start, end, bases in sorted(cuts, key=lambda cut: cut[:2]):
            pieces[-1] += text[last:start] + (bases or "")
            pieces += [""] if bases is None else []
            last = end
        pieces[-1] += text[last:]
        parts[name] = pieces
    if all(len(pieces) == 2 for pieces in parts.values()):
        (one, two), (three, four) = parts.values()
        return [one + four, three + two]
    return ["".join(pieces) for pieces in parts.values()]
