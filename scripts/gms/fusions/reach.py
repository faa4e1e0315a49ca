"""Which expected fusions the targets of a panel can show, and from which fraction, by the depth of the introns.

A junction within an intron is caught where the intron of either gene is among the targets. Coordinates are 0-based and
half-open.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from statistics import median
from typing import Any, NamedTuple

from gms.annotation.transcripts import Model, from_line
from gms.filtering.detection import POWER, Detection
from gms.filtering.policy import Policy
from gms.fusions.expected import ANY, Limits, read_distances
from gms.fusions.loci import LOCI
from gms.genome.intervals import Interval
from gms.qc.callability import read_copies
from gms.variants.structural.genotypes import tumor_genotype

SHARE = 0.5  # of an intron's bases among the targets: baits leave out its repeats (our own limit)
Targets = Mapping[str, Sequence[Interval]]


class Intron(NamedTuple):
    """An intron that is mostly among the targets: `targets` are its stretches there, `share` that of its bases."""

    gene: str
    transcript: str
    number: int
    contig: str
    targets: list[Interval]
    share: float


def targeted_introns(lines: Iterable[str], genes: Iterable[str], targets: Targets) -> dict[str, list[Intron]]:
    """Gene -> its targeted introns, by the transcript that a report shows (gms.fusions.parts); of all `genes` with a
    gene model. `lines`: reference/transcripts.tsv; `targets`: merged."""
    wanted, best = set(genes), {}
    for line in lines:
        if line.split("\t", 5)[4] in wanted:
            model = Model(from_line(line.rstrip("\n")))
            tx = model.transcript
            key = not model.coding, tx.rank, tx.start - tx.end, tx.id
            best[tx.gene] = min(best.get(tx.gene, (key, model)), (key, model), key=lambda one: one[0])
    return {gene: list(_of_model(model, targets)) for gene, (_, model) in best.items()}


def _of_model(model: Model, targets: Targets) -> Iterator[Intron]:
    tx = model.transcript
    for number, oriented in enumerate(model.introns, 1):
        start, end = model.oriented(*oriented)
        inside = [
            Interval(max(start, one.start), min(end, one.end))
            for one in targets.get(tx.chrom, ())
            if one.start < end and one.end > start
        ]
        share = sum(one.end - one.start for one in inside) / max(1, end - start)
        if share >= SHARE:
            yield Intron(tx.gene, tx.id, number, tx.chrom, inside, share)


def bed_lines(introns: Mapping[str, Sequence[Intron]]) -> list[str]:
    """Targeted stretches of introns, sorted, each once."""
    found = {(one.contig, *stretch) for several in introns.values() for one in several for stretch in one.targets}
    return [f"{contig}\t{start}\t{end}\n" for contig, start, end in sorted(found)]


def intron_depths(introns: Mapping[str, Sequence[Intron]], lines: Iterable[str]) -> dict[tuple[str, int], int]:
    """(gene, number) of an intron -> median depth of its targeted bases. `lines`: contig, position (1-based) and depth
    of every base of bed_lines, by tabs."""
    at: dict[tuple[str, int], int] = {}
    for line in lines:
        contig, position, depth = line.split("\t")
        at[contig, int(position) - 1] = int(depth)
    found = {}
    for one in (one for several in introns.values() for one in several):
        depths = [at.get((one.contig, base), 0) for start, end in one.targets for base in range(start, end)]
        found[one.gene, one.number] = int(median(depths))
    return found


def expected_rows(
    limits: Limits, introns: Mapping[str, Sequence[Intron]], depths: Mapping[tuple[str, int], int]
) -> Iterator[dict[str, Any]]:
    """A row for each expected fusion: `introns` that can show it. `reason` where none can: copies where short reads fit
    a near-identical copy of a gene as well, locus of one with an antigen receptor locus or an enhancer, whose junctions
    lie in no intron, no_gene_model of any gene of the pair, else no_targets."""
    copied = read_copies(has_false_duplications=False).keys()
    outside = {pair for pair, distances in read_distances().items() if distances.enhancer}
    for (five, three), fragments in limits.items():
        genes = [gene for gene in dict.fromkeys((five, three)) if gene != ANY]
        is_outside = five in LOCI or (five, three) in outside
        has_copy = not copied.isdisjoint(genes)
        own = [one for gene in genes for one in introns.get(gene, ()) if not is_outside and not has_copy]
        known = any(gene in introns for gene in genes)
        elsewhere = "copies" if has_copy else "locus" if is_outside else "no_targets"
        yield {
            "five": five,
            "three": three,
            "fragments": fragments,
            "reason": None if own else elsewhere if known else "no_gene_model",
            "introns": [_row(one, depths[one.gene, one.number]) for one in own],
        }


def _row(one: Intron, depth: int) -> dict[str, Any]:
    named = {name: getattr(one, name) for name in ("gene", "transcript", "number")}
    return {**named, "share": round(one.share, 3), "depth": depth}


def with_limits(rows: Sequence[Mapping[str, Any]], policy: Policy) -> dict[str, Any]:
    """The rows with the fraction from which the policy reports each fusion with a probability of 95 %, by the depth of
    each intron and, as `limit`, of the shallowest; None where it never does. Fragments are binomial in the depth."""
    detections = {number: Detection(policy, partial(_shown, number)) for number in {row["fragments"] for row in rows}}
    found = []
    for row in rows:
        limit = detections[row["fragments"]].limit
        own = [{**one, "limit": limit(one["depth"])} for one in row["introns"]]
        known = [one["limit"] for one in own]
        found.append({**row, "introns": own, "limit": None if None in known else max(known, default=None)})
    return {"power": POWER, "pairs": found}


def _shown(needed: int, fragments: int, depth: int) -> dict[str, Any]:
    """What the filters may ask of an expected fusion besides fragments and fraction."""
    support = tumor_genotype(depth - fragments, fragments).support
    return {"expected": True, "expected_fragments": needed, "qual": support}
