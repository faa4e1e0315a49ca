"""Windows of a reference of copy number: genes of targets, and windows between targets that have no reads."""

import numpy as np
import pytest

from gms.normals.copy_number import changed_genes, gene_of, named_targets, with_reads
from gms.variants.panel_copies.reference import OFF_TARGET, Window


def test_pieces_of_a_target_are_joined_under_their_gene(tmp_path):
    bed = tmp_path / "panel_solid.bed"
    pieces = ["chr1 0 50 .", "chr1 50 150 +,TP53#2", "chr1 150 160 =7577121:150-160,TP53#2", "chr1 160 200 WRAP53"]
    bed.write_text("".join(line.replace(" ", "\t") + "\n" for line in [*pieces, "chr1 500 600 ."]))
    assert list(named_targets(bed)) == [("chr1", 0, 200, "TP53"), ("chr1", 500, 600, "-")]


@pytest.mark.parametrize(
    "names, gene", [("TP53#promoter", "TP53"), ("!,+,@V600E:1-2,BRAF", "BRAF"), (".", "-"), ("!", "-")]
)
def test_the_gene_of_a_piece(names, gene):
    assert gene_of(names) == gene


@pytest.mark.parametrize("between, kept", [(0.5, 3), (0.0, 1)])
def test_amplicons_have_no_windows_between_targets(between, kept):
    windows = [Window("chr1", 1_000 * n, 1_000 * n + 200, OFF_TARGET if n else "A", *[0.0] * 5) for n in range(3)]
    left, depths = with_reads(windows, [[300.0, between, between]] * 5)
    assert (len(left), [len(one) for one in depths]) == (kept, [kept] * 5)


def test_genes_that_normals_have_in_other_numbers_are_counted():
    generator = np.random.default_rng(7)
    genes = [f"G{number}" for number in range(40)]
    windows = [
        Window("chr1", 10_000 * at, 10_000 * at + 250, gene, *[0.0] * 5) for at, gene in enumerate(np.repeat(genes, 8))
    ]
    shown = [window._replace(depth=200.0, gc=0.5, spread=0.1) for window in windows]
    depths = [{window: 200 * 2 ** generator.normal(0, 0.1) for window in windows} for _ in range(6)]
    for normal, gene, factor in ((0, "G3", 0.5), (1, "G3", 0.5), (2, "G3", 1.5), (3, "G9", 0.85)):
        depths[normal] |= {window: depth * factor for window, depth in depths[normal].items() if window.gene == gene}
    assert changed_genes(shown, depths, edges=True) == {"G3": [2, 1]}
