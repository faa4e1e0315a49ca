"""Planted variants: on the genome they claim to change, with the effect they claim to have, clear of one another."""

import pytest

from demo_world import world
from gms.validation.demo_data.cases import CASES, PLANTED
from gms.validation.demo_data.references import panel_regions
from gms.validation.demo_data.samples import person_of
from gms.validation.demo_genome import deletion
from gms.validation.demo_genome.catalogue import GAPS
from gms.validation.demo_genome.knowledge import BACKGROUND, CLINVAR, FREQUENCIES, HOTSPOT_ALLELES
from gms.validation.demo_genome.population import CARRIED, CLEARANCE, child, copies, founder
from gms.validation.demo_genome.variants import effect, resolve

WORLD = world()
GENOME = WORLD.genome
KNOWN = {
    ("BRAF", "c.1799T>A"): "V600E", ("KRAS", "c.35G>A"): "G12D", ("JAK2", "c.1849G>T"): "V617F",
    ("TP53", "c.637C>T"): "R213*", ("IDH2", "c.419G>A"): "R140Q", ("DNMT3A", "c.2645G>A"): "R882H",
    ("PIK3CA", "c.1633G>A"): "E545K", ("SF3B1", "c.2098A>G"): "K700E", ("EGFR", "c.2573T>G"): "L858R",
    ("BRCA1", "c.181T>G"): "C61G", ("PAH", "c.1222C>T"): "R408W", ("MECP2", "c.419C>T"): "A140V",
}  # fmt: skip


@pytest.mark.parametrize("gene, change", sorted(KNOWN))
def test_known_variants_change_the_protein_as_known(gene, change):
    assert effect(GENOME, gene, resolve(GENOME, gene, change)).protein == KNOWN[gene, change]


@pytest.mark.parametrize("gene, change, term", [
    ("EGFR", "c.2235_2249del", "inframe_deletion"), ("NPM1", "c.860_863dup", "frameshift_variant"),
    ("FLT3", "c.1770_1811dup", "inframe_insertion"), ("TERT", "c.-124C>T", "upstream_gene_variant"),
    ("ABCA4", "exon4+1>", "splice_donor_variant"), ("SF3B1", "exon3+60>", "intron_variant"),
    ("JAK2", "synonymous:210", "synonymous_variant"), ("CFTR", "stop_gained:310", "stop_gained"),
])  # fmt: skip
def test_effects(gene, change, term):
    assert effect(GENOME, gene, resolve(GENOME, gene, change)).consequence == term


def test_reference_alleles_are_those_of_the_genome():
    tables = [*PLANTED, *CLINVAR, *BACKGROUND]
    changes = {(row.gene, row.change) for row in tables} | {
        (gene, change) for gene, change, _ in (*FREQUENCIES, *HOTSPOT_ALLELES)
    }
    alleles = [resolve(GENOME, *change) for change in changes] + [known.variant for known in WORLD.population]
    for chrom, pos, ref, alt in alleles:
        assert GENOME.sequences[chrom][pos - 1 : pos - 1 + len(ref)] == ref != alt


def test_no_wrong_reference_base_is_accepted():
    with pytest.raises(ValueError, match="the genome has T"):
        resolve(GENOME, "BRAF", "c.1799G>A")


def test_people_carry_only_frequent_background_away_from_planted_variants():
    planted = {resolve(GENOME, row.gene, row.change) for row in PLANTED}
    for known in WORLD.population:
        if known.background and known.frequency >= CARRIED:
            near = [v for v in planted if v.chrom == known.variant.chrom and abs(v.pos - known.variant.pos) < CLEARANCE]
            assert not near


def test_family_follows_mendel():
    trio = next(case for case in CASES if case.name == "rare-trio")
    people = {member.role: person_of(WORLD, trio, member) for member in trio.members}
    inherited = ("rare-mother", "rare-father")
    rows = [row for row in trio.planted if not any(isinstance(row.carriers.get(name), str) for name in inherited)]
    de_novo = {deletion.variant(GENOME), *(resolve(GENOME, row.gene, row.change) for row in rows)}
    assert {row.gene for row in rows} == {"SCN1A", "SF3B1", "IDH1"}  # a mosaic father counts as without
    for chrom, (maternal, paternal) in people["proband"].haplotypes.items():
        parents = [{v for h in people[role].haplotypes[chrom] if h for v in h} for role in ("mother", "father")]
        new = set(maternal or ()) | set(paternal or ())
        allowed = parents[0] | parents[1] | de_novo
        assert new <= allowed
    of_y = people["proband"].haplotypes["chrX"][1]
    assert of_y == people["father"].haplotypes["chrX"][1] and all(v.pos > GAPS["chrX"][1] for v in of_y)
    assert {v.pos for v in of_y} & {resolve(GENOME, "SHOX", "missense:100").pos}
    assert people["mother"].haplotypes["chrY"] == (None, None)


def test_daughters_have_the_fathers_x():
    chroms = list(GENOME.sequences)
    father = founder(WORLD.population, chroms, "father", "male")
    daughter = child(founder(WORLD.population, chroms, "mother", "female"), father, "female")
    assert daughter.haplotypes["chrX"][1] == father.haplotypes["chrX"][0]
    assert [copies(chrom, "male") for chrom in ("chr1", "chrX", "chrY")] == [2, 1, 1]


def test_panels_cover_what_is_planted_in_them_except_off_target_variants():
    for case in CASES:
        if case.assay.startswith("panel"):
            regions = panel_regions(GENOME, WORLD.population, case.assay)
            for row in case.planted:
                chrom, pos, *_ = resolve(GENOME, row.gene, row.change)
                inside = any(c == chrom and start < pos <= end for c, start, end, _ in regions)
                assert inside == (row.filters != "OffTarget"), row
