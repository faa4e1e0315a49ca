import json

import pytest

from gms.commands.sheets import import_panel
from gms.commands.sheets.import_sheet import UnusableOption
from gms.genome.gene_list import panel_facts, read_gene_list
from gms.ranking.panels import UnusablePanel

GFF = """##gff-version 3
1\te\tgene\t1\t9\t.\t+\t.\tID=gene:ENSG1;Name=NEW1;description=one [Source:HGNC Symbol%3BAcc:HGNC:100]
1\te\tgene\t1\t9\t.\t+\t.\tID=gene-B;Dbxref=GeneID:7,HGNC:HGNC:200;Name=BBB
1\te\tgene\t1\t9\t.\t+\t.\tID=C;gene_name=CCC;hgnc_id=HGNC:300
1\te\tgene\t1\t9\t.\t+\t.\tID=D;Name=DDD
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
        ("##version=1\n#hgnc_id\nSCN1A\n", "hgnc_id 'SCN1A', which is no number"),
        ("##version=1\n#hgnc_id\n999\n", "no gene that"),
        ("##version=1\n#hgnc_id\n", "names no genes"),
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


def test_a_plain_list_names_no_panel(tmp_path):
    (tmp_path / "list.txt").write_text("# epilepsy\nSCN1A # sodium\n")
    assert panel_facts(tmp_path / "list.txt") is None and panel_facts(None) is None
