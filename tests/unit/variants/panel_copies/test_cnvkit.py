"""Depth ratios of a sample against normals."""

from statistics import median, stdev

import numpy as np
import pytest

from gms.variants.panel_copies import cnvkit
from gms.variants.panel_copies.reference import OFF_TARGET, Window


def panel(genes):
    """Genes of ten windows, each gene captured well or badly as a whole, every tenth window between targets."""
    generator = np.random.default_rng(7)
    level = [float(one) for one in generator.normal(0, 0.6, genes)]
    for n in range(10 * genes):
        contig, start, gene = f"chr{1 + n * 20 // (10 * genes)}", 1_000 * n, f"G{n // 10}"
        yield Window(contig, start, start + 200, gene, level[n // 10] + generator.normal(0, 0.2), 300, 0.5, 0.0, 0.1)
        if n % 10 == 9:
            yield Window(contig, start + 300, start + 900, OFF_TARGET, -2.0, 20, 0.5, 0.0, 0.1)


@pytest.mark.parametrize("genes, is_left", [(100, False), (18, True)])
def test_a_library_that_captures_otherwise_than_normals_shows_no_genes_changed(genes, is_left):
    """Poor windows have fewer reads yet, by a quarter of log2. Too few windows have no trend of their own."""
    windows = list(panel(genes))
    order = sorted({one.gene for one in windows} - {OFF_TARGET}, key=lambda gene: levels(windows)[gene])
    lost = order[genes // 2]
    depths = [100 * 2 ** (1.25 * one.log2 - (one.gene == lost)) for one in windows]
    found = cnvkit.ratios(windows, depths, edges=False)
    assert [one[:3] for one in found] == [one[:3] for one in windows]
    shown = levels(found)
    change = shown.pop(lost) - median(shown.values())
    assert change == pytest.approx(-1, abs=0.1)
    assert (stdev(shown.values()) > 0.09) is is_left and (stdev(shown.values()) < 0.07) is not is_left


@pytest.mark.parametrize("genes, worst", [(6, 0.12), (8, 0.17), (10, 0.17)])
def test_a_panel_of_few_genes_with_many_windows_has_no_trend_left(genes, worst):
    """Of each gene 20 of 100 windows count for the trend, all together no more than a running median has. Poor genes
    were 0.24 log2 below good ones; from 0.17 they are events."""
    generator, windows = np.random.default_rng(7), []
    for gene, level in enumerate(generator.normal(0, 0.6, genes)):
        places = (10_000_000 * (gene + 1) + 1_000 * n for n in range(100))
        known = (level + generator.normal(0, 0.2) for _ in range(100))
        more = (300, 0.5, 0.0, 0.1)
        windows += [
            Window("chr1", at, at + 200, f"G{gene}", log2, *more) for at, log2 in zip(places, known, strict=True)
        ]
    lost = sorted(levels(windows), key=levels(windows).get)[genes // 2]
    shown = levels(
        cnvkit.ratios(windows, [100 * 2 ** (1.25 * w.log2 - (w.gene == lost)) for w in windows], edges=False)
    )
    change, usual = shown.pop(lost), median(shown.values())
    assert change - usual == pytest.approx(-1, abs=0.15)
    assert max(abs(one - usual) for one in shown.values()) < worst


@pytest.mark.parametrize("change", [-1, 2])
def test_a_gene_with_most_of_the_windows_of_its_depth_keeps_its_change(change):
    """As of probes added to a panel. It is not taken for a trend."""
    generator, windows = np.random.default_rng(7), list(panel(100))
    added = [
        Window(
            "chr9",
            10_000_000 + 1_000 * n,
            10_000_200 + 1_000 * n,
            "ADDED",
            3 + generator.normal(0, 0.2),
            300,
            0.5,
            0.0,
            0.1,
        )
        for n in range(60)
    ]
    windows = sorted([*windows, *added])
    depths = [100 * 2 ** (one.log2 + change * (one.gene == "ADDED") + generator.normal(0, 0.1)) for one in windows]
    shown = levels(cnvkit.ratios(windows, depths, edges=False))
    assert shown.pop("ADDED") - median(shown.values()) == pytest.approx(change, abs=0.15)


def levels(windows):
    """Median of log2 by targeted gene."""
    found = {}
    for one in windows:
        if one.gene != OFF_TARGET:
            found.setdefault(one.gene, []).append(one.log2)
    return {gene: median(values) for gene, values in found.items()}


@pytest.mark.parametrize("edges", [True, False])
def test_a_sample_like_its_normals_shows_no_change_with_and_without_a_correction_of_edges(edges):
    """Single windows have three fifths of the depth of several in a row: corrected in one of the two alone, a loss."""
    starts = [10_000 * n + 250 * part for n in range(400) for part in range(1 + n % 4)]
    windows = [Window("chr1", at, at + 250, f"G{at // 10_000}", *[0.0] * 5) for at in starts]
    generator = np.random.default_rng(7)
    usual = np.array([200.0 if at // 10_000 % 4 else 120.0 for at in starts])
    normals = [usual * generator.lognormal(0, 0.02, len(windows)) for _ in range(6)]
    known = [one._replace(gc=0.5) for one in cnvkit.pooled(windows, normals, None, edges=edges)]
    assert np.std([one.log2 for one in cnvkit.ratios(known, list(usual), edges)]) < 0.03
