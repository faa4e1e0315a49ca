"""gms benchmark repeats: expanded and normal alleles of the catalogue's loci, from simulated reads."""

import argparse
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from gms.base.json_tables import read_table, write_table
from gms.validation.class_benchmarks.simulated import Molecule, align, random_bases, simulate, write_reference
from gms.variants.repeats.calls import Sample, Sources, call_repeats
from gms.variants.repeats.catalogue import CATALOGUE, same_motif

BASES = CATALOGUE.with_name("reference_bases.tsv")
FLANK, DECOY_COPIES = 2_000, (8, 15, 30)  # bases on either side; copies of the motif at other places of the genome
FACTOR = (1.2, 2.0)  # of the pathogenic limit: length of expanded alleles
EXPANDED = ("expanded", "full_mutation")
# Motifs and copies of two alleles of RFC1, of which AAGGG and ACAGG are pathogenic; AAAGG is in no list.
MOTIF_LOCUS = "RFC1"
MOTIFS = (
    (("AAAAG", 11), ("AAGGG", 800)),
    (("AAAAG", 100), ("AAGGG", 800)),
    (("AAAAG", 300), ("AAGGG", 500)),
    (("AAAGG", 100), ("AAGGG", 800)),
    (("AAGGG", 500), ("AAGGG", 900)),
    (("ACAGG", 500), ("AAGGG", 900)),
    (("AAAAG", 100), ("AAAAG", 200)),
    (("AAAAG", 11), ("AAAGG", 200)),
)


class Site(NamedTuple):
    """A locus of the catalogue in the made-up genome: its row there, the repeat of GRCh38, and its flanks, of which the
    bases next to it are GRCh38's."""

    row: dict[str, str]
    bases: str
    left: str
    right: str

    @property
    def reference_copies(self) -> int:
        return len(self.bases) // len(self.row["motif"])

    @property
    def normal_max(self) -> int:
        return int(self.row["benign_max"]) if self.row["benign_max"] != "-" else self.reference_copies


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="gms benchmark repeats", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--depth", type=float, default=30)
    parser.add_argument("--samples", type=int, default=4, help="normal samples and as many expanded ones")
    parser.add_argument("--verbose", action="store_true", help="print every locus that is called wrongly")
    options = parser.parse_args(argv)
    print("Simulated reads; real flanks, stutter and GC bias are not in them: an upper bound.")
    with tempfile.TemporaryDirectory() as folder:
        for expanded, rows in measured(Path(folder), options):
            called = Counter(state for _, _, state in rows)
            wrong = [row for row in rows if (row[2] in EXPANDED) != expanded]
            kind = "expanded" if expanded else "normal"
            print(
                f"{kind}: {len(rows) - len(wrong)} of {len(rows)} right; "
                + ", ".join(f"{state} {number}" for state, number in sorted(called.items()))
            )
            for gene, copies, state in wrong if options.verbose else ():
                print(f"  {gene}  {copies} copies  called {state}")
        for alleles, called in of_motifs(Path(folder) / "motifs", options):
            words = " and ".join(f"{motif} x {copies}" for motif, copies in alleles)
            print(f"{MOTIF_LOCUS}, {words}: " + ", ".join(f"{state} {number}" for state, number in called))
    return 0


def of_motifs(folder: Path, options: argparse.Namespace) -> Iterator[tuple[tuple, list[tuple[str, int]]]]:
    """Each pair of alleles of MOTIFS, and how many persons are called with which states of the two."""
    generator = random.Random(options.seed)
    site = made(generator, next(row for row in read_table(CATALOGUE) if row["gene"] == MOTIF_LOCUS))
    tail, reference, catalogue = "".join(_decoys(generator, [site])), folder / "genome.fa", folder / "catalogue.tsv"
    folder.mkdir()
    write_reference(reference, {"chr1": haplotype(generator, [site], None, False) + tail})
    write_table(catalogue, site.row, [placed.values() for placed in _placed([site])])
    for number, alleles in enumerate(MOTIFS):
        called: Counter[str] = Counter()
        for person in range(options.samples):
            texts = [site.left + motif * copies + site.right + tail for motif, copies in alleles]
            name, seed = f"m{number}.{person}", options.seed * 1_000 + 10 * number + person
            mates = simulate(folder, name, [Molecule(text, options.depth / 2) for text in texts], seed)
            sources = Sources(reference, catalogue, [align(folder, name, reference, mates)])
            (locus,) = call_repeats(sources, [Sample(name, "female")])[1]["loci"]
            called["/".join(one["status"] for one in locus["samples"][0]["alleles"]) or "none"] += 1
        yield alleles, called.most_common()


def measured(folder: Path, options: argparse.Namespace) -> Iterator[tuple[bool, list[tuple[str, int, str]]]]:
    """Whether the samples are expanded, and gene, copies of the longer allele and state of each locus."""
    generator = random.Random(options.seed)
    sites = [made(generator, row) for row in read_table(CATALOGUE)]
    decoys = "".join(_decoys(generator, sites))
    reference, catalogue = folder / "genome.fa", folder / "catalogue.tsv"
    write_reference(reference, {"chr1": haplotype(generator, sites, None, False) + decoys})
    write_table(catalogue, sites[0].row, [placed.values() for placed in _placed(sites)])
    for expanded in (True, False):
        rows: list[tuple[str, int, str]] = []
        for number in range(options.samples):
            name = f"{'e' if expanded else 'n'}{number}"
            lengths = [_normal(generator, site) for site in sites], [_long(generator, site, expanded) for site in sites]
            texts = [haplotype(generator, sites, part, expanded and part is lengths[1]) + decoys for part in lengths]
            molecules = [Molecule(text, options.depth / 2) for text in texts]
            mates = simulate(folder, name, molecules, options.seed * 100 + number + 50 * expanded)
            bam = align(folder, name, reference, mates)
            _, facts = call_repeats(Sources(reference, catalogue, [bam]), [Sample(name, "female")])
            states = {locus["locus"]: locus["samples"][0]["status"] for locus in facts["loci"]}
            rows += [
                (s.row["gene"], n, states.get(s.row["gene"], "absent")) for s, n in zip(sites, lengths[1], strict=True)
            ]
        yield expanded, rows


def made(generator: random.Random, row: dict[str, str]) -> Site:
    known = next(one for one in read_table(BASES) if one["gene"] == row["gene"] and one["start38"] != "-")
    first, last = (int(row[end]) - int(known["start38"]) for end in ("start38", "end38"))
    before, bases, behind = known["bases"][:first], known["bases"][first:last], known["bases"][last:]
    left = random_bases(generator, FLANK - len(before)) + before
    return Site(row, bases, left, behind + random_bases(generator, FLANK - len(behind)))


def _normal(generator: random.Random, site: Site) -> int:
    return generator.randint(min(site.normal_max, max(3, site.normal_max // 3)), site.normal_max)


def _long(generator: random.Random, site: Site, expanded: bool) -> int:
    if not expanded:
        return _normal(generator, site)
    return int(int(site.row["pathogenic_min"]) * generator.uniform(*FACTOR)) + 1


def repeat(generator: random.Random, motif: str, copies: int) -> str:
    """Copies of a motif, any base for each N."""
    return "".join(generator.choice("ACGT") if base == "N" else base for base in motif * copies)


def allele(generator: random.Random, site: Site, copies: int, motif: str) -> str:
    """The repeat of the reference with its longest pure stretch made longer or shorter, so that it has so many copies;
    copies of the motif alone where it is another one, or the stretch is too short."""
    own = site.row["motif"]
    stretches = re.finditer(f"(?:{own.replace('N', '[ACGT]')})+", site.bases)
    longest = max(stretches, key=lambda found: len(found[0]))
    kept = len(longest[0]) // len(own) + copies - site.reference_copies
    if kept < 1 or not same_motif(own, motif):
        return repeat(generator, motif, copies)
    whole = longest[0][: kept * len(own)]
    more = repeat(generator, own, kept - len(whole) // len(own))
    return site.bases[: longest.start()] + whole + more + site.bases[longest.end() :]


def haplotype(generator: random.Random, sites: Sequence[Site], copies: Sequence[int] | None, pathogenic: bool) -> str:
    """All loci with their flanks, None: the alleles of the reference; expanded alleles have a pathogenic motif."""
    text = ""
    for site, number in zip(sites, copies or [None] * len(sites), strict=True):
        motif = site.row["pathogenic_motif"].split(",")[0] if pathogenic else site.row["motif"]
        bases = site.bases if number is None else allele(generator, site, number, motif)
        text += site.left + bases + site.right
    return text


def _placed(sites: Iterable[Site]) -> Iterator[dict[str, str]]:
    """Rows of the catalogue with the places of the made-up genome."""
    start = 0
    for site in sites:
        first = start + FLANK
        last = first + len(site.bases)
        start = last + FLANK
        yield site.row | {"chrom": "1", "start38": str(first), "end38": str(last), "start37": "-", "end37": "-"}


def _decoys(generator: random.Random, sites: Iterable[Site]) -> Iterator[str]:
    motifs = sorted(
        {motif for site in sites for motif in (site.row["motif"], *site.row["pathogenic_motif"].split(","))}
    )
    for motif in motifs:
        for copies in DECOY_COPIES:
            yield random_bases(generator, FLANK) + repeat(generator, motif, copies)
    yield random_bases(generator, FLANK)
