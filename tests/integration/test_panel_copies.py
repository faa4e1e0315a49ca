"""CNVkit as we use it: a pool of normals, ratios and segments of a tumour by both methods, on made-up depths."""

import numpy as np
import pytest

from gms.variants.panel_copies import cnvkit
from gms.variants.panel_copies.events import events, profile
from gms.variants.panel_copies.reference import OFF_TARGET, Window

LENGTHS = {"chr1": 60_000_000, "chr2": 60_000_000, "chr3": 60_000_000}
GENES = 12  # of each contig, with 8 windows; 3 windows between each two


@pytest.fixture(scope="module")
def made_up():
    """Windows and what they catch; depths of seven normals."""
    windows = []
    for contig in LENGTHS:
        for gene in range(GENES):
            start = 1_000_000 + 4_000_000 * gene
            inside = (start + 1_000 * n for n in range(8))
            windows += [Window(contig, at, at + 250, f"{contig}-{gene}", *[0.0] * 5) for at in inside]
            between = (start + 500_000 * n for n in range(1, 4))
            windows += [Window(contig, at, at + 150_000, OFF_TARGET, *[0.0] * 5) for at in between]
    generator = np.random.default_rng(11)
    usual = np.array([0.3 if one.gene == OFF_TARGET else 400 for one in windows])
    caught = usual * generator.lognormal(0, 0.3, len(windows))
    normals = [caught * generator.lognormal(0, 0.1, len(windows)) for _ in range(7)]
    return windows, caught, normals, generator


@pytest.mark.parametrize("method", cnvkit.METHODS)
def test_amplified_and_lost_genes_are_called_and_no_others(made_up, method):
    windows, caught, normals, generator = made_up
    reference = cnvkit.pooled(windows, normals, None, male=False)
    factor = {"chr1-3": 4.0, "chr2-5": 0.45, "chr3-7": 0.1}
    depths = caught * generator.lognormal(0, 0.1, len(windows)) * [factor.get(one.gene, 1.0) for one in windows]
    found = cnvkit.ratios(reference, list(depths))
    shown = profile(found, cnvkit.segments(found, method))
    called = {gene: one.kind for one in events(shown, LENGTHS, "female", None) for gene in one.event.genes}
    assert called == {"chr1-3": "DUP", "chr2-5": "DEL", "chr3-7": "DEL"}
