"""Reference of copy number of a gene panel: depth of the windows of an assay in its normals."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from gms.base.json_tables import read_json
from gms.genome.intervals import read_bed, read_contigs
from gms.genome.ploidy import AUTOSOME, X, Y
from gms.normals.members import Normal
from gms.normals.quality import quality_of
from gms.normals.work import beside_tools
from gms.qc.coverage import measured_sex
from gms.variants.panel_copies.copies import spread
from gms.variants.panel_copies.depth import window_depths
from gms.variants.panel_copies.genes import genes_of, stands_out
from gms.variants.panel_copies.reference import FEWEST_NORMALS, OFF_TARGET, Reference, Window
from gms.variants.panel_copies.sample import baseline

SEXES = ("female", "male")
LEAST_BETWEEN = 0.02  # reads over a base between targets: 20 reads of 150 bases in a window of 150,000


def build_reference(normals: Sequence[Normal], fasta: Path, targets: Path, facts: Mapping[str, Any]) -> Reference:
    """From the aligned reads of normals. `targets`: qc/regions/{assay}.bed, whose pieces name their genes."""
    from gms.variants.panel_copies import cnvkit  # seconds to load

    contigs = read_contigs(Path(f"{fasta}.fai"))
    windows = cnvkit.make_windows(named_targets(targets), fasta)
    depths = beside_tools(lambda normal: window_depths(normal.path("cram"), fasta, windows), normals)
    number = len(windows)
    windows, depths = with_reads(windows, depths)
    edges = len(windows) == number  # amplicons end where their targets do
    shown = cnvkit.pooled(windows, depths, fasta, edges=edges)
    found = [window for window in shown if window.contig not in (*X, *Y)]
    sexes = [sex_of(normal) for normal in normals]
    enough = [sex for sex in SEXES if sexes.count(sex) >= FEWEST_NORMALS]
    for sex in enough:
        own = [one for one, known in zip(depths, sexes, strict=True) if known == sex]
        of_sex = cnvkit.pooled(windows, own, fasta, sex=sex, edges=edges)
        found += [window for window in of_sex if window.contig in (*X, *(Y if sex == "male" else ()))]
    order = {name: number for number, name in enumerate(contigs)}
    found.sort(key=lambda window: (order[window.contig], window.start, window.sex))
    of_normals = [dict(zip(windows, one, strict=True)) for one in depths]
    more = {"normals": len(normals), "sexes": enough, "quality": quality_of(normals, sexes, windows, depths)}
    more |= {"edges": edges, "changed": changed_genes(shown, of_normals, edges)}
    return Reference({**facts, **more}, tuple(found))


def changed_genes(
    shown: Sequence[Window], depths: Sequence[Mapping[Window, float]], edges: bool
) -> dict[str, list[int]]:
    """Autosomal gene -> normals whose windows of it clearly show fewer and more copies than those of most normals
    (gms.variants.panel_copies.genes); genes without any are left out. `shown`: windows with what normals show;
    `depths`: of each normal, by its windows, which have no values."""
    own = [window for window in shown if AUTOSOME.fullmatch(window.contig)]
    found: dict[str, list[int]] = {}
    for of_places in ({window[:3]: depth for window, depth in one.items()} for one in depths):
        genes = genes_of(baseline(own, [of_places[window[:3]] for window in own], edges), [])
        noise = spread([window.log2 - gene.median for gene in genes for window in gene.windows])
        for gene in (gene for gene in genes if stands_out(gene, noise)):
            found.setdefault(gene.name, [0, 0])[gene.median > 0] += 1
    return dict(sorted(found.items()))


def with_reads(windows: list[Window], depths: list[list[float]]) -> tuple[list[Window], list[list[float]]]:
    """Without the windows between targets where most of those have no reads, as of amplicons."""
    usual = [median(column) for column in zip(*depths, strict=True)]
    between = [depth for window, depth in zip(windows, usual, strict=True) if window.gene == OFF_TARGET]
    if between and median(between) >= LEAST_BETWEEN:
        return windows, depths
    kept = [number for number, window in enumerate(windows) if window.gene != OFF_TARGET]
    return [windows[at] for at in kept], [[one[at] for at in kept] for one in depths]


def sex_of(normal: Normal) -> str:
    """As measured, else as registered: female, male or unknown."""
    record = read_json(normal.path("qc.json"))
    return measured_sex(record.get("sex", "unknown"), record["metrics"])


def named_targets(bed: Path) -> Iterator[tuple[str, int, int, str]]:
    """Stretches of the targets, 0-based half-open, with the gene that most of their bases are of, '-' without one.

    Neighbouring pieces are joined: the file cuts a target where names of exons and positions begin and end.
    """
    joined: list[list] = []
    for region in sorted(read_bed(bed)):
        gene = gene_of(region.name)
        if joined and joined[-1][0] == region.chrom and joined[-1][2] >= region.start:
            joined[-1][2] = max(joined[-1][2], region.end)
        else:
            joined.append([region.chrom, region.start, region.end, {}])
        genes = joined[-1][3]
        genes[gene] = genes.get(gene, 0) + region.end - region.start
    for chrom, start, end, genes in joined:
        named = {gene: bases for gene, bases in genes.items() if gene != "-"}
        yield chrom, start, end, max(sorted(named), key=named.get) if named else "-"


def gene_of(names: str) -> str:
    """The gene of a piece of qc/regions/{assay}.bed, '-' without one: its other names are of lists and masks."""
    for name in names.split(","):
        if name[:1].isalnum():
            return name.partition("#")[0]
    return "-"
