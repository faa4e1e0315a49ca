import json

import pytest

from gms.annotation.gene_models import hgnc_symbols
from gms.commands.sheets import import_panel
from gms.commands.sheets.import_sheet import UnusableOption
from gms.genome.gene_list import (
    Events,
    Region,
    UnusableGeneList,
    list_problem,
    panel_facts,
    read_events,
    read_gene_list,
)
from gms.ranking.panels import UnusablePanel
from gms.variants.repeats.catalogue import COLUMNS, UnusableCatalogue

GFF = """##gff-version 3
1\te\tgene\t1\t9\t.\t+\t.\tID=gene:ENSG1;Name=NEW1;description=one [Source:HGNC Symbol%3BAcc:HGNC:100]
1\te\tgene\t1\t9\t.\t+\t.\tID=gene-B;Dbxref=GeneID:7,HGNC:HGNC:200;Name=BBB
1\te\tgene\t1\t9\t.\t+\t.\tID=C;gene_name=CCC;hgnc_id=HGNC:300
1\te\tgene\t1\t9\t.\t+\t.\tID=D;Name=DDD
1\te\tgene\t1\t9\t.\t+\t.\tID=gene:ENSG5;Name=MUT;description=mutase [Source:HGNC Symbol%3BAcc:7526]
1\te\tmRNA\t1\t9\t.\t+\t.\tID=t;Parent=D;Name=NOTAGENE-201
1\te\tCDS\t1\t9\t.\t+\t0\tParent=t
"""
SCOUT = """##panel_id=epi
##version=4.2
##display_name=Epilepsy
#hgnc_id\thgnc_symbol\tgenetic_disease_models
100\tOLD1\tAD
HGNC:300\tCCC\t
999\tGONE1\t
998\tDDD\t
"""


def gene(hgnc, symbol, level):
    return {"gene_data": {"hgnc_id": hgnc, "gene_symbol": symbol}, "confidence_level": level}


PANEL_APP = {
    "id": 402,
    "name": "Early onset epilepsy",
    "version": "4.11",
    "version_created": "2024-01-31T10:00:00Z",
    "genes": [gene("HGNC:100", "OLD1", "3"), gene("HGNC:200", "BBB", "2"), gene("HGNC:300", "CCC", "1")],
}


def imported(tmp_path, text, *options):
    (tmp_path / "models.gff3").write_text(GFF)
    (tmp_path / "panel").write_text(text)
    output = tmp_path / "list.txt"
    import_panel.main([f"{tmp_path}/panel", "--genes", f"{tmp_path}/models.gff3", "-o", str(output), *options])
    return output


def test_hgnc_ids_are_read_as_every_source_of_gene_models_writes_them(tmp_path):
    """MUT is MMUT today; Ensembl's models of GRCh37 have the bare number."""
    (tmp_path / "models.gff3").write_text(GFF)
    numbers, symbols = hgnc_symbols(tmp_path / "models.gff3")
    assert numbers == {100: "NEW1", 200: "BBB", 300: "CCC", 7526: "MUT"} and "DDD" in symbols


def test_hgnc_ids_of_a_scout_panel_become_symbols_of_the_gene_models(tmp_path, capsys):
    output = imported(tmp_path, SCOUT)
    assert read_gene_list(output) == {"NEW1", "CCC", "DDD"}
    assert panel_facts(output) == {"name": "Epilepsy", "version": "4.2", "source": "file panel", "missing": "GONE1"}
    said = capsys.readouterr()
    assert "GONE1" in said.err and said.out.endswith("list.txt: Epilepsy, version 4.2, 3 genes\n")


@pytest.mark.parametrize(
    ("options", "genes", "levels"),
    [
        ((), {"NEW1"}, "green"),
        (("--confidence", "amber"), {"NEW1", "BBB"}, "green, amber"),
        (("--confidence", "red"), {"NEW1", "BBB", "CCC"}, "green, amber, red"),
    ],
)
def test_genes_of_a_panelapp_panel_by_confidence(tmp_path, options, genes, levels):
    output = imported(tmp_path, json.dumps(PANEL_APP), *options)
    assert read_gene_list(output) == genes
    facts = panel_facts(output)
    assert (facts["name"], facts["version"]) == ("Early onset epilepsy", "4.11")
    assert facts["source"] == f"PanelApp panel 402 of 2024-01-31, {levels} genes"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SCN1A\nKCNQ2\n", "no column hgnc_id"),
        ("#hgnc_id\n100\n", "##version="),
        ("##version=1\n#hgnc_id\nSCN1A\n", "hgnc_id 'SCN1A', which is not a number"),
        ("##version=1\n#hgnc_id\n999\n", "no gene that"),
        ("##version=1\n#hgnc_id\n", "names no genes"),
        (json.dumps({**PANEL_APP, "genes": [gene("HGNC:100", "OLD1", "1")]}), "nothing of confidence green"),
        ('{"count": 1, "results": []}', "not a panel as PanelApp"),
        ("{", "not a panel as PanelApp"),
    ],
)
def test_what_is_no_panel_is_refused(tmp_path, text, reason):
    with pytest.raises(UnusablePanel, match=reason):
        imported(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "reason"), [(None, "does not exist"), ('1\te\tCDS\t1\t9\t.\t+\t0\tgene_id "A"\n', "GTF")]
)
def test_gene_models_that_cannot_be_used_are_refused(tmp_path, text, reason):
    (tmp_path / "panel").write_text(SCOUT)
    if text:
        (tmp_path / "models.gff3").write_text(text)
    with pytest.raises(UnusableOption, match=reason):
        import_panel.main([f"{tmp_path}/panel", "--genes", f"{tmp_path}/models.gff3", "-o", f"{tmp_path}/list.txt"])


def entry(name, level="3", **more):
    return {"entity_name": name, "confidence_level": level, **more}


def region(name, **more):
    place = {"chromosome": "15", "grch37_coordinates": None, "grch38_coordinates": [22782170, 28134728]}
    more = {"type_of_variants": "cnv_loss", "required_overlap_percentage": 60, **more}
    return entry(name, **place, gene_data=None) | more


STRS = [
    entry("FXN_GAA", gene_data={"hgnc_id": "HGNC:3951", "gene_symbol": "FXN"}),
    entry("HTT_CAG", "1", gene_data={"hgnc_id": "HGNC:4851", "gene_symbol": "HTT"}),
    entry("ZZZ_CAG", gene_data={"hgnc_id": None, "gene_symbol": "ZZZ"}),
]
REGIONS = [
    region("ISCA-37404-Loss", grch37_coordinates=[23027317, 28379874]),
    region("ISCA-0-Gain", type_of_variants="cnv_gain", required_overlap_percentage=0),
    region("ISCA-1", grch38_coordinates=None),
    region("ISCA-2", type_of_variants="small"),
    region("ISCA-3", confidence_level="1"),
]


def test_repeats_and_regions_of_a_panelapp_panel(tmp_path, capsys):
    output = imported(tmp_path, json.dumps(PANEL_APP | {"strs": STRS, "regions": REGIONS}))
    said = capsys.readouterr()
    assert said.out.endswith("Early onset epilepsy, version 4.11, 1 gene, 1 repeat, 2 regions\n")
    assert "repeats that the catalogue lacks, so not looked for: ZZZ_CAG (1)" in said.err
    assert "or of small variants, so not in the list: ISCA-1, ISCA-2 (2)" in said.err
    assert panel_facts(output)["missing"] == "ISCA-1, ISCA-2, ZZZ_CAG"
    assert read_gene_list(output) == {"NEW1"} and read_events(None, "GRCh38") == Events()
    found = read_events(output, "GRCh38")
    assert found.repeats == {"FXN"}
    assert found.regions == (
        Region("GRCh38", "15", 22782170, 28134728, "loss", 60),
        Region("GRCh38", "15", 22782170, 28134728, "gain", 0),
    )
    assert [one.start for one in read_events(output, "GRCh37").regions] == [23027317]
    assert read_events(output, None).regions == ()


def test_a_panel_of_regions_and_repeats_alone(tmp_path, capsys):
    output = imported(tmp_path, json.dumps(PANEL_APP | {"genes": [], "strs": STRS[:1], "regions": REGIONS[:1]}))
    assert capsys.readouterr().out.endswith("4.11, 1 repeat, 1 region\n") and list_problem(output) is None
    assert panel_facts(output)["source"] == "PanelApp panel 402 of 2024-01-31, green entries"
    found = read_events(output, "GRCh38")
    assert (read_gene_list(output), found.repeats, len(found.regions)) == (frozenset(), {"FXN"}, 1)


def test_repeats_of_the_table_of_the_centre_are_imported(tmp_path, capsys):
    (tmp_path / "own.tsv").write_text("\t".join(COLUMNS) + "\n" + "\t".join(["ZZZ_CAG", *"." * 8]) + "\n")
    panel = json.dumps(PANEL_APP | {"strs": STRS})
    output = imported(tmp_path, panel, "--repeats", f"{tmp_path}/own.tsv")
    assert read_events(output, None).repeats == {"ZZZ"}
    assert "lacks, so not looked for: FXN_GAA (1)" in capsys.readouterr().err
    (tmp_path / "other.tsv").write_text("locus\nFXN\n")
    (tmp_path / "again").mkdir()
    with pytest.raises(UnusableCatalogue, match="lacks gene"):
        imported(tmp_path / "again", panel, "--repeats", f"{tmp_path}/other.tsv")
    with pytest.raises(UnusableOption, match="does not exist"):
        imported(tmp_path / "again", panel, "--repeats", f"{tmp_path}/none.tsv")


@pytest.mark.parametrize(
    ("chrom", "start", "end", "svtype", "is_hit"),
    [
        ("chr15", 1_000, 2_000, "DEL", True),
        ("15", 1_400, 9_000, "DEL", True),  # 601 of 1001 bases
        ("chr15", 1_401, 9_000, "DEL", False),
        ("chr15", 900, 2_100, "DUP", False),
        ("chr15", 900, 2_100, "INV", False),
        ("chr1", 1_000, 2_000, "DEL", False),
        ("chr15", 3_000, 4_000, "DEL", False),
    ],
)
def test_an_event_takes_enough_of_a_region(chrom, start, end, svtype, is_hit):
    region = Region("GRCh38", "15", 1_000, 2_000, "loss", 60)
    assert region.is_hit(chrom, start, end, svtype) is is_hit
    info = {"SVTYPE": svtype, "END": str(end)}
    assert Events(regions=(region,)).has(chrom, start - 1, info) is is_hit
    assert not Events().has(chrom, start - 1, info)


def test_a_line_that_is_neither_gene_nor_repeat_nor_region_is_refused(tmp_path):
    (tmp_path / "list.txt").write_text("SCN1A\nregion:chr15:1-2\n")
    with pytest.raises(UnusableGeneList, match="has 'region:chr15:1-2', which is not a gene"):
        read_gene_list(tmp_path / "list.txt")


def test_a_plain_list_names_no_panel(tmp_path):
    (tmp_path / "list.txt").write_text("# epilepsy\nSCN1A # sodium\n")
    assert panel_facts(tmp_path / "list.txt") is None and panel_facts(None) is None
