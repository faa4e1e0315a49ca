"""Callability of genes, exons and listed positions from mosdepth's lines."""

import pytest

from gms.qc.callability import Depths, gene_table, pieces, position_table, read_copies
from gms.qc.coverage import may_have_y

DEPTHS = Depths(callable=200, floor=50)


def lines(*rows: tuple[str, int, int, str, float, int, int]):
    """Pieces of (chrom, start, end, names, mean depth, bases at the floor, callable bases)."""
    regions = [f"{chrom}\t{start}\t{end}\t{names}\t{mean}\n" for chrom, start, end, names, mean, _, _ in rows]
    thresholds = [f"{c}\t{s}\t{e}\t{n}\t{floor}\t{good}\n" for c, s, e, n, _, floor, good in rows]
    return pieces(regions, ["#chrom\tstart\tend\tregion\t50X\t200X\n", *thresholds])


def genes(*rows, has_y=True, copies=None):
    return {gene.gene: gene for gene in gene_table(lines(*rows), has_y, copies or {})}


def test_genes_sum_their_segments_and_overlapping_genes_share_bases():
    found = genes(
        ("1", 0, 10, "A#1", 20.0, 5, 0), ("1", 10, 20, "A#2,B#1", 400.0, 10, 10), ("1", 30, 40, ".", 9.0, 0, 0)
    )
    assert set(found) == {"A", "B"}
    assert (found["A"].bases, found["A"].mean_depth, found["A"].callable_fraction) == (20, 210.0, 0.5)
    assert (found["A"].weak_exons, found["A"].weakest, found["A"].status) == ("1", 20.0, "low")
    assert (found["B"].status, found["B"].weak_exons) == ("ok", "-")


def test_a_base_of_two_exons_counts_once_in_its_gene():
    assert genes(("1", 0, 10, "A#1,A#2", 300.0, 10, 10))["A"].bases == 10


def test_masked_bases_are_not_analysable_however_deep():
    found = genes(("1", 0, 90, "!,A#1", 400.0, 90, 90), ("1", 90, 100, "A#1", 400.0, 10, 10))["A"]
    assert (found.callable_fraction, found.masked_fraction, found.status) == (0.1, 0.9, "not_analysable")


def test_an_exon_of_which_nothing_can_be_reported_is_lost():
    whole, masked = ("1", 0, 900, "A#1", 400.0, 900, 900), ("1", 950, 960, "!,A#2", 400.0, 10, 10)
    found = genes(whole, masked, ("1", 970, 980, "A#3", 90.0, 9, 0))["A"]
    assert (found.weak_exons, found.lost_exons, found.status) == ("2,3", "2", "low")


def test_a_gene_with_a_near_identical_copy_is_never_ok():
    deep = ("7", 0, 10, "PMS2#1", 400.0, 10, 10)
    found = genes(deep, copies=read_copies(has_false_duplications=False))["PMS2"]
    assert (found.status, found.copy) == ("low", "PMS2CL")
    assert {"PMS2", "STRC", "CYP21A2", "SMN1", "KMT2C"} <= read_copies(has_false_duplications=False).keys()


def test_a_gene_that_the_gene_models_have_on_several_contigs_is_that_of_one():
    """Y is masked in the pseudo-autosomal regions, so that SHOX of every man looked half analysable."""
    deep, none = (400.0, 10, 10), (0.0, 0, 0)
    rows = [("chrX", 0, 10, "SHOX#1", *deep), ("chrY", 0, 10, "SHOX#1", *none), ("chrY", 20, 30, "SRY#1", *deep)]
    rows += [("chr6", 0, 10, "HLA-A#1", *deep), ("chr6_GL000250v2_alt", 0, 10, "HLA-A#1", *none)]
    rows += [("chr6_GL000250v2_alt", 20, 30, "HLA-DRB4#1", *none)]
    found = {name: (one.status, one.bases) for name, one in genes(*rows).items()}
    ok, lost = ("ok", 10), ("not_analysable", 10)
    assert found == {"SHOX": ok, "SRY": ok, "HLA-A": ok, "HLA-DRB4": lost}


def test_genes_of_false_duplications_are_ok_where_the_reference_masks_them():
    deep = ("21", 0, 10, "U2AF1#2", 400.0, 10, 10)
    assert genes(deep, copies=read_copies(has_false_duplications=False))["U2AF1"].status == "ok"
    found = genes(deep, copies=read_copies(has_false_duplications=True))["U2AF1"]
    assert (found.status, found.copy) == ("low", "false duplication on 21p (U2AF1L5)")


@pytest.mark.parametrize(
    "stated, inferred, chromosomes, shown",
    [
        ("female", "female", "XX", False),
        ("female", "female", "X", False),
        ("female", "male", "XY", True),
        ("female", "male", "XXY", True),
        ("female", "male", None, True),  # an exome
        ("female", "unknown", None, False),
        ("unknown", "female", "XX", False),
        ("unknown", "unknown", None, True),
        ("male", "female", "X", True),  # a tumour that has lost Y
    ],
)
def test_genes_of_y_are_left_out_where_neither_sheet_nor_depth_has_one(stated, inferred, chromosomes, shown):
    has_y = may_have_y(stated, {"sex_inferred": inferred, "sex_chromosomes": chromosomes})
    found = genes(("chrY", 0, 10, "SRY", 0.0, 0, 0), ("chrX", 0, 10, "AR", 0.0, 0, 0), has_y=has_y)
    assert sorted(found) == (["AR", "SRY"] if shown else ["AR"])


@pytest.mark.parametrize(
    "depth, names, status",
    [
        (250, "@BRAF:1-2", "ok"),
        (200, "@BRAF:1-2", "ok"),
        (60, "@BRAF:1-2", "low"),
        (30, "@BRAF:1-2", "low"),
        (29, "@BRAF:1-2", "not_analysable"),
        (250, "!,@BRAF:1-2", "not_analysable"),
    ],
)
def test_hotspots_have_the_limits_of_gms560(depth, names, status):
    [found] = position_table(lines(("7", 1, 2, names, depth, 1, 1)), DEPTHS)
    assert (found.name, found.list, found.start, found.end, found.status) == ("BRAF", "hotspot", 1, 2, status)


def test_an_entry_of_one_allele_names_it():
    entry = lines(("7", 1, 2, "@BRAF:1-2:2:A:T,@any:1-2", 300.0, 1, 1))
    assert [found.allele for found in position_table(entry, DEPTHS)] == ["2:A:T", "-"]


@pytest.mark.parametrize("depth, status", [(250, "partly_outside"), (60, "partly_outside"), (29, "not_analysable")])
def test_a_position_that_begins_before_the_targets_is_never_ok(depth, status):
    [found] = position_table(lines(("7", 3, 8, "@EGFR_19:1-8", depth, 5, 5)), DEPTHS)
    assert (found.start, found.end, found.depth, found.status) == (1, 8, depth, status)


def test_positions_outside_the_targets_are_listed_without_depth():
    inside, outside = position_table(lines(("7", 1, 2, "@BRAF:1-2", 250.0, 1, 1)), DEPTHS, [["5", "=TERT:94-95"]])
    assert (inside.name, inside.status) == ("BRAF", "ok")
    assert outside == ("TERT", "always_report", "5", 94, 95, "-", "outside_targets", "-")


def test_a_position_over_two_segments_has_the_lower_depth():
    rows = (("7", 1, 2, "=del:1-3", 300.0, 1, 1), ("7", 2, 3, "=del:1-3,A#1", 100.0, 1, 0))
    [found] = position_table(lines(*rows), DEPTHS)
    assert (found.list, found.depth, found.status) == ("always_report", 100.0, "low")
